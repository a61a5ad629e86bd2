/** Trades of a whole market, as venues publish them: none of them is the desk's, each is an observed price. */
import type { DelimitedSample, Format, RowOutcome } from '../format';
import { epochReader, isoReader, type TimeReader, utcZone } from '../times';
import { symbolOfUser } from './columns';
import { absentColumn, columnIndex, hasColumns, normaliseHeader } from './header';
import { jsonText } from './json';
import { RowCheck } from './row';

const common = { kind: 'prices', impliedSource: null } as const;
const milliseconds = epochReader('ms');

/** One trade of the market as a price. */
function priceOf(check: RowCheck, symbol: string, time: unknown, reader: TimeReader, price: unknown): RowOutcome {
  const atUs = check.requiredTime('time', time, reader);
  const paid = check.positive('price', price);
  if (check.problem !== null) return check.quarantine(symbol, atUs);
  return { kind: 'prices', points: [{ symbol, atUs, price: paid }] };
}

const freqtradeColumns = ['timestamp', 'id', 'type', 'side', 'price', 'amount', 'cost'];
/** What a list of one's own trades has besides. */
const ownColumns = ['symbol', 'pair', 'order', 'order_id', 'fee', 'takerormaker'];

export const freqtradePublicTradesCsv: Format = {
  ...common,
  id: 'freqtrade-public-trades-csv',
  title: 'freqtrade public trades (CSV)',
  describes: 'Each trade of the market is a price at its time; side, amount and cost are not kept.',
  exampleHeader: ',timestamp,id,type,side,price,amount,cost,date',
  exampleRows: ['0,1735689600138,55012,,buy,1666.8,26.062,43440.1416,2025-01-01 00:00:00.138000+00:00'],
  recognise(sample) {
    if (sample.kind !== 'delimited' || !hasColumns(sample.header, freqtradeColumns)) return null;
    if (ownColumns.some((name) => sample.header.includes(name))) return null;
    return { confidence: 0.9, reason: 'public trades as freqtrade keeps them: no order, no fee, no symbol' };
  },
  reader: {
    shape: 'delimited',
    // The column of row numbers has no name, and a name that is missing at the end of a header is no column.
    ragged: true,
    open(rawHeader, context) {
      const header = normaliseHeader(rawHeader);
      const [time, price] = [columnIndex(header, 'timestamp'), columnIndex(header, 'price')];
      const symbol = symbolOfUser(context);
      const check = new RowCheck();
      return ({ cells }) => {
        check.reset();
        return priceOf(check, symbol, cells[time], milliseconds, cells[price]);
      };
    },
  },
};

/** `[ms, id, type, side, price, amount, cost]` */
function isFreqtradeTrade(value: unknown): value is readonly unknown[] {
  if (!Array.isArray(value) || value.length !== 7) return false;
  const [ms, , , side, price, amount, cost] = value as readonly unknown[]; // an array of unknown things
  return (
    Number.isInteger(ms) &&
    Number(ms) > 1e12 &&
    (side === 'buy' || side === 'sell') &&
    [price, amount, cost].every(isNumber)
  );
}

function isNumber(value: unknown): boolean {
  return typeof value === 'number' || (typeof value === 'string' && value !== '' && Number.isFinite(Number(value)));
}

export const freqtradePublicTradesJson: Format = {
  ...common,
  id: 'freqtrade-public-trades-json',
  title: 'freqtrade public trades (JSON)',
  describes:
    'A list of [time, id, type, side, price, amount, cost]: each trade of the market is a price at its time; the rest is not kept.',
  exampleHeader: null,
  exampleRows: [
    '[[1735689600620,"1351980",null,"sell",0.0014,23,0.0322],[1735689601620,"1351981",null,"buy",0.0015,2,0.003]]',
  ],
  recognise(sample) {
    const value = sample.kind === 'json' ? sample.value : undefined;
    if (!Array.isArray(value) || !isFreqtradeTrade(value[0])) return null;
    return { confidence: 0.9, reason: 'list of seven values each: milliseconds, id, type, side, price, amount, cost' };
  },
  reader: {
    shape: 'json',
    *rows(document, context) {
      const symbol = symbolOfUser(context);
      const check = new RowCheck();
      let line = 0;
      for (const entry of Array.isArray(document) ? document : []) {
        line += 1;
        check.reset();
        const trade: readonly unknown[] = Array.isArray(entry) ? entry : [];
        if (trade.length !== 7) check.refuse('the entry is no list of seven values');
        yield { line, outcome: priceOf(check, symbol, trade[0], milliseconds, trade[4]), text: () => jsonText(entry) };
      }
    },
  },
};

/** Seconds since 1970 between 2001 and 2096. */
const epochSeconds = /^[1-3]\d{9}(?:\.\d{1,9})?$/;
const seconds = epochReader('s');

function isKrakenShape({ headerLine, header, rows }: DelimitedSample): boolean {
  if (headerLine !== 0 || header.length !== 3) return false;
  let before = 0;
  return rows.every((cells) => {
    const [time = '', price, volume] = cells;
    const inOrder = Number(time) >= before;
    before = Number(time);
    return cells.length === 3 && epochSeconds.test(time) && inOrder && Number(price) > 0 && Number(volume) > 0;
  });
}

export const krakenPublicTradesCsv: Format = {
  ...common,
  id: 'kraken-public-trades-csv',
  title: 'Kraken public trades',
  describes:
    'Each trade of the market is a price at its time; the volume is not kept. The file has no header and does not name its pair.',
  exampleHeader: null,
  exampleRows: ['1735689600,91.54,1.10448', '1735689631,91.45,2'],
  recognise(sample) {
    if (sample.kind !== 'delimited' || !isKrakenShape(sample)) return null;
    return {
      confidence: 0.6,
      reason:
        'no header; three columns shaped like the public trades Kraken offers: seconds since 1970 in order, price, volume',
    };
  },
  reader: {
    shape: 'delimited',
    headerless: true,
    open(_, context) {
      const symbol = symbolOfUser(context);
      const check = new RowCheck();
      return ({ cells }) => {
        check.reset();
        return priceOf(check, symbol, cells[0], seconds, cells[1]);
      };
    },
  },
};

export const binanceTradesParquet: Format = {
  ...common,
  id: 'binance-trades-parquet',
  title: 'Binance public trades (Parquet)',
  describes:
    'Each trade of the market is a price at its time; quantity and buyer_maker are not kept. The table does not name its symbol.',
  exampleHeader: null,
  exampleRows: [
    'timestamp,trade_id,price,quantity,buyer_maker',
    '2025-01-01T00:00:00.278000Z,553287,39432.48,0.0002,True',
  ],
  recognise(sample) {
    if (sample.kind !== 'delimited' || sample.table === undefined) return null;
    if (!hasColumns(sample.header, ['timestamp', 'trade_id', 'price', 'quantity', 'buyer_maker'])) return null;
    return { confidence: 0.95, reason: 'public trades of Binance: trade_id, price, quantity, buyer_maker' };
  },
  reader: {
    shape: 'delimited',
    open(rawHeader, context, sample) {
      const header = normaliseHeader(rawHeader);
      const [time, price] = [columnIndex(header, 'timestamp'), columnIndex(header, 'price')];
      const symbol = symbolOfUser(context);
      const isCount = time !== absentColumn && /^\d+$/.test(sample.rows[0]?.[time] ?? '');
      const reader = isCount ? epochReader(null) : isoReader({ zone: utcZone });
      const check = new RowCheck();
      return ({ cells }) => {
        check.reset();
        return priceOf(check, symbol, cells[time], reader, cells[price]);
      };
    },
  },
};
