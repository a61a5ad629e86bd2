/**
 * OKX's trading bill: two lines per spot fill, one for each balance that changed. `Amount` is in the coin of the balance and `Action`
 * is the direction of that line; the line of the base says what was traded.
 */
import { pairOfSymbol, symbolOf } from '../../../../shared/market/symbols';
import type { Format, RowOutcome } from '../format';
import { parseNumber } from '../numbers';
import { isoReader } from '../times';
import { RunningBalances } from './balances';
import { columnIndex, hasColumns, normaliseHeader } from './header';
import { type BalanceChange, fillsOfPricedLegs, LegGroups } from './legs';
import { execution, otherRow, quoted, RowCheck } from './row';
import { zoneChoice } from './zones';

const needed = [
  'id',
  'order id',
  'time',
  'trade type',
  'symbol',
  'action',
  'amount',
  'filled price',
  'fee',
  'balance unit',
];

interface Leg extends BalanceChange {
  readonly id: string;
  readonly orderId: string | null;
  readonly symbol: string;
  readonly price: number;
  readonly atUs: number;
}

export const okxTradingBillCsv: Format = {
  id: 'okx-trading-bill-csv',
  title: 'OKX trading bill',
  describes:
    'Two lines of an order with one time and price are a spot fill; transfers are counted; each balance is compared with the lines before it. Lines of futures, swaps and options go to quarantine. The file has no trade ids and does not tell maker from taker; the zone of the times is not stated.',
  kind: 'executions',
  exampleHeader:
    'id,Order id,Time,Trade Type,Symbol,Action,Amount,Trading Unit,Filled Price,Filled Price Unit,PnL,Fee,Fee Unit,Position Change,Position Balance,Position Unit,Balance Change,Balance,Balance Unit',
  exampleRows: [
    '12,o1,2023-02-03 04:05:06,Spot,ETH-USDT,Sell,1000,ETH,2000,USDT,0E-8,0E-8,USDT,0E-8,0E-8,USDT,-1000,0,USDT',
    '11,o1,2023-02-03 04:05:06,Spot,ETH-USDT,Buy,0.5,ETH,2000,USDT,0E-8,-0.0005,ETH,0E-8,0E-8,ETH,0.4995,0.4995,ETH',
  ],
  reference: { otherRows: ['transfer'] },
  impliedSource: 'live',
  recognise(sample) {
    if (sample.kind !== 'delimited' || !hasColumns(sample.header, needed)) return null;
    return { confidence: 0.99, reason: "header of OKX's trading bill with Trading Unit and Balance Unit" };
  },
  reader: {
    shape: 'delimited',
    open(rawHeader, context) {
      const header = normaliseHeader(rawHeader);
      const at = (name: string): number => columnIndex(header, name);
      const [id, orderId, time, type] = [at('id'), at('order id'), at('time'), at('trade type')];
      const [symbolAt, action, amount, price] = [at('symbol'), at('action'), at('amount'), at('filled price')];
      const [fee, feeUnit, unit] = [at('fee'), at('fee unit'), at('balance unit')];
      const [change, balance] = [at('balance change'), at('balance')];
      const iso = isoReader(zoneChoice(context, null));
      const check = new RowCheck();

      const settle = (legs: readonly Leg[]): readonly RowOutcome[] => {
        const { symbol, price, atUs, orderId } = legs[0]!;
        // Ids count up with the fills; the longer id is the larger.
        const order = legs.map((_, index) => index);
        order.sort((left, right) => compareIds(legs[left]!.id, legs[right]!.id));
        return fillsOfPricedLegs({ legs, order, symbol, price, atUs }, ({ side, quantity, fee, feeCurrency }) =>
          execution({ venue: 'okx', symbol, side, price, quantity, fee, feeCurrency, executedAtUs: atUs, orderId }),
        );
      };

      const balances = new RunningBalances(context);
      const groups = new LegGroups(settle);
      return ({ cells, line }) => {
        check.reset();
        const kind = check.requiredText('Trade Type', cells[type]).toLowerCase();
        const word = check.requiredText('Action', cells[action]).toLowerCase();
        const asset = check.requiredText('Balance Unit', cells[unit]).toUpperCase();
        const executedAtUs = check.requiredTime('Time', cells[time], iso);
        const [moved, after] = [parseNumber(cells[change] ?? ''), parseNumber(cells[balance] ?? '')];
        balances.line(asset, moved ?? Number.NaN, after, executedAtUs, line);
        if (word.startsWith('transfer')) return otherRow('transfer');
        const symbol = symbolOf(check.requiredText('Symbol', cells[symbolAt]));
        if (kind !== 'spot')
          check.refuse(`Trade Type is ${quoted(cells[type])}, but only Spot is two balances changing`);
        const pair = pairOfSymbol(symbol);
        if (pair === null) check.refuse(`Symbol is ${quoted(cells[symbolAt])}, which is no pair`);
        const charge = check.number('Fee', cells[fee]) ?? 0;
        const charged = check.text('Fee Unit', cells[feeUnit])?.toUpperCase() ?? asset;
        if (charged !== asset) check.refuse(`Fee Unit is ${quoted(charged)}, but Balance Unit is ${quoted(asset)}`);
        const quantity = check.positive('Amount', cells[amount]);
        const leg: Leg = {
          asset,
          amount: check.side('Action', cells[action]) === 'buy' ? quantity : -quantity,
          fee: 0 - charge,
          id: check.requiredText('id', cells[id]),
          orderId: check.text('Order id', cells[orderId]),
          symbol,
          price: check.positive('Filled Price', cells[price]),
          atUs: executedAtUs,
        };
        if (check.problem !== null) return check.quarantine(symbol, executedAtUs);
        return groups.hold(JSON.stringify([leg.orderId, symbol, leg.atUs, leg.price]), leg);
      };
    },
  },
};

function compareIds(left: string, right: string): number {
  if (left.length !== right.length) return left.length - right.length;
  return left < right ? -1 : left > right ? 1 : 0;
}
