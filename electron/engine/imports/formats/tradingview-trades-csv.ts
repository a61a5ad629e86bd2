/**
 * TradingView's list of trades: two lines per trade, exit and entry, each a fill. Times are those of the chart, whose zone the file
 * does not state, to the minute; the instrument is not named; profit is net of a commission that is not shown.
 */
import type { Side } from '../../../../shared/market/executions';
import { pairOfSymbol } from '../../../../shared/market/symbols';
import type { DelimitedSample, Format, FormatReader } from '../format';
import { decimalMarkOf } from '../numbers';
import { columnTimeReader, symbolOfUser } from './columns';
import { columnIndex, hasColumns, missingColumns, normaliseHeader } from './header';
import { execution, otherRow, quoted, RowCheck } from './row';
import { zoneChoice } from './zones';

const tradeNumberNames = ['trade #', 'trade number'];
const quantityNames = ['size (qty)', 'position size (qty)', 'contracts', 'quantity', 'qty'];

/** What the words of the column Type do to the position. */
const actions: ReadonlyMap<string, { readonly side: Side; readonly isExit: boolean }> = new Map([
  ['entry long', { side: 'buy', isExit: false }],
  ['exit long', { side: 'sell', isExit: true }],
  ['entry short', { side: 'sell', isExit: false }],
  ['exit short', { side: 'buy', isExit: true }],
]);

function isList(sample: DelimitedSample, timeName: string): boolean {
  const { header } = sample;
  return (
    tradeNumberNames.some((name) => header.includes(name)) &&
    hasColumns(header, ['type', 'signal', timeName]) &&
    header.some((name) => /^price\b/.test(name)) &&
    quantityNames.some((name) => header.includes(name))
  );
}

const reader: FormatReader = {
  shape: 'delimited',
  open(rawHeader, context, sample) {
    const header = normaliseHeader(rawHeader);
    const symbol = symbolOfUser(context);
    const [type, signal] = [columnIndex(header, 'type'), columnIndex(header, 'signal')];
    const time = columnIndex(header, 'date and time', 'date/time');
    const price = header.findIndex((name) => /^price\b/.test(name));
    const quantity = columnIndex(header, ...quantityNames);
    if (price === -1) throw missingColumns('tradingview-trades-csv', ['Price'], header);
    const currency = header[price]!.slice('price'.length).trim().toUpperCase();
    const quote = pairOfSymbol(symbol)?.quote;
    if (currency !== '' && quote !== undefined && quote !== currency) {
      context.warn(`The prices are in ${currency}, but the symbol given is ${symbol}.`);
    }
    const choice = zoneChoice(context, null);
    const timeReader = columnTimeReader('Date and time', time, sample, choice);
    const check = new RowCheck(decimalMarkOf(sample));
    return ({ cells }) => {
      check.reset();
      const action = actions.get((cells[type] ?? '').trim().toLowerCase());
      if (action === undefined)
        check.refuse(`Type is ${quoted(cells[type])}, but must be Entry or Exit, long or short`);
      // A trade still open at the end has no exit, or a line that marks it at the last bar under the signal "Open".
      if (action?.isExit === true && cells[signal]?.trim().toLowerCase() === 'open')
        return otherRow('open trade at the last bar');
      const executedAtUs = check.requiredTime('Date and time', cells[time], timeReader);
      const fill = execution({
        symbol,
        side: action?.side ?? 'buy',
        price: check.positive('Price', cells[price]),
        quantity: check.positive('Size', cells[quantity]),
        executedAtUs,
      });
      return check.problem === null
        ? { kind: 'executions', executions: [fill] }
        : check.quarantine(symbol, executedAtUs);
    };
  },
};

export const tradingviewTradesCsv2025: Format = {
  id: 'tradingview-trades-csv-2025',
  title: 'TradingView list of trades',
  describes: "Every line is a fill; the instrument and the chart's zone must be named. Commission is not in the file.",
  kind: 'executions',
  exampleHeader: 'Trade #,Type,Date and time,Signal,Price USDT,Size (qty),Size (value),Net P&L USD,Net P&L %',
  exampleRows: [
    '1,Exit long,2025-04-02 16:30,stop,2100,1.5,3150,149.3,4.98',
    '1,Entry long,2025-04-01 16:30,go,2000,1.5,3000,149.3,4.98',
  ],
  reference: { otherRows: ['open trade at the last bar'] },
  impliedSource: null,
  recognise: (sample) =>
    sample.kind === 'delimited' && isList(sample, 'date and time')
      ? { confidence: 0.97, reason: "header of TradingView's list of trades, as exported since 2025" }
      : null,
  reader,
};

export const tradingviewTradesCsvOld: Format = {
  id: 'tradingview-trades-csv-old',
  title: 'TradingView list of trades (before 2025)',
  describes: "Every line is a fill; the instrument and the chart's zone must be named. Commission is not in the file.",
  kind: 'executions',
  exampleHeader: 'Trade #,Type,Signal,Date/Time,Price USDT,Contracts,Profit USDT',
  exampleRows: [
    '1,Entry long,go,2024-03-01 15:00,60000.5,0.25,—',
    '1,Exit long,stop,2024-03-02 09:00,59000,0.25,(250.13)',
  ],
  impliedSource: null,
  recognise: (sample) =>
    sample.kind === 'delimited' && isList(sample, 'date/time')
      ? { confidence: 0.97, reason: "header of TradingView's list of trades, as exported before 2025" }
      : null,
  reader,
};
