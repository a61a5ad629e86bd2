/** Runs a format over source text through the import's own recognition and row reading. */

import type {
  Format,
  ParsedExecution,
  ParsedOrderEvent,
  ReadContext,
  RowOutcome,
} from '../../electron/engine/imports/format';
import { formats } from '../../electron/engine/imports/formats/index';
import { readMarkup } from '../../electron/engine/imports/markup-reader';
import { chooseReading, readingsOf, textSamples } from '../../electron/engine/imports/recognise';
import {
  readDelimited,
  readDocument,
  readJsonLines,
  readLines,
  readRecordDocuments,
  recordRows,
} from '../../electron/engine/imports/row-reader';
import { openText } from '../../electron/engine/imports/text-source';
import type { TradeChange } from '../../electron/engine/imports/trade-changes';
import type { ForeignDatabase } from '../../electron/engine/ports';
import { FailureError } from '../../shared/base/errors';
import type { PricePoint } from '../../shared/market/executions';

export interface ReadResult {
  readonly outcomes: readonly RowOutcome[];
  readonly executions: readonly ParsedExecution[];
  readonly orderEvents: readonly ParsedOrderEvent[];
  readonly prices: readonly PricePoint[];
  readonly changes: readonly TradeChange[];
  /** `other` rows by name. */
  readonly others: Readonly<Record<string, number>>;
  readonly quarantined: readonly string[];
  readonly warnings: readonly string[];
}

function contextWith(overrides: Partial<ReadContext>): {
  context: ReadContext;
  warnings: Set<string>;
  end: () => void;
} {
  const warnings = new Set<string>();
  const checks: (() => void)[] = [];
  const context = {
    source: 'live' as const,
    zone: null,
    symbol: null,
    warn: (text: string) => warnings.add(text),
    atEnd: (check: () => void) => checks.push(check),
    ...overrides,
  };
  const end = (): void => {
    for (const check of checks) check();
  };
  return { warnings, context, end };
}

async function* bytesOf(text: string): AsyncGenerator<Uint8Array, void, undefined> {
  yield Buffer.from(text);
}

/** Ids of the formats that recognise the text, the surest first. */
export async function recognisedAs(text: string): Promise<readonly string[]> {
  const source = await openText(bytesOf(text), 'test');
  return readingsOf(textSamples(source.head, source.whole), formats).map((reading) => reading.format.id);
}

/** Reads the text as that format, as if the user had named it. */
export async function readAs(format: Format, text: string, overrides: Partial<ReadContext> = {}): Promise<ReadResult> {
  const { context, warnings, end } = contextWith(overrides);
  const source = await openText(bytesOf(text), 'test');
  const { reading } = chooseReading(textSamples(source.head, source.whole), formats, format, source.head, 'test');
  const outcomes: RowOutcome[] = [];
  const sink = (_: number, outcome: RowOutcome): void => {
    outcomes.push(outcome);
  };
  const settle = async (): Promise<boolean> => true;
  if (format.reader.shape === 'markup') await readMarkup(source, format, context, sink, settle);
  else if (format.reader.shape === 'lines') await readLines(source, format, context, sink, settle);
  else if (format.reader.shape === 'json') {
    for (const row of format.reader.rows(await readDocument(source, 'test'), context)) outcomes.push(row.outcome);
  } else if (format.reader.shape === 'jsonRecords' && reading.sample.kind === 'json') {
    for (const row of recordRows(await readRecordDocuments(source, 'test'), format, context))
      outcomes.push(row.outcome);
  } else if (format.reader.shape === 'jsonLines' || format.reader.shape === 'jsonRecords')
    await readJsonLines(source, format, context, sink, settle);
  else if (reading.sample.kind === 'delimited') {
    await readDelimited(source, reading, reading.sample, formats, context, sink, settle);
  } else throw new Error(`${format.id} cannot read this`);
  end();
  return summarise(outcomes, warnings);
}

/** Reads tables as if they were a database. */
export async function readTables(
  format: Format,
  tables: Readonly<Record<string, readonly Readonly<Record<string, unknown>>[]>>,
  warnings: readonly string[] = [],
): Promise<ReadResult> {
  if (format.reader.shape !== 'sqlite') throw new Error(`${format.id} does not read databases`);
  const told = contextWith({});
  const database: ForeignDatabase = {
    tables: async () => new Map(Object.entries(tables).map(([name, rows]) => [name, Object.keys(rows[0] ?? {})])),
    rows: async (table, offset, limit) => (tables[table] ?? []).slice(offset, offset + limit),
    warnings,
    close: async () => undefined,
  };
  const outcomes: RowOutcome[] = [];
  for await (const row of format.reader.rows(database, told.context)) outcomes.push(row.outcome);
  told.end();
  return summarise(outcomes, told.warnings);
}

export function summarise(outcomes: readonly RowOutcome[], warnings: Iterable<string>): ReadResult {
  const executions: ParsedExecution[] = [];
  const orderEvents: ParsedOrderEvent[] = [];
  const prices: PricePoint[] = [];
  const changes: TradeChange[] = [];
  const others: Record<string, number> = {};
  const quarantined: string[] = [];
  for (const outcome of outcomes) {
    if (outcome.kind === 'executions') {
      executions.push(...outcome.executions);
      orderEvents.push(...(outcome.orderEvents ?? []));
    } else if (outcome.kind === 'orderEvents') orderEvents.push(...outcome.orderEvents);
    else if (outcome.kind === 'prices') prices.push(...outcome.points);
    else if (outcome.kind === 'change') changes.push(outcome.change);
    else if (outcome.kind === 'other') others[outcome.name] = (others[outcome.name] ?? 0) + 1;
    else quarantined.push(outcome.reason);
  }
  return { outcomes, executions, orderEvents, prices, changes, others, quarantined, warnings: [...warnings] };
}

/** Why reading fails as a whole: the code and the message. */
export async function failureOf(reading: Promise<unknown>): Promise<string> {
  try {
    await reading;
    return 'it was read';
  } catch (error) {
    if (error instanceof FailureError) return `${error.failure.code}: ${error.failure.message}`;
    throw error;
  }
}

/** An execution of which everything that is not given is unknown. */
export function fill(known: Partial<ParsedExecution>): ParsedExecution {
  return {
    venue: null,
    account: null,
    strategy: null,
    version: null,
    symbol: '',
    side: 'buy',
    price: 0,
    quantity: 0,
    fee: null,
    feeCurrency: null,
    liquidity: null,
    executedAtUs: 0,
    tradeId: null,
    orderId: null,
    clientOrderId: null,
    decidedAtUs: null,
    submittedAtUs: null,
    arrivalPrice: null,
    intendedQuantity: null,
    paper: false,
    ...known,
  };
}

/** Microseconds of an ISO time, for expected values. */
export function us(iso: string): number {
  return Date.parse(iso) * 1_000;
}
