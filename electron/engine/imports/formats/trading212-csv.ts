/** Trading 212's history: one line an order filled, among deposits, dividends and corporate actions. Fee columns are there only when used. */
import type { Format } from '../format';
import { isoReader } from '../times';
import { majorCurrency } from './broker';
import { absentColumn, columnIndex, hasColumns } from './header';
import { execution, otherRow, quoted, RowCheck } from './row';
import { zoneChoice } from './zones';

const needed = ['action', 'time', 'isin', 'ticker', 'no. of shares', 'price / share', 'currency (price / share)'];

const feeNames = [
  ...['currency conversion fee', 'stamp duty reserve tax', 'stamp duty', 'transaction fee', 'finra fee', 'ptm levy'],
  ...['french transaction tax', 'italian transaction tax', 'spanish transaction tax'],
];

const otherActions = new Set([
  ...['deposit', 'withdrawal', 'interest on cash', 'lending interest', 'currency conversion', 'result adjustment'],
  ...['stock distribution', 'custom stock distribution', 'transfer in', 'transfer out', 'stock split open'],
  ...[
    'stock split close',
    'stock split',
    'spin-off',
    'card debit',
    'card credit',
    'new card cost',
    'spending cashback',
  ],
  ...['interest on cash collateral', 'dividend adjustment'],
]);

export const trading212Csv: Format = {
  id: 'trading212-csv',
  title: 'Trading 212 history',
  describes:
    'Buys and sells of any order type are fills with their id; deposits, dividends, interest, transfers and splits are counted. Prices in pence are read as pounds; fees are summed over their columns, and zero only where the total proves it.',
  kind: 'executions',
  exampleHeader:
    'Action,Time,ISIN,Ticker,Name,No. of shares,Price / share,Currency (Price / share),Exchange rate,Result,Currency (Result),Total,Currency (Total),Withholding tax,Currency (Withholding tax),Notes,ID,Currency conversion fee,Currency (Currency conversion fee)',
  exampleRows: [
    'Limit sell,2024-02-03 14:30:03.613,US0000000000,XYZ,"Example",2.5,40.00,USD,1.25000,3.00,"EUR",79.88,"EUR",,,,EOF1,0.12,EUR',
    'Deposit,2024-02-02 11:45:06.326,,,,,,,,,,31.00,"EUR",,,"Transaction ID: A",a-1,,',
  ],
  reference: { otherRows: [...otherActions, 'dividend'] },
  impliedSource: 'live',
  recognise(sample) {
    if (sample.kind !== 'delimited' || !hasColumns(sample.header, needed)) return null;
    return { confidence: 0.99, reason: "header of Trading 212's history, with Price / share" };
  },
  reader: {
    shape: 'delimited',
    open(header, context) {
      const at = (name: string): number => columnIndex(header, name);
      const [action, time, isin, ticker, id] = [at('action'), at('time'), at('isin'), at('ticker'), at('id')];
      const [shares, priceAt, priceCurrency] = [
        at('no. of shares'),
        at('price / share'),
        at('currency (price / share)'),
      ];
      const [rateAt, totalAt, totalCurrency] = [at('exchange rate'), at('total'), at('currency (total)')];
      const fees = feeNames.flatMap((name) => {
        const own = columnIndex(header, name);
        if (own !== absentColumn)
          return { name, amount: own, currency: columnIndex(header, `currency (${name})`), fixed: null };
        // Older files have the currency in the name of the column: `Stamp duty (GBP)`.
        const dated = header.findIndex((column) => column.startsWith(`${name} (`));
        const fixed = /\(([a-z]{3})\)$/.exec(header[dated] ?? '')?.[1]?.toUpperCase();
        return fixed === undefined ? [] : { name, amount: dated, currency: absentColumn, fixed };
      });
      const iso = isoReader(zoneChoice(context, null));
      const check = new RowCheck();
      return ({ cells }) => {
        check.reset();
        const word = check.requiredText('Action', cells[action]).toLowerCase();
        if (word.startsWith('dividend')) return otherRow('dividend');
        if (otherActions.has(word)) return otherRow(word);
        const said = /\b(buy|sell)$/.exec(word)?.[1];
        if (said === undefined) check.refuse(`Action is ${quoted(cells[action])}, which is unknown`);
        const symbol = check.text('Ticker', cells[ticker]) ?? check.requiredText('ISIN', cells[isin]);
        const executedAtUs = check.requiredTime('Time', cells[time], iso);
        const quantity = check.positive('No. of shares', cells[shares]);
        const stated = check.positive('Price / share', cells[priceAt]);
        const currency = check.requiredText('Currency (Price / share)', cells[priceCurrency]);
        const major = majorCurrency(currency);
        if (major.scale !== 1) context.warn(`Prices in ${currency} are read in ${major.currency}.`);
        let charged: number | null = null;
        let feeCurrency: string | null = null;
        for (const { name, amount, currency: currencyAt, fixed } of fees) {
          const fee = check.number(name, cells[amount]);
          if (fee === null) continue;
          const own = fixed ?? check.text(`Currency (${name})`, cells[currencyAt]);
          if (feeCurrency !== null && own !== feeCurrency)
            check.refuse(`its fees are in ${feeCurrency} and in ${own}, which cannot be added`);
          feeCurrency = own;
          charged = (charged ?? 0) + fee;
        }
        // The rate is what one unit of the account's currency costs, in pence where the price is.
        const rate = check.number('Exchange rate', cells[rateAt]) ?? 1;
        const total = check.number('Total', cells[totalAt]);
        if (charged === null && total !== null && rate > 0) {
          const worth = (quantity * stated) / rate;
          if (Math.abs(Math.abs(total) - worth) <= Math.max(0.011, 0.0005 * worth)) {
            charged = 0;
            feeCurrency = check.text('Currency (Total)', cells[totalCurrency]);
          }
        }
        if (check.problem !== null) return check.quarantine(symbol, executedAtUs);
        const fill = execution({
          venue: 'trading212',
          ...{ symbol, side: said === 'sell' ? 'sell' : 'buy', price: stated * major.scale, quantity },
          ...{ fee: charged, feeCurrency, executedAtUs, tradeId: check.text('ID', cells[id]) },
        });
        return check.problem === null
          ? { kind: 'executions', executions: [fill] }
          : check.quarantine(symbol, executedAtUs);
      };
    },
  },
};
