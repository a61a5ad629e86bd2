/** Interactive Brokers' Flex query as CSV: the fields the user chose, all quoted; the header comes again where another section begins. */
import type { Format } from '../format';
import { normaliseHeader } from './header';
import { type FlexFields, flexName, flexOtherRows, flexTradeReader, saidValue } from './ibkr-trade';
import { otherRow } from './row';

const needed = ['buysell', 'quantity', 'tradeprice'];

function flexHeader(header: readonly string[]): readonly string[] {
  return normaliseHeader(header).map(flexName);
}

export const ibkrFlexTradesCsv: Format = {
  id: 'ibkr-flex-trades-csv',
  title: 'Interactive Brokers Flex query (CSV)',
  describes:
    'Rows of executions are fills; a whole order counts only where its executions are not in the file; lots and summaries are counted. Trades of currencies need their symbol in the query. Quantities are units: contracts times their multiplier.',
  kind: 'executions',
  exampleHeader:
    '"ClientAccountID","Symbol","AssetClass","DateTime","Buy/Sell","Quantity","TradePrice","TradeMoney","CurrencyPrimary","IBCommission","IBCommissionCurrency","TradeID","IBOrderID","OrderTime","LevelOfDetail"',
  exampleRows: [
    '"U1","XYZ","STK","20240115;093001","BUY","100","12.5","1250","USD","-1","USD","71","9","20240115;093000","EXECUTION"',
    '"U1","XYZ","STK","20240115;093001","BUY","100","12.5","1250","USD","-1","USD","","9","20240115;093000","ORDER"',
  ],
  reference: { otherRows: flexOtherRows },
  impliedSource: 'live',
  recognise(sample) {
    if (sample.kind !== 'delimited') return null;
    const header = flexHeader(sample.header);
    if (!needed.every((name) => header.includes(name))) return null;
    const own = header.filter((name) =>
      /^(?:ib|currencyprimary|levelofdetail|assetclass|trademoney|tradedate)/.test(name),
    );
    if (own.length < 2) return null;
    return { confidence: 0.97, reason: `columns of a Flex query: ${sample.header.slice(0, 4).join(', ')}` };
  },
  reader: {
    shape: 'delimited',
    // A further section may have other columns.
    ragged: true,
    open(rawHeader, context) {
      let header = flexHeader(rawHeader);
      const read = flexTradeReader(context);
      let cells: readonly string[] = [];
      const fields: FlexFields = (...names) => {
        for (const name of names) {
          const value = saidValue(cells[header.indexOf(name)]);
          if (value !== undefined) return value;
        }
        return undefined;
      };
      return (row) => {
        const named = flexHeader(row.cells);
        if (named.includes('buysell') && named.includes('quantity')) {
          header = named;
          return otherRow('repeated header');
        }
        if (row.cells.length < header.length)
          return {
            kind: 'quarantine',
            reason: `the row has ${row.cells.length} cells where the header has ${header.length}`,
          };
        cells = row.cells;
        return read(fields);
      };
    },
  },
};
