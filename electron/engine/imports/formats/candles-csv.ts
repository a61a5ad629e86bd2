/** Candles as prices for marking positions: the close counts at the candle's end, because before it nobody could know it. */
import { FailureError, failure } from '../../../../shared/base/errors';
import { DAY_US, HOUR_US, MINUTE_US, SECOND_US } from '../../../../shared/base/time';
import { symbolOf } from '../../../../shared/market/symbols';
import type { DelimitedSample, Format } from '../format';
import { decimalMarkOf } from '../numbers';
import type { TimeReader } from '../times';
import { columnTimeReader, symbolOfUser } from './columns';
import { absentColumn, columnIndex, hasColumns, normaliseHeader } from './header';
import { cachedSymbols, RowCheck } from './row';
import { zoneChoice } from './zones';

const timeNames = ['timestamp', 'time', 'date', 'datetime', 'open_time', 'open time', 'opentime', 'ts'];

const candleColumns = ['open', 'high', 'low', 'close'];

/** Column of the times in a header of candles; undefined = these are none. */
export function candleTimeColumn(header: readonly string[]): string | undefined {
  return hasColumns(header, candleColumns) ? header.find((name) => timeNames.includes(name)) : undefined;
}

const reader: Format['reader'] = {
  shape: 'delimited',
  open(rawHeader, context, sample) {
    const header = normaliseHeader(rawHeader);
    const time = columnIndex(header, ...timeNames);
    const at = (name: string): number => columnIndex(header, name);
    const [open, high, low, close] = [at('open'), at('high'), at('low'), at('close')];
    const symbolColumn = columnIndex(header, 'symbol', 'pair', 'market', 'instrument');
    const fixedSymbol = symbolColumn === absentColumn ? symbolOfUser(context) : null;
    const timeReader = columnTimeReader(header[time] ?? 'time', time, sample, zoneChoice(context, null));
    const frame = columnIndex(header, 'timeframe', 'interval');
    const intervalUs = intervalOf(sample, time, symbolColumn, frame, timeReader);
    const symbolOfName = cachedSymbols(symbolOf);
    const check = new RowCheck(decimalMarkOf(sample));
    return ({ cells }) => {
      check.reset();
      const symbol = fixedSymbol ?? symbolOfName(check.requiredText('symbol', cells[symbolColumn]));
      const startUs = check.requiredTime(header[time] ?? 'time', cells[time], timeReader);
      const price = check.positive('close', cells[close]);
      const opened = check.positive('open', cells[open]);
      const highest = check.positive('high', cells[high]);
      const lowest = check.positive('low', cells[low]);
      if (lowest > Math.min(opened, price) || highest < Math.max(opened, price)) {
        check.refuse(`open ${opened} and close ${price} are not between low ${lowest} and high ${highest}`);
      }
      if (check.problem !== null) return check.quarantine(symbol, startUs);
      return { kind: 'prices', points: [{ symbol, atUs: startUs + intervalUs, price }] };
    };
  },
};

/** Candles are the same in every container; only recognition and the reference tell them apart. */
function candles(
  table: DelimitedSample['table'],
  own: Pick<Format, 'id' | 'title'> & Partial<Pick<Format, 'exampleHeader' | 'exampleRows'>>,
): Format {
  return {
    exampleHeader: null,
    ...own,
    describes:
      'The close of every candle is a price at the end of the candle; open, high, low and volume are not kept.',
    kind: 'prices',
    impliedSource: null,
    recognise(sample) {
      if (sample.kind !== 'delimited' || sample.table !== table) return null;
      const time = candleTimeColumn(sample.header);
      return time === undefined
        ? null
        : { confidence: 0.95, reason: `candles: columns ${time}, open, high, low, close` };
    },
    reader,
  };
}

const exampleTable = [
  'date,open,high,low,close,volume',
  '2025-01-01T00:00:00.000000Z,10,12,9,11,5',
  '2025-01-01T00:01:00.000000Z,11,13,10,12,4',
];

export const candlesCsv = candles(undefined, {
  id: 'candles-csv',
  title: 'Candles',
  exampleHeader: 'timestamp,open,high,low,close,volume,symbol',
  exampleRows: ['2025-01-01T00:00:00Z,10,12,9,11,5,ETH/USDT', '2025-01-01T00:01:00Z,11,13,10,12,4,ETH/USDT'],
});
export const ohlcvFeather = candles('arrow', {
  id: 'ohlcv-feather',
  title: 'Candles (Feather)',
  exampleRows: exampleTable,
});
export const ohlcvParquet = candles('parquet', {
  id: 'ohlcv-parquet',
  title: 'Candles (Parquet)',
  exampleRows: exampleTable,
});

const frameUnits: Readonly<Record<string, number>> = {
  s: SECOND_US,
  m: MINUTE_US,
  h: HOUR_US,
  d: DAY_US,
  w: 7 * DAY_US,
};

/** Length of a candle: as the file states it, else the commonest distance between neighbouring candles of one symbol. */
function intervalOf(sample: DelimitedSample, time: number, symbol: number, frame: number, reader: TimeReader): number {
  const stated = /^(\d+)\s*(s|m|h|d|w)$/i.exec(sample.rows[0]?.[frame]?.trim() ?? '');
  if (stated !== null) return Number(stated[1]) * frameUnits[stated[2]!.toLowerCase()]!;
  const previous = new Map<string, number>();
  const counts = new Map<number, number>();
  for (const cells of sample.rows) {
    const atUs = reader.read(cells[time] ?? '');
    const name = cells[symbol] ?? '';
    const before = previous.get(name);
    if (Number.isNaN(atUs)) continue;
    previous.set(name, atUs);
    if (before !== undefined && before !== atUs) {
      const distance = Math.abs(atUs - before);
      counts.set(distance, (counts.get(distance) ?? 0) + 1);
    }
  }
  const commonest = [...counts].sort((first, second) => second[1] - first[1] || first[0] - second[0])[0];
  if (commonest !== undefined) return commonest[0];
  throw new FailureError(
    failure(
      'format-ambiguous',
      'The length of the candles cannot be told: the file has fewer than two of one symbol and no column timeframe.',
      'Add a column "timeframe" (1m, 15m, 1h, 1d) or export more candles.',
      { missing: 'timeframe' },
    ),
  );
}
