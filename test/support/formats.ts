/** Runs a format over its source text the way an import does: header, sample, then each row in file order. */

import type {
  DelimitedSample,
  Format,
  ParsedExecution,
  ParsedOrderEvent,
  ReadContext,
  RowOutcome,
  Sample,
} from '../../electron/engine/imports/format';
import { normaliseHeader } from '../../electron/engine/imports/formats/header';

export interface ReadResult {
  readonly outcomes: readonly RowOutcome[];
  readonly executions: readonly ParsedExecution[];
  readonly orderEvents: readonly ParsedOrderEvent[];
  /** `other` rows by name. */
  readonly others: Readonly<Record<string, number>>;
  readonly quarantined: readonly string[];
  readonly warnings: readonly string[];
}

export function readContext(overrides: Partial<ReadContext> = {}): { context: ReadContext; warnings: string[] } {
  const warnings: string[] = [];
  return {
    warnings,
    context: { source: 'live', zone: null, symbol: null, warn: (message) => warnings.push(message), ...overrides },
  };
}

/** Splits delimited text the way RFC 4180 says, leniently: a quote inside an unquoted cell is kept. */
export function splitRecords(text: string, delimiter: string): string[][] {
  const records: string[][] = [];
  let cells: string[] = [];
  let cell = '';
  let quoted = false;
  const source = text.replace(/^\ufeff/, '');
  for (let at = 0; at < source.length; at++) {
    const character = source[at]!;
    if (quoted) {
      if (character !== '"') cell += character;
      else if (source[at + 1] === '"') {
        cell += '"';
        at++;
      } else quoted = false;
    } else if (character === '"' && cell === '') quoted = true;
    else if (character === delimiter) {
      cells.push(cell);
      cell = '';
    } else if (character === '\n') {
      cells.push(cell.replace(/\r$/, ''));
      records.push(cells);
      cells = [];
      cell = '';
    } else cell += character;
  }
  if (cell !== '' || cells.length > 0) records.push([...cells, cell.replace(/\r$/, '')]);
  return records;
}

export function delimitedSample(text: string, delimiter: DelimitedSample['delimiter'] = ','): DelimitedSample {
  const [rawHeader = [], ...rows] = splitRecords(text, delimiter);
  return {
    kind: 'delimited',
    delimiter,
    rawHeader,
    header: normaliseHeader(rawHeader),
    headerLine: 1,
    rows: rows.slice(0, 50),
  };
}

export function readDelimited(
  format: Format,
  text: string,
  overrides: Partial<ReadContext> = {},
  delimiter: DelimitedSample['delimiter'] = ',',
): ReadResult {
  if (format.reader.shape !== 'delimited') throw new Error(`${format.id} does not read delimited text`);
  const { context, warnings } = readContext(overrides);
  const sample = delimitedSample(text, delimiter);
  const read = format.reader.open(sample.header, context, sample);
  const { ragged } = format.reader;
  const width = sample.header.length;
  const outcomes: RowOutcome[] = [];
  for (const [index, cells] of splitRecords(text, delimiter).slice(1).entries()) {
    if (cells.every((cell) => cell.trim() === '')) continue;
    const extra = cells.slice(width).some((cell) => cell.trim() !== '');
    const misshapen = ragged !== true && (cells.length < width || extra);
    outcomes.push(
      misshapen
        ? { kind: 'quarantine', reason: `the row has ${cells.length} cells, the header ${width}` }
        : read({ line: index + 2, cells }),
    );
  }
  return summarise(outcomes, warnings);
}

export function readJsonLines(format: Format, text: string, overrides: Partial<ReadContext> = {}): ReadResult {
  if (format.reader.shape !== 'jsonLines') throw new Error(`${format.id} does not read JSON Lines`);
  const { context, warnings } = readContext(overrides);
  const read = format.reader.open(context);
  const lines = text.split('\n').filter((line) => line !== '');
  return summarise(
    lines.map((line, index) => read(JSON.parse(line), index + 1)),
    warnings,
  );
}

export function readJson(format: Format, document: unknown, overrides: Partial<ReadContext> = {}): ReadResult {
  if (format.reader.shape !== 'json') throw new Error(`${format.id} does not read JSON documents`);
  const { context, warnings } = readContext(overrides);
  return summarise(
    Array.from(format.reader.rows(document, context), (row) => row.outcome),
    warnings,
  );
}

export function jsonSample(document: unknown): Sample {
  return { kind: 'json', text: JSON.stringify(document).slice(0, 65_536) };
}

export function summarise(outcomes: readonly RowOutcome[], warnings: readonly string[]): ReadResult {
  const executions: ParsedExecution[] = [];
  const orderEvents: ParsedOrderEvent[] = [];
  const others: Record<string, number> = {};
  const quarantined: string[] = [];
  for (const outcome of outcomes) {
    if (outcome.kind === 'executions') {
      executions.push(...outcome.executions);
      orderEvents.push(...(outcome.orderEvents ?? []));
    } else if (outcome.kind === 'orderEvents') orderEvents.push(...outcome.orderEvents);
    else if (outcome.kind === 'other') others[outcome.name] = (others[outcome.name] ?? 0) + 1;
    else if (outcome.kind === 'quarantine') quarantined.push(outcome.reason);
  }
  return { outcomes, executions, orderEvents, others, quarantined, warnings };
}

/** Microseconds of an ISO time, for expected values. */
export function us(iso: string): number {
  return Date.parse(iso) * 1_000;
}
