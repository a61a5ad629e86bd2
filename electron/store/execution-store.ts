import { DAY_US, isUtcDay, type UtcDay, utcDayStartUs } from '../../shared/base/time';
import type { ExecutionColumns } from '../../shared/market/columns';
import {
  type OrderEvent,
  orderEventKindSchema,
  type Source,
  sideSchema,
  sourceSchema,
} from '../../shared/market/executions';
import type { DayFacts, ExecutionStore, SegmentKey, SegmentSummary } from '../engine/ports';
import { type Row, statement } from './connection';
import { decodePrices, mergePrices } from './price-codec';
import type { Readers } from './readers';
import {
  bytesCell,
  damaged,
  isNullCell,
  numberCell,
  numberOrNullCell,
  textCell,
  textOrNullCell,
  wordCell,
} from './rows';
import { decodeColumns } from './segment-codec';
import { mergeColumns } from './segment-merge';
import { visibleRows } from './visibility';

/**
 * Reads of executions and what goes with them. Look-ups stay within indexes; bytes are opened only where rows themselves are
 * asked for. Exported statements are those whose query plan is pinned by a test.
 */

const selectSegments = statement(
  'list segments',
  `SELECT strategy, symbol, day, source, executions, first_us, last_us, net_quantity, last_price, revision FROM segment_parts
   WHERE (?1 IS NULL OR strategy = ?1) AND (?2 IS NULL OR symbol = ?2) AND day BETWEEN ?3 AND ?4 AND ${visibleRows}
   ORDER BY strategy, symbol, day, source, id`,
);
/** Symbol by symbol: what lies outside the days is not even passed by. */
export const selectSegmentsOfStrategy = statement(
  'list segments of a strategy',
  `SELECT part.strategy, part.symbol, day, part.source, part.executions, first_us, last_us, net_quantity, last_price, revision
   FROM (SELECT DISTINCT symbol FROM symbol_totals WHERE strategy = ?1 AND (?2 IS NULL OR symbol = ?2)) AS known
   CROSS JOIN segment_parts AS part ON strategy = ?1 AND part.symbol = known.symbol AND day BETWEEN ?3 AND ?4
   WHERE ${visibleRows}
   ORDER BY known.symbol, day, part.source, part.id`,
);
/** Days are counted and the last ones found within the index. */
export const selectSymbolDays = statement(
  'list days of symbols',
  `SELECT known.symbol,
     (SELECT count(DISTINCT day) FROM segment_parts WHERE strategy = ?1 AND symbol = known.symbol AND ${visibleRows}) AS days,
     (SELECT json_group_array(day) FROM (SELECT DISTINCT day FROM segment_parts
        WHERE strategy = ?1 AND symbol = known.symbol AND day <= ?3 AND ${visibleRows}
        ORDER BY day DESC LIMIT ?2)) AS last
   FROM (SELECT DISTINCT symbol FROM symbol_totals WHERE strategy = ?1) AS known ORDER BY known.symbol`,
);
const selectFeeds = statement(
  'list feeds',
  `SELECT covered.source, covered.strategy, max(covered.last_us) AS last_us, max(coalesce(ended_at_us, started_at_us)) AS ended_us
   FROM import_strategies AS covered JOIN imports ON number = import_number
   WHERE ${visibleRows} AND covered.last_us IS NOT NULL
   GROUP BY covered.strategy, covered.source ORDER BY covered.strategy, covered.source DESC`,
);
export const selectSegmentsOfSymbol = statement(
  'list segments of a symbol',
  `SELECT strategy, symbol, day, source, executions, first_us, last_us, net_quantity, last_price, revision FROM segment_parts
   WHERE strategy = ?1 AND symbol = ?2 AND day BETWEEN ?3 AND ?4 AND ${visibleRows}
   ORDER BY strategy, symbol, day, source, id`,
);
export const selectSegment = statement(
  'read a segment',
  `SELECT segment_parts.id, executions, columns FROM segment_parts JOIN segment_data ON part_id = segment_parts.id
   WHERE strategy = ? AND symbol = ? AND day = ? AND source = ? AND ${visibleRows} ORDER BY segment_parts.id`,
);
/** In no order the store states: to sort it would carry every segment's bytes along. */
export const selectSegmentsOfKeys = statement(
  'read segments',
  `SELECT wanted.key AS place, part.id, executions, columns FROM json_each(?) AS wanted
   CROSS JOIN segment_parts AS part ON strategy = wanted.value ->> 0 AND symbol = wanted.value ->> 1
     AND day = wanted.value ->> 2 AND source = wanted.value ->> 3
   CROSS JOIN segment_data ON part_id = part.id WHERE ${visibleRows}`,
);
export const selectOrderEvents = statement(
  'read order events',
  `SELECT * FROM order_events WHERE strategy = ? AND symbol = ? AND day = ? AND ${visibleRows} ORDER BY at_us, id`,
);
export const selectOrderEventsOfSymbols = statement(
  'read order events of symbols',
  `SELECT wanted.key AS place, order_events.* FROM json_each(?2) AS wanted
   CROSS JOIN order_events ON strategy = ?1 AND symbol = wanted.value AND day = ?3
   WHERE ${visibleRows} ORDER BY wanted.key, at_us, order_events.id`,
);
/** SQLite sums floats with compensation. */
export const sumPosition = statement(
  'sum the position before a day',
  `SELECT coalesce(sum(net_quantity), 0.0) AS position FROM segment_parts
   WHERE strategy = ? AND symbol = ? AND day < ? AND source = ? AND ${visibleRows}`,
);
export const selectPartEndingBefore = statement(
  'find the last part that ends before an instant',
  `SELECT last_us, last_price FROM segment_parts
   WHERE strategy = ? AND symbol = ? AND last_us < ? AND ${visibleRows}
   ORDER BY last_us DESC, source DESC, id DESC LIMIT 1`,
);
export const selectPartsAround = statement(
  'find parts around an instant',
  `SELECT id, executions, columns FROM segment_parts JOIN segment_data ON part_id = id
   WHERE strategy = ?1 AND symbol = ?2 AND last_us >= ?3 AND last_us < ?4 AND first_us < ?3 AND ${visibleRows}
   ORDER BY source, id`,
);
export const selectPricesOfSymbols = statement(
  'read prices of symbols',
  `SELECT wanted.key AS place, chunk.id, data, 1 AS within FROM json_each(?1) AS wanted
   CROSS JOIN price_chunks AS chunk ON symbol = wanted.value ->> 0 AND last_us >= wanted.value ->> 1
   WHERE first_us < wanted.value ->> 2 AND ${visibleRows}
   UNION ALL
   SELECT wanted.key, chunk.id, data, 0 FROM json_each(?1) AS wanted
   CROSS JOIN price_chunks AS chunk ON chunk.id =
     (SELECT id FROM price_chunks WHERE symbol = wanted.value ->> 0 AND last_us < wanted.value ->> 1 AND ${visibleRows}
      ORDER BY last_us DESC, id DESC LIMIT 1)`,
);
export const selectCoverage = statement(
  'read coverage',
  `SELECT min(first_us) AS first_us, max(last_us) AS last_us FROM import_strategies
   WHERE source = ? AND strategy = ? AND ${visibleRows}`,
);
const rowsOfStrategy = `import_number IN (SELECT import_number FROM import_strategies WHERE strategy = ?1
   UNION SELECT number FROM imports WHERE strategy = ?1)`;
/** A row whose symbol cannot be told may belong to any of them, so it counts for each. */
const countQuarantined = statement(
  'count quarantined rows of a symbol and day',
  `SELECT count(*) AS total FROM quarantined_rows
   WHERE state = 'open' AND day = ?2 AND (symbol = ?3 OR symbol IS NULL) AND ${rowsOfStrategy} AND ${visibleRows}`,
);
const countQuarantinedOfDay = statement(
  'count quarantined rows of a day',
  `SELECT count(*) AS total FROM quarantined_rows
   WHERE state = 'open' AND day = ?2 AND ${rowsOfStrategy} AND ${visibleRows}`,
);
const positionOf = (source: Source) => `(SELECT coalesce(sum(net_quantity), 0.0) FROM segment_parts
     WHERE strategy = ?1 AND symbol = wanted.value AND day < ?3 AND source = '${source}' AND ${visibleRows})`;
export const selectDayFacts = statement(
  'read facts of a day',
  `SELECT wanted.key AS place, ${positionOf('live')} AS live, ${positionOf('backtest')} AS backtest,
     (SELECT count(*) FROM quarantined_rows
      WHERE state = 'open' AND day = ?3 AND (symbol = wanted.value OR symbol IS NULL)
        AND ${rowsOfStrategy} AND ${visibleRows}) AS quarantined,
     last.last_us, last.last_price
   FROM json_each(?2) AS wanted LEFT JOIN segment_parts AS last ON last.id =
     (SELECT id FROM segment_parts WHERE strategy = ?1 AND symbol = wanted.value AND last_us < ?4 AND ${visibleRows}
      ORDER BY last_us DESC, source DESC, id DESC LIMIT 1)
   ORDER BY wanted.key`,
);
const selectStrategies = statement(
  'list strategies',
  `SELECT strategy, count(DISTINCT symbol) AS symbols, min(first_day) AS first_day, max(last_day) AS last_day,
     coalesce(sum(executions) FILTER (WHERE source = 'live'), 0) AS live,
     coalesce(sum(executions) FILTER (WHERE source = 'backtest'), 0) AS backtest
   FROM symbol_totals GROUP BY strategy ORDER BY strategy`,
);

const EARLIEST_DAY = '0000-00-00';
const LATEST_DAY = '9999-99-99';
/** Executions of one answer of many segments: some three megabytes. */
const ANSWER_EXECUTIONS = 32_768;

export class StoredExecutions implements ExecutionStore {
  constructor(private readonly readers: Readers) {}

  async segments(filter: {
    readonly strategy?: string;
    readonly symbol?: string;
    readonly from?: UtcDay;
    readonly to?: UtcDay;
  }): Promise<readonly SegmentSummary[]> {
    const { strategy, symbol } = filter;
    const named =
      strategy === undefined
        ? selectSegments
        : symbol === undefined
          ? selectSegmentsOfStrategy
          : selectSegmentsOfSymbol;
    const values = [strategy ?? null, symbol ?? null, filter.from ?? EARLIEST_DAY, filter.to ?? LATEST_DAY];
    const rows = await this.readers.all(named, values);
    const summaries: SegmentSummary[] = [];
    for (const row of rows) {
      const part = summaryOf(row);
      const before = summaries.at(-1);
      if (before !== undefined && sameKey(before.key, part.key))
        summaries[summaries.length - 1] = together(before, part);
      else summaries.push(part);
    }
    return summaries;
  }

  async readSegment(key: SegmentKey): Promise<ExecutionColumns | null> {
    const rows = await this.readers.all(selectSegment, [key.strategy, key.symbol, key.day, key.source]);
    if (rows.length === 0) return null;
    return mergeColumns(rows.map((row) => columnsOfPart(row, `${key.strategy} ${key.symbol} ${key.day}`)));
  }

  async *readSegments(
    segments: readonly Pick<SegmentSummary, 'key' | 'count'>[],
  ): AsyncGenerator<{ readonly key: SegmentKey; readonly columns: ExecutionColumns }> {
    const groups = inGroups(segments);
    let reading = this.readGroup(groups[0] ?? []);
    for (let group = 0; group < groups.length; group++) {
      const read = await reading;
      // The next answer is on its way while this one is looked at; whoever stops early does not hear of its failure.
      reading = this.readGroup(groups[group + 1] ?? []);
      reading.catch(() => undefined);
      for (const [place, parts] of read) {
        const { key } = groups[group]![place]!;
        yield {
          key,
          columns: mergeColumns(parts.map((row) => columnsOfPart(row, `${key.strategy} ${key.symbol} ${key.day}`))),
        };
      }
    }
  }

  /** Parts of each segment by its place, in the order they were stored. */
  private async readGroup(
    segments: readonly Pick<SegmentSummary, 'key'>[],
  ): Promise<readonly (readonly [number, readonly Row[]])[]> {
    if (segments.length === 0) return [];
    const keys = segments.map(({ key }) => [key.strategy, key.symbol, key.day, key.source]);
    const rows = await this.readers.all(selectSegmentsOfKeys, [JSON.stringify(keys)]);
    return [...byPlace(rows, segments.length).entries()]
      .map(([place, parts]) => [place, parts.sort((a, b) => numberCell(a, 'id') - numberCell(b, 'id'))] as const)
      .filter(([, parts]) => parts.length > 0);
  }

  async orderEvents(filter: {
    readonly strategy: string;
    readonly symbol: string;
    readonly day: UtcDay;
  }): Promise<readonly OrderEvent[]> {
    const rows = await this.readers.all(selectOrderEvents, [filter.strategy, filter.symbol, filter.day]);
    return rows.map(orderEventOf);
  }

  async dayFacts(strategy: string, symbols: readonly string[], day: UtcDay): Promise<readonly DayFacts[]> {
    const names = JSON.stringify(symbols);
    const [facts, events] = await Promise.all([
      // No part lies across midnight, so the last one that ends before it ends with the last fill.
      this.readers.all(selectDayFacts, [strategy, names, day, utcDayStartUs(day)]),
      this.readers.all(selectOrderEventsOfSymbols, [strategy, names, day]),
    ]);
    const eventsOf = byPlace(events, symbols.length);
    return facts.map((row, place) => ({
      orderEvents: eventsOf[place]!.map(orderEventOf),
      positionBefore: { live: numberCell(row, 'live'), backtest: numberCell(row, 'backtest') },
      lastFillBefore: isNullCell(row, 'last_us')
        ? null
        : { price: numberCell(row, 'last_price'), atUs: numberCell(row, 'last_us') },
      quarantinedRows: numberCell(row, 'quarantined'),
    }));
  }

  async positionBefore(source: Source, strategy: string, symbol: string, day: UtcDay): Promise<number> {
    const row = await this.readers.get(sumPosition, [strategy, symbol, day, source]);
    return row === null ? 0 : numberCell(row, 'position');
  }

  async lastFillPriceBefore(
    strategy: string,
    symbol: string,
    beforeUs: number,
  ): Promise<{ readonly price: number; readonly atUs: number } | null> {
    // A part lies within one UTC day, so one that the instant cuts ends before the next midnight.
    const midnightUs = (Math.floor(beforeUs / DAY_US) + 1) * DAY_US;
    const [ended, around] = await Promise.all([
      this.readers.get(selectPartEndingBefore, [strategy, symbol, beforeUs]),
      this.readers.all(selectPartsAround, [strategy, symbol, beforeUs, midnightUs]),
    ]);
    let last = ended === null ? null : { price: numberCell(ended, 'last_price'), atUs: numberCell(ended, 'last_us') };
    for (const row of around) {
      const { executedAtUs, price } = columnsOfPart(row, `${strategy} ${symbol}`);
      const index = firstNotBefore(executedAtUs, beforeUs) - 1;
      // Live sorts after backtest: of two fills at the same instant the live one counts.
      if (index >= 0 && (last === null || executedAtUs[index]! >= last.atUs)) {
        last = { price: price[index]!, atUs: executedAtUs[index]! };
      }
    }
    return last;
  }

  async prices(
    symbol: string,
    fromUs: number,
    toUs: number,
  ): Promise<{ readonly atUs: Float64Array; readonly price: Float64Array }> {
    const [series] = await this.pricesOf([{ symbol, fromUs, toUs }]);
    return series!;
  }

  async pricesOf(
    wanted: readonly { readonly symbol: string; readonly fromUs: number; readonly toUs: number }[],
  ): Promise<readonly { readonly atUs: Float64Array; readonly price: Float64Array }[]> {
    const ranges = JSON.stringify(wanted.map(({ symbol, fromUs, toUs }) => [symbol, fromUs, toUs]));
    const chunksOf = byPlace(await this.readers.all(selectPricesOfSymbols, [ranges]), wanted.length);
    return wanted.map(({ symbol, fromUs, toUs }, place) => {
      // The chunk before goes first: in it no instant is as late as `fromUs`, so which of equal instants counts is not its matter.
      const chunks = chunksOf[place]!.sort(
        (a, b) => numberCell(a, 'within') - numberCell(b, 'within') || numberCell(a, 'id') - numberCell(b, 'id'),
      );
      const series = mergePrices(chunks.map((row) => decodePrices(bytesCell(row, 'data'), `prices of ${symbol}`)));
      const from = Math.max(0, firstNotBefore(series.atUs, fromUs) - 1);
      const to = firstNotBefore(series.atUs, toUs);
      return { atUs: series.atUs.slice(from, to), price: series.price.slice(from, to) };
    });
  }

  async symbolDays(strategy: string, limit: number, upTo: UtcDay | null): ReturnType<ExecutionStore['symbolDays']> {
    return (await this.readers.all(selectSymbolDays, [strategy, limit, upTo ?? LATEST_DAY])).map((row) => {
      const last: unknown = JSON.parse(textCell(row, 'last'));
      if (!Array.isArray(last) || !last.every((day): day is UtcDay => typeof day === 'string' && isUtcDay(day)))
        throw damaged(`days of ${strategy}`);
      return { symbol: textCell(row, 'symbol'), days: numberCell(row, 'days'), last: last.reverse() };
    });
  }

  async feeds(): ReturnType<ExecutionStore['feeds']> {
    return (await this.readers.all(selectFeeds)).map((row) => ({
      source: wordCell(row, 'source', sourceSchema.options),
      strategy: textCell(row, 'strategy'),
      lastExecutionUs: numberCell(row, 'last_us'),
      lastImportUs: numberOrNullCell(row, 'ended_us'),
    }));
  }

  async coverage(
    source: Source,
    strategy: string,
  ): Promise<{ readonly firstUs: number; readonly lastUs: number } | null> {
    const row = (await this.readers.get(selectCoverage, [source, strategy])) ?? {};
    const firstUs = numberOrNullCell(row, 'first_us');
    const lastUs = numberOrNullCell(row, 'last_us');
    return firstUs === null || lastUs === null ? null : { firstUs, lastUs };
  }

  async quarantinedRows(filter: {
    readonly strategy: string;
    readonly symbol: string | null;
    readonly day: UtcDay;
  }): Promise<number> {
    const { strategy, symbol, day } = filter;
    const row =
      symbol === null
        ? await this.readers.get(countQuarantinedOfDay, [strategy, day])
        : await this.readers.get(countQuarantined, [strategy, day, symbol]);
    return numberCell(row ?? {}, 'total');
  }

  async strategies(): ReturnType<ExecutionStore['strategies']> {
    const rows = await this.readers.all(selectStrategies);
    return rows.map((row) => ({
      strategy: textCell(row, 'strategy'),
      symbols: numberCell(row, 'symbols'),
      firstDay: dayCell(row, 'first_day'),
      lastDay: dayCell(row, 'last_day'),
      liveExecutions: numberCell(row, 'live'),
      backtestExecutions: numberCell(row, 'backtest'),
    }));
  }
}

/** Rows of an answer to many questions, by the place of the question. */
function byPlace(rows: readonly Row[], count: number): readonly Row[][] {
  const places: Row[][] = Array.from({ length: count }, () => []);
  for (const row of rows) places[numberCell(row, 'place')]!.push(row);
  return places;
}

/** Neighbours that fit into one answer; a larger segment is an answer of its own. */
function inGroups<Segment extends Pick<SegmentSummary, 'count'>>(segments: readonly Segment[]): readonly Segment[][] {
  const groups: Segment[][] = [];
  let total = Number.POSITIVE_INFINITY;
  for (const segment of segments) {
    if (total + segment.count > ANSWER_EXECUTIONS) {
      groups.push([]);
      total = 0;
    }
    groups.at(-1)!.push(segment);
    total += segment.count;
  }
  return groups;
}

function summaryOf(row: Row): SegmentSummary {
  return {
    key: {
      source: wordCell(row, 'source', sourceSchema.options),
      strategy: textCell(row, 'strategy'),
      symbol: textCell(row, 'symbol'),
      day: dayCell(row, 'day'),
    },
    count: numberCell(row, 'executions'),
    firstUs: numberCell(row, 'first_us'),
    lastUs: numberCell(row, 'last_us'),
    netQuantity: numberCell(row, 'net_quantity'),
    lastPrice: numberCell(row, 'last_price'),
    ...revisionOf(numberCell(row, 'revision')),
  };
}

function sameKey(a: SegmentKey, b: SegmentKey): boolean {
  return a.source === b.source && a.day === b.day && a.symbol === b.symbol && a.strategy === b.strategy;
}

/** Two parts of one segment, the second stored later. */
function together(earlier: SegmentSummary, later: SegmentSummary): SegmentSummary {
  return {
    key: earlier.key,
    count: earlier.count + later.count,
    firstUs: Math.min(earlier.firstUs, later.firstUs),
    lastUs: Math.max(earlier.lastUs, later.lastUs),
    netQuantity: earlier.netQuantity + later.netQuantity,
    lastPrice: later.lastUs >= earlier.lastUs ? later.lastPrice : earlier.lastPrice,
    ...revisionOf(Math.max(earlier.revision ?? 0, later.revision ?? 0)),
  };
}

/** Most segments never were written anew, and say nothing of it. */
function revisionOf(revision: number): Pick<SegmentSummary, 'revision'> {
  return revision === 0 ? {} : { revision };
}

function columnsOfPart(row: Row, of: string): ExecutionColumns {
  const place = `segment part ${numberCell(row, 'id')} of ${of}`;
  return decodeColumns(bytesCell(row, 'columns'), numberCell(row, 'executions'), place);
}

/** Index of the first value that is not smaller than the bound. */
function firstNotBefore(ascending: Float64Array, bound: number): number {
  let low = 0;
  let high = ascending.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if (ascending[middle]! < bound) low = middle + 1;
    else high = middle;
  }
  return low;
}

function orderEventOf(row: Row): OrderEvent {
  return {
    source: wordCell(row, 'source', sourceSchema.options),
    venue: textOrNullCell(row, 'venue'),
    account: textOrNullCell(row, 'account'),
    strategy: textCell(row, 'strategy'),
    version: textOrNullCell(row, 'version'),
    symbol: textCell(row, 'symbol'),
    side: isNullCell(row, 'side') ? null : wordCell(row, 'side', sideSchema.options),
    kind: wordCell(row, 'kind', orderEventKindSchema.options),
    atUs: numberCell(row, 'at_us'),
    orderId: textOrNullCell(row, 'order_id'),
    clientOrderId: textOrNullCell(row, 'client_order_id'),
    intendedQuantity: numberOrNullCell(row, 'intended_quantity'),
    price: numberOrNullCell(row, 'price'),
    reason: textOrNullCell(row, 'reason'),
    paper: numberCell(row, 'paper') === 1,
    line: numberCell(row, 'line'),
  };
}

function dayCell(row: Row, column: string): UtcDay {
  const day = textCell(row, column);
  if (!isUtcDay(day)) throw damaged(`"${day}" is not a day`);
  return day;
}
