/** Huobi trades (until about 2021): one fill a line, the fee with its coin behind it, no ids. The zone is not stated. */
import { pairOfSymbol, symbolOf } from '../../../../shared/market/symbols';
import type { Format } from '../format';
import { isoReader } from '../times';
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
    if (sample.kind !== 'delimited' || sample.header.length !== columns.length) return null;
    if (columns.some((name, index) => sample.header[index] !== name)) return null;
    return { confidence: 0.99, reason: "the eight columns of Huobi's trades export" };
  },
  reader: {
    shape: 'delimited',
    open(_, context) {
      const iso = isoReader(zoneChoice(context, null));
      const check = new RowCheck();
      const symbolOfName = cachedSymbols(symbolOf);
      return ({ cells }) => {
        check.reset();
        const symbol = symbolOfName(check.requiredText('Pair', cells[2]));
        const pair = pairOfSymbol(symbol);
        const fee = check.amountWithUnit('Fee', cells[7], pair === null ? [] : [pair.base, pair.quote]);
        const fill = execution({
          venue: 'htx',
          symbol,
          side: check.side('Side', cells[3]),
          price: check.positive('Price', cells[4]),
          quantity: check.positive('Amount', cells[5]),
          fee: fee?.value ?? null,
          feeCurrency: fee?.unit ?? null,
          executedAtUs: check.requiredTime('Time', cells[0], iso),
        });
        return check.problem === null
          ? { kind: 'executions', executions: [fill] }
          : check.quarantine(symbol, fill.executedAtUs);
      };
    },
  },
};
