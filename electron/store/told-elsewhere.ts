import type { ExecutionColumns } from '../../shared/market/columns';
import { textAt } from '../../shared/market/text-column';
import type { ToldElsewhere } from '../engine/ports';
import { statement } from './connection';
import type { Readers } from './readers';
import { bytesCell, numberCell, textCell } from './rows';
import { decodeColumns } from './segment-codec';
import { visibleRows } from './visibility';

/**
 * Trades of an import that are stored under another strategy or symbol as well: probably one file that was imported twice with other
 * words. Days are compared that end with the same instant, as those of one file do.
 */

/** Pairs of days that are compared, so that the question stays cheap however much came twice. */
const mostPairs = 200;

const candidates = statement(
  'find days told elsewhere',
  `WITH told AS (SELECT number, source, first_us, last_us, symbols FROM imports WHERE id = ?1 AND state = 'done'),
   own AS MATERIALIZED (
     SELECT segment_parts.id, strategy, symbol, day, source, first_us, last_us FROM segment_parts
     WHERE (strategy, symbol) IN (SELECT strategy, value FROM told JOIN import_strategies ON import_number = number
         AND import_strategies.source = told.source, json_each(told.symbols))
       AND source = (SELECT source FROM told) AND last_us >= (SELECT first_us FROM told)
       AND first_us <= (SELECT last_us FROM told) AND ${visibleRows}),
   -- SQLite makes an index for what is materialised, and else compares every day with every other.
   days AS MATERIALIZED (
     SELECT id, strategy, symbol, day, source, last_us FROM segment_parts
     WHERE source = (SELECT source FROM told) AND last_us >= (SELECT min(last_us) FROM own)
       AND last_us <= (SELECT max(last_us) FROM own) AND ${visibleRows})
   SELECT own.id AS own, other.id AS other FROM own
   CROSS JOIN days AS other ON other.last_us = own.last_us AND other.day = own.day AND other.source = own.source
     AND (other.strategy <> own.strategy OR other.symbol <> own.symbol)
   LIMIT ${mostPairs}`,
);
const part = statement(
  'read a day told elsewhere',
  `SELECT strategy, symbol, executions, columns FROM segment_parts JOIN segment_data ON part_id = id WHERE id = ?`,
);

interface Part {
  readonly strategy: string;
  readonly symbol: string;
  readonly columns: ExecutionColumns;
}

export async function readToldElsewhere(readers: Readers, importId: string): Promise<readonly ToldElsewhere[]> {
  const found = new Map<string, { strategy: string; symbol: string; trades: number }>();
  const partOf = async (id: number): Promise<Part | null> => {
    const row = await readers.get(part, [id]);
    if (row === null) return null;
    const [strategy, symbol] = [textCell(row, 'strategy'), textCell(row, 'symbol')];
    const columns = decodeColumns(bytesCell(row, 'columns'), numberCell(row, 'executions'), `a part of ${symbol}`);
    return { strategy, symbol, columns };
  };
  for (const row of await readers.all(candidates, [importId])) {
    const own = await partOf(numberCell(row, 'own'));
    const other = await partOf(numberCell(row, 'other'));
    // Another import may have written it anew in between.
    if (own === null || other === null) continue;
    const { strategy, symbol } = other;
    const trades = commonTrades(own.columns, other.columns);
    if (trades === 0) continue;
    const name = JSON.stringify([strategy, symbol]);
    const before = found.get(name)?.trades ?? 0;
    found.set(name, { strategy, symbol, trades: before + trades });
  }
  return [...found.values()].sort((one, other) => other.trades - one.trades);
}

/** Trades that agree in id, time, side, price and quantity: numbers of trades are given for each product, so an id alone says nothing. */
function commonTrades(one: ExecutionColumns, other: ExecutionColumns): number {
  const nameAt = ({ tradeId, executedAtUs, side, price, quantity }: ExecutionColumns, row: number) =>
    `${textAt(tradeId, row)} ${executedAtUs[row]} ${side[row]} ${price[row]} ${quantity[row]}`;
  const known = new Set<string>();
  for (let row = 0; row < one.count; row++) if (textAt(one.tradeId, row) !== '') known.add(nameAt(one, row));
  let common = 0;
  for (let row = 0; row < other.count; row++) if (known.has(nameAt(other, row))) common++;
  return common;
}
