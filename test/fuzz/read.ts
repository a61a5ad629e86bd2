import { databaseOf } from '../../electron/engine/imports/example-run';
import type {
  Format,
  ParsedExecution,
  ParsedOrderEvent,
  ReadContext,
  RowOutcome,
} from '../../electron/engine/imports/format';
import { readMarkup } from '../../electron/engine/imports/markup-reader';
import { chooseReading, textSamples } from '../../electron/engine/imports/recognise';
import { allFormats } from '../../electron/engine/imports/registry';
import {
  readDelimited,
  readDocument,
  readJsonLines,
  readLines,
  readRecordDocuments,
  recordRows,
} from '../../electron/engine/imports/row-reader';
import { openText } from '../../electron/engine/imports/text-source';
import { executionProblem, orderEventProblem, priceProblem } from '../../electron/engine/imports/validate';
import { type Failure, FailureError, failure } from '../../shared/base/errors';

/** Reads bytes in memory by the product's own recognition and row reading, and keeps what each row became. */

export interface ReadRow {
  readonly line: number;
  readonly kind: RowOutcome['kind'];
  readonly executions: readonly ParsedExecution[];
  readonly orderEvents: readonly ParsedOrderEvent[];
  readonly prices: readonly { readonly symbol: string; readonly atUs: number; readonly price: number }[];
}

export type LogRead =
  | { readonly refused: Failure }
  | {
      readonly refused: null;
      readonly format: string;
      readonly rows: readonly ReadRow[];
      readonly warnings: readonly string[];
    };

export interface LogToRead {
  readonly bytes: Uint8Array;
  /** Sizes of the chunks the bytes arrive in; the rest comes as one. */
  readonly chunkSizes: readonly number[];
  /** Format the user names; null = the content must tell. */
  readonly named: Format | null;
  readonly zone: string | null;
  readonly symbol: string | null;
}

/** The one format that tells its day only by its name needs one. */
const fileName = '20250203_ethusd_minute_trade.csv';
/** The present of every case, so that a case is the same whenever it runs. */
export const nowUs = Date.UTC(2027, 0, 1) * 1_000;

async function* chunks({ bytes, chunkSizes }: LogToRead): AsyncGenerator<Uint8Array, void, undefined> {
  let at = 0;
  for (const size of chunkSizes) {
    if (at >= bytes.length) return;
    yield bytes.slice(at, at + size);
    at += size;
  }
  if (at < bytes.length) yield bytes.slice(at);
}

/** Anything but a `FailureError` passes through: it is what the fuzzer looks for. */
export async function readLog(log: LogToRead): Promise<LogRead> {
  const warnings = new Set<string>();
  const atEnd: (() => void)[] = [];
  const context: ReadContext = {
    source: 'live',
    zone: log.zone,
    symbol: log.symbol,
    names: [fileName],
    warn: (message) => warnings.add(message),
    atEnd: (check) => atEnd.push(check),
  };
  const rows: ReadRow[] = [];
  const sink = (line: number, outcome: RowOutcome, text: () => string): void => {
    text();
    rows.push(checked(line, outcome));
  };
  const done = (format: Format): LogRead => {
    for (const check of atEnd) check();
    return { refused: null, format: format.id, rows, warnings: [...warnings] };
  };
  try {
    if (log.named?.reader.shape === 'sqlite') {
      const tables = databaseOf(JSON.parse(Buffer.from(log.bytes).toString()));
      for await (const row of log.named.reader.rows(tables, context)) sink(row.line, row.outcome, row.text);
      return done(log.named);
    }
    const source = await openText(chunks(log), 'case');
    const samples = textSamples(source.head, source.whole);
    const { reading } = chooseReading(samples, allFormats.formats, log.named, source.head, 'case');
    const { format, sample } = reading;
    const { reader } = format;
    const settle = async (): Promise<boolean> => true;
    if (reader.shape === 'lines') await readLines(source, format, context, sink, settle);
    else if (reader.shape === 'markup') await readMarkup(source, format, context, sink, settle);
    else if (reader.shape === 'delimited' && sample.kind === 'delimited') {
      await readDelimited(source, reading, sample, allFormats.formats, context, sink, settle);
    } else if (reader.shape === 'json') {
      for (const row of reader.rows(await readDocument(source, 'case'), context)) sink(row.line, row.outcome, row.text);
    } else if (reader.shape === 'jsonRecords' && sample.kind === 'json') {
      for (const row of recordRows(await readRecordDocuments(source, 'case'), format, context))
        sink(row.line, row.outcome, row.text);
    } else if (reader.shape === 'jsonLines' || reader.shape === 'jsonRecords') {
      await readJsonLines(source, format, context, sink, settle);
    } else throw new Error(`${format.id} was chosen for a ${sample.kind} sample`);
    return done(format);
  } catch (error) {
    if (error instanceof SyntaxError && log.named?.reader.shape === 'sqlite') return { refused: noDatabase };
    if (error instanceof FailureError) return { refused: error.failure };
    throw error;
  }
}

const noDatabase = failure('format-damaged', 'The change left no database.', 'Nothing to do.');

/** The row as the import would take it: what is not sound goes to quarantine there. */
function checked(line: number, outcome: RowOutcome): ReadRow {
  const nothing = { executions: [], orderEvents: [], prices: [] };
  const executions = outcome.kind === 'executions' ? outcome.executions : [];
  const orderEvents =
    outcome.kind === 'orderEvents'
      ? outcome.orderEvents
      : outcome.kind === 'executions'
        ? (outcome.orderEvents ?? [])
        : [];
  const prices = outcome.kind === 'prices' ? outcome.points : [];
  const problem =
    executions.some((one) => executionProblem(one, nowUs) !== null) ||
    orderEvents.some((one) => orderEventProblem(one, nowUs) !== null) ||
    prices.some((one) => priceProblem(one.symbol, one.atUs, one.price, nowUs) !== null);
  if (problem) return { line, kind: 'quarantine', ...nothing };
  return { line, kind: outcome.kind, executions, orderEvents, prices };
}
