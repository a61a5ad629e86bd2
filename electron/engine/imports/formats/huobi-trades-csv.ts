/** Huobi trades (until about 2021): one fill a line, the fee with its coin behind it, no ids. The zone is not stated. */
import { pairOfSymbol, symbolOf } from '../../../../shared/market/symbols';
import type { Format } from '../format';
import { isoReader } from '../times';
import { columnIndex, hasColumns, normaliseHeader } from './header';
import { cachedSymbols, execution, RowCheck } from './row';
import { zoneChoice } from './zones';

const columns = ['time', 'type', 'pair', 'side', 'price', 'amount', 'total', 'fee'];

export const huobiTradesCsv: Format = {
  id: 'huobi-trades-csv',
  title: 'Huobi trades',
  describes:
    'Every line is a fill; Total is rounded and not read. The file has no ids and does not tell maker from taker.',
  kind: 'executions',
  exampleHeader: '"Time","Type","Pair","Side","Price","Amount","Total","Fee"',
  exampleRows: ['2020-02-03 04:05:06,Exchange,ETH/BTC,Buy,0.02,12.5,0.25,0.025ETH,'],
  impliedSource: 'live',
  recognise(sample) {
    if (sample.kind !== 'delimited' || !hasColumns(sample.header, columns)) return null;
    // Words of every log: with others beside them the file may be another's.
    return sample.header.length === columns.length
      ? { confidence: 0.99, reason: "the eight columns of Huobi's trades export" }
      : { confidence: 0.7, reason: "the columns of Huobi's trades export, and others" };
  },
  reader: {
    shape: 'delimited',
    open(rawHeader, context) {
      const header = normaliseHeader(rawHeader);
      const [time, , pairAt, side, price, amount, , feeAt] = columns.map((name) => columnIndex(header, name)) as [
        ...[number, number, number, number, number, number, number, number], // one index for each name
      ];
      const iso = isoReader(zoneChoice(context, null));
      const check = new RowCheck();
      const symbolOfName = cachedSymbols(symbolOf);
      return ({ cells }) => {
        check.reset();
        const symbol = symbolOfName(check.requiredText('Pair', cells[pairAt]));
        const pair = pairOfSymbol(symbol);
        const fee = check.amountWithUnit('Fee', cells[feeAt], pair === null ? [] : [pair.base, pair.quote]);
        const fill = execution({
          venue: 'htx',
          symbol,
          side: check.side('Side', cells[side]),
          price: check.positive('Price', cells[price]),
          quantity: check.positive('Amount', cells[amount]),
          fee: fee?.value ?? null,
          feeCurrency: fee?.unit ?? null,
          executedAtUs: check.requiredTime('Time', cells[time], iso),
        });
        return check.problem === null
          ? { kind: 'executions', executions: [fill] }
          : check.quarantine(symbol, fill.executedAtUs);
      };
    },
  },
};
