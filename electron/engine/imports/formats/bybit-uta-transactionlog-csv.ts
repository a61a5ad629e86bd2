/**
 * Bybit's transaction log of unified accounts: two lines per spot fill, one for each coin, in any order, times UTC to the second.
 * There are no trade ids: lines with one time, contract and price belong together.
 */
import { pairOfSymbol, symbolOf } from '../../../../shared/market/symbols';
import type { Format, RowOutcome } from '../format';
import { parseNumber } from '../numbers';
import { isoReader, utcZone } from '../times';
import { RunningBalances } from './balances';
import { columnIndex, hasColumns, normaliseHeader } from './header';
import { type BalanceChange, fillsOfPricedLegs, LegGroups } from './legs';
import { execution, otherRow, quoted, RowCheck } from './row';
import { zoneChoice } from './zones';

const needed = [
  'currency',
  'contract',
  'type',
  'direction',
  'quantity',
  'filled price',
  'fee paid',
  'cash flow',
  'change',
];
const otherTypes = new Set([
  ...['transfer_in', 'transfer_out', 'settlement', 'delivery', 'bonus', 'interest', 'airdrop', 'fee_refund'],
  ...['currency_buy', 'currency_sell', 'borrowed_amount_ins_loan', 'principle_repayment_ins_loan', 'auto_deduction'],
]);

interface Leg extends BalanceChange {
  readonly account: string | null;
  readonly symbol: string;
  readonly price: number;
  readonly atUs: number;
}

export const bybitUtaTransactionlogCsv: Format = {
  id: 'bybit-uta-transactionlog-csv',
  title: 'Bybit transaction log (unified account)',
  describes:
    'Two lines of type TRADE with one time, contract and price are a spot fill; transfers, funding and interest are counted; each wallet balance is compared with the lines before it. Trades of derivatives, which change one coin, go to quarantine. No ids, no maker or taker; fills of one second and price are told apart by their amounts only.',
  kind: 'executions',
  exampleHeader:
    'Uid,Currency,Contract,Type,Direction,Quantity,Position,Filled Price,Funding,Fee Paid,Cash Flow,Change,Wallet Balance,Action,Time(UTC)',
  exampleRows: [
    '7,USDT,ETHUSDT,TRADE,BUY,-1000,0,2000,0,0,-1000,-1000,0,--,2024-02-03 04:05:06',
    '7,ETH,ETHUSDT,TRADE,BUY,0.5,0,2000,0,-0.0005,0.5,0.4995,0,--,2024-02-03 04:05:06',
    '7,USDT,,TRANSFER_IN,--,0,0,0,0,0,17,17,17,--,2024-02-03 04:05:06',
  ],
  reference: { otherRows: [...otherTypes] },
  impliedSource: 'live',
  recognise(sample) {
    if (sample.kind !== 'delimited' || !hasColumns(sample.header, needed)) return null;
    if (!sample.header.some((name) => name.startsWith('time(utc'))) return null;
    return { confidence: 0.99, reason: "header of Bybit's transaction log with Cash Flow and Wallet Balance" };
  },
  reader: {
    shape: 'delimited',
    open(rawHeader, context) {
      const header = normaliseHeader(rawHeader);
      const at = (name: string): number => columnIndex(header, name);
      const [uid, currency, contract, type] = [at('uid'), at('currency'), at('contract'), at('type')];
      const [price, fee, cashFlow] = [at('filled price'), at('fee paid'), at('cash flow')];
      const [change, balance] = [at('change'), at('wallet balance')];
      const time = header.findIndex((name) => name.startsWith('time(utc'));
      const iso = isoReader(zoneChoice(context, utcZone));
      const check = new RowCheck();

      const settle = (legs: readonly Leg[]): readonly RowOutcome[] => {
        const { account, symbol, price, atUs } = legs[0]!;
        const order = legs.map((_, index) => index);
        return fillsOfPricedLegs({ legs, order, symbol, price, atUs }, ({ side, quantity, fee, feeCurrency }) =>
          execution({
            ...{ venue: 'bybit', account, symbol, side, price, quantity, fee, feeCurrency, executedAtUs: atUs },
          }),
        );
      };

      const balances = new RunningBalances(context);
      const groups = new LegGroups(settle);
      return ({ cells, line }) => {
        check.reset();
        const word = check.requiredText('Type', cells[type]).toLowerCase();
        const asset = check.requiredText('Currency', cells[currency]).toUpperCase();
        const atUs = check.requiredTime('Time(UTC)', cells[time], iso);
        const [moved, after] = [parseNumber(cells[change] ?? ''), parseNumber(cells[balance] ?? '')];
        balances.line(asset, moved ?? Number.NaN, after, atUs, line);
        if (otherTypes.has(word)) return otherRow(word);
        if (word !== 'trade') check.refuse(`Type is ${quoted(cells[type])}, which is unknown`);
        const symbol = symbolOf(check.requiredText('Contract', cells[contract]));
        if (pairOfSymbol(symbol) === null) check.refuse(`Contract is ${quoted(cells[contract])}, which is no pair`);
        const leg: Leg = {
          account: check.text('Uid', cells[uid]),
          asset,
          amount: check.requiredNumber('Cash Flow', cells[cashFlow]),
          fee: 0 - (check.number('Fee Paid', cells[fee]) ?? 0),
          symbol,
          price: check.positive('Filled Price', cells[price]),
          atUs,
        };
        if (check.problem !== null) return check.quarantine(symbol, leg.atUs);
        return groups.hold(JSON.stringify([leg.account, symbol, leg.atUs, leg.price]), leg);
      };
    },
  },
};
