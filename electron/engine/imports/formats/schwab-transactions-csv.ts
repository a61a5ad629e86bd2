/** Charles Schwab's transaction history: trades of the day among dividends, transfers and splits; dates are American, money has its sign. */
import type { Side } from '../../../../shared/market/executions';
import type { Format } from '../format';
import { patternReader } from '../times';
import { unitsOfContract, warnOfDays } from './broker';
import { columnIndex, hasColumns } from './header';
import { execution, otherRow, quoted, RowCheck } from './row';
import { zoneChoice } from './zones';

const needed = ['date', 'action', 'symbol', 'quantity', 'price', 'fees & comm', 'amount'];

const sides: ReadonlyMap<string, Side> = new Map<string, Side>([
  ...['buy', 'buy to open', 'buy to close', 'buy to cover', 'reinvest shares'].map((word): [string, Side] => [
    word,
    'buy',
  ]),
  ...['sell', 'sell short', 'sell to open', 'sell to close'].map((word): [string, Side] => [word, 'sell']),
]);

const otherActions = new Set([
  ...['reinvest dividend', 'qual div reinvest', 'pr yr div reinvest', 'long term cap gain reinvest'],
  ...['short term cap gain reinvest', 'cash dividend', 'qualified dividend', 'non-qualified div', 'special dividend'],
  ...['special non qual div', 'special qual div', 'pr yr cash div', 'pr yr non-qual div', 'long term cap gain'],
  ...[
    'short term cap gain',
    'return of capital',
    'stock div dist',
    'bank interest',
    'credit interest',
    'bond interest',
  ],
  ...[
    'margin interest',
    'service fee',
    'misc cash entry',
    'misc credits',
    'adr mgmt fee',
    'foreign tax paid',
    'advisor fee',
  ],
  ...['wire sent', 'wire received', 'wire funds', 'wire funds received', 'moneylink transfer', 'moneylink deposit'],
  ...['internal transfer', 'journal', 'journaled shares', 'security transfer', 'funds received', 'funds paid'],
  ...['stock split', 'reverse split', 'spin-off', 'stock merger', 'cash/stock merger', 'cash merger', 'name change'],
  ...[
    'conversion',
    'cash in lieu',
    'expired',
    'assigned',
    'exchange or exercise',
    'stock plan activity',
    'full redemption',
  ],
]);

export const schwabTransactionsCsv: Format = {
  id: 'schwab-transactions-csv',
  title: 'Charles Schwab transactions',
  describes:
    'Purchases, sales and reinvested dividends are fills of their day; dividends, interest, transfers, splits and mergers are counted by their action. No ids and no times of the day; options count in units, as many as the amount says.',
  kind: 'executions',
  exampleHeader: 'Date,Action,Symbol,Description,Quantity,Price,Fees & Comm,Amount',
  exampleRows: [
    '"03/15/2024","Sell","XYZ","EXAMPLE CORP","1,250","$40.50","$4.95","$50,620.05"',
    '"03/14/2024","Cash Dividend","XYZ","EXAMPLE CORP","","","","$12.00"',
  ],
  reference: { otherRows: [...otherActions, 'total'] },
  impliedSource: 'live',
  recognise(sample) {
    if (sample.kind !== 'delimited' || !hasColumns(sample.header, needed)) return null;
    return { confidence: 0.98, reason: "header of Schwab's transaction history, with Fees & Comm" };
  },
  reader: {
    shape: 'delimited',
    open(header, context) {
      const at = (name: string): number => columnIndex(header, name);
      const [date, action, symbolAt, quantityAt] = [at('date'), at('action'), at('symbol'), at('quantity')];
      const [priceAt, feeAt, amountAt] = [at('price'), at('fees & comm'), at('amount')];
      const day = patternReader('MM/DD/YYYY', zoneChoice(context, null));
      if (day === null) throw new Error('the pattern of the day has no date');
      const check = new RowCheck();
      return ({ cells }) => {
        check.reset();
        if (/^transactions? total/i.test(cells[date] ?? '')) return otherRow('total');
        const word = check.requiredText('Action', cells[action]).toLowerCase();
        if (otherActions.has(word)) return otherRow(word);
        const side = sides.get(word);
        if (side === undefined) check.refuse(`Action is ${quoted(cells[action])}, which is unknown`);
        const symbol = check.requiredText('Symbol', cells[symbolAt]);
        // The first date is when it was booked, the second when it was done.
        const done = /\bas of\s+(\S+)/i.exec(cells[date] ?? '')?.[1] ?? cells[date];
        const executedAtUs = check.requiredTime('Date', done, day);
        const price = check.positive('Price', cells[priceAt]);
        const quantity = Math.abs(check.requiredNumber('Quantity', cells[quantityAt]));
        if (quantity === 0) check.refuse('Quantity is zero');
        const fee = check.number('Fees & Comm', cells[feeAt]) ?? 0;
        const amount = check.requiredNumber('Amount', cells[amountAt]);
        if (side !== undefined && amount > 0 !== (side === 'sell'))
          check.refuse(`Amount is ${quoted(cells[amountAt])}, which is not what a ${side} does`);
        const units = unitsOfContract(price, quantity, side === 'sell' ? amount + fee : -amount - fee);
        if (Number.isNaN(units))
          check.refuse(`Amount is ${quoted(cells[amountAt])}, but price times quantity is ${price * quantity}`);
        if (check.problem !== null || side === undefined) return check.quarantine(symbol, executedAtUs);
        warnOfDays(context);
        const fill = execution({
          ...{ venue: 'schwab', symbol, side, price, quantity: quantity * units, executedAtUs },
          // An empty cell says that nothing was charged: the amount is price times quantity to the cent.
          ...{ fee, feeCurrency: 'USD' },
        });
        return { kind: 'executions', executions: [fill] };
      };
    },
  },
};
