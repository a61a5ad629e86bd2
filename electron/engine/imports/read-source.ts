import { type Failure, FailureError, failure } from '../../../shared/base/errors';
import type { ImportQuestion } from '../../../shared/contract/calls';

import type { Source } from '../../../shared/market/executions';
import type { ForeignDatabase } from '../ports';
import type { BlockReading } from './block-task';
import { foreignKind, openContents, type SourceFile, withFirst } from './containers';
import { fileState, requireUnchanged } from './file-state';
import type { DelimitedSample, Format, ReadContext, RowSink, Sample } from './format';
import { GluedSymbols } from './glued-symbols';
import type { ForeignHost, ReadRequest } from './import-task';
import { readMarkup } from './markup-reader';
import { OpenQuestion } from './questions';
import type { BlockHelper } from './read-ahead';
import { chooseReading, type Reading, textSamples } from './recognise';
import type { FormatRegistry } from './registry';
import {
  type BlockSink,
  type DocumentRow,
  type PlainSink,
  readDelimited,
  readDocument,
  readJsonLines,
  readLines,
  readRecordDocuments,
  recordRows,
  type Settle,
} from './row-reader';
import { withSavedMaps } from './saved-maps';
import { openText, type TextSource } from './text-source';

/** From a path to rows: opens what the file is, recognises each file in it, and walks its rows. */

interface ReadTarget {
  /** A file begins: the one named, or a member of an archive. */
  enter(member: string | null, reading: Reading, alternatives: readonly Reading[]): void;
  readonly row: RowSink;
  /** Where executions go that were read straight from their bytes; left out, every row goes through its format. */
  readonly plain?: PlainSink;
  /** Where blocks of such executions go, read ahead; left out, rows are read one by one. */
  readonly blocks?: {
    /** As of {@link BlockSink}. */
    take: BlockSink['take'];
    /** Starts a helper for the text that is read so; null = there is none. */
    readonly call: ((reading: BlockReading) => BlockHelper) | null;
  };
  readonly settle: Settle;
  /** The named file ended behind a row without the end of its line. */
  endsWithoutLine?(): void;
  warn(message: string): void;
  ask(question: ImportQuestion): void;
  onBytes(bytesRead: number): void;
  /** Whether the reader should stop before the end: a preview has seen enough. */
  enough(): boolean;
}

export interface ReadOptions {
  readonly request: Omit<ReadRequest, 'source'> & { readonly source: Source | null };
  readonly registry: FormatRegistry;
  readonly host: ForeignHost;
  readonly signal: AbortSignal;
  readonly target: ReadTarget;
}

/** Throws `FailureError`; when it returns, the file was the same from beginning to end. */
export async function readSource(given: ReadOptions): Promise<void> {
  const { request, signal, target } = given;
  const { path, name } = request;
  const registry = withSavedMaps(given.registry, request.maps ?? [], (message) => target.warn(message));
  const options = { ...given, registry, target: withSplitSymbols(given.target, request.hints.symbol) };
  const before = await fileState(path, name);
  const named = namedFormat(request.hints.format, request.hints.map, registry);
  const contents = await openContents(path, name, signal, (bytes) => target.onBytes(bytes));
  if (contents.kind === 'database') {
    // A copy as of one moment is read; the bot that owns the database may go on writing.
    await readDatabase(options, named);
    return;
  }
  await readFiles(options, contents.files, named);
  if (!target.enough()) await requireUnchanged(before, path, name);
}

/** Hands rows on with their instruments taken apart as the user said, or asks. */
function withSplitSymbols(target: ReadTarget, hint: string | null): ReadTarget {
  const symbols = new GluedSymbols(hint);
  const { plain, blocks } = target;
  return {
    ...target,
    row: (line, outcome, text) => target.row(line, symbols.outcome(outcome, text), text),
    // What is in doubt needs its row to be looked at.
    ...(plain && { plain: (line, execution) => symbols.isSettled(execution.symbol) && plain(line, execution) }),
    ...(blocks && {
      blocks: {
        ...blocks,
        take: (block, line) =>
          block.groups.every(({ symbol }) => symbols.isSettled(symbol)) && blocks.take(block, line),
      },
    }),
  };
}

async function readFiles(
  options: ReadOptions,
  files: AsyncGenerator<SourceFile, void, undefined>,
  named: Format | null,
): Promise<void> {
  const { request, target } = options;
  const unread: FailureError[] = [];
  let read = 0;
  for await (const file of files) {
    try {
      await readFile(options, file, named);
      read++;
    } catch (error) {
      // An archive may hold more than trades; what nothing reads is passed over and named, unless nothing is left.
      if (file.member === null || !(error instanceof FailureError) || !holdsNoTrades(error.failure)) throw error;
      unread.push(error);
    }
    if (target.enough()) break;
  }
  const [first] = unread;
  if (read === 0 && first) {
    if (unread.length === 1) throw first;
    throw new FailureError(
      failure(
        'format-unknown',
        `None of the ${unread.length} files in ${request.name} is known. ${unread.map(({ message }) => message).join(' ')}`,
        first.failure.hint,
        { files: unread.length },
      ),
    );
  }
  for (const { message } of unread) target.warn(`Not read: ${message}`);
}

/** Whether a file is whole, but nothing Lockstep reads: unknown, empty, known to hold no trades, or no text at all. */
export function holdsNoTrades({ code, detail }: Failure): boolean {
  return ['format-unknown', 'file-empty', 'no-data'].includes(code) || 'controlBytes' in detail;
}

async function readFile(options: ReadOptions, file: SourceFile, named: Format | null): Promise<void> {
  const { request, registry, target } = options;
  const name = file.member === null ? request.name : `${request.name}:${file.member}`;
  const chunks = file.chunks();
  const text = await openKnownText(chunks, name);
  let lastByte = lineFeed;
  const source = { ...text, chunks: watched(text.chunks, (byte) => (lastByte = byte)) };
  try {
    if (source.head.length === 0) {
      throw new FailureError(failure('file-empty', `${name} is empty.`, 'Export it again, or leave it out.'));
    }
    const samples = samplesOf(file, source);
    const chosen = chooseReading(samples, registry.formats, named, source.head, name);
    const reading = withContainer(chosen.reading, file);
    requireTrades(reading, name);
    const { context, end } = contextFor(options, reading.format, file.member);
    checkSource(reading.format, request.source, name, context.warn);
    target.enter(file.member, reading, chosen.alternatives);
    const { format, sample } = reading;
    switch (format.reader.shape) {
      case 'delimited':
        if (sample.kind !== 'delimited') throw shapeMismatch(format, name);
        await readDelimited(
          source,
          reading,
          sample,
          registry.formats,
          context,
          target.row,
          target.settle,
          target.plain,
          blockSinkFor(options, reading.format, sample, file.member),
        );
        break;
      case 'lines':
        await readLines(source, format, context, target.row, target.settle);
        break;
      case 'markup':
        await readMarkup(source, format, context, target.row, target.settle);
        break;
      case 'jsonLines':
        await readJsonLines(source, format, context, target.row, target.settle);
        break;
      case 'jsonRecords':
        if (sample.kind === 'jsonLines') await readJsonLines(source, format, context, target.row, target.settle);
        else await walk(options, recordRows(await readRecordDocuments(source, name), format, context));
        break;
      case 'json':
        await walk(options, format.reader.rows(await readDocument(source, name), context));
        break;
      case 'sqlite':
      case 'nothing':
        throw shapeMismatch(format, name);
    }
    if (lastByte !== lineFeed && file.member === null) target.endsWithoutLine?.();
    if (!target.enough()) end();
  } catch (error) {
    throw withName(error, name);
  } finally {
    await source.close();
  }
}

function blockSinkFor(
  { request, target }: ReadOptions,
  format: Format,
  sample: DelimitedSample,
  member: string | null,
): BlockSink | null {
  const { blocks } = target;
  if (blocks === undefined || request.source === null) return null;
  const { source, strategy, version, account, nowUs, hints } = request;
  const origin = { source, strategy, version, account, nowUs };
  const { call } = blocks;
  const { id, map = null } = format;
  const reading = { format: id, map, sample, hints, names: namesOf(request, member), origin };
  return { origin, call: call && (() => call(reading)), take: (block, firstLine) => blocks.take(block, firstLine) };
}

function namesOf({ name }: ReadOptions['request'], member: string | null): readonly string[] {
  return member === null ? [name] : [member, name];
}

export function requireTrades({ format, sample }: Reading, name: string): void {
  const { reader, id } = format;
  if (reader.shape !== 'nothing') return;
  throw new FailureError(failure('no-data', `${name} ${reader.is(sample)}.`, reader.instead(sample), { format: id }));
}

const lineFeed = 10;

async function* watched(
  chunks: AsyncGenerator<Uint8Array, void, undefined>,
  onLast: (byte: number) => void,
): AsyncGenerator<Uint8Array, void, undefined> {
  for await (const chunk of chunks) {
    const last = chunk.at(-1);
    if (last !== undefined) onLast(last);
    yield chunk;
  }
}

/** Hands over the rows of a document that is in memory, and lets the sink store in between. */
async function walk({ signal, target }: ReadOptions, rows: Iterable<DocumentRow>): Promise<void> {
  let count = 0;
  for (const { line, outcome, text } of rows) {
    target.row(line, outcome, text);
    if (++count % 1_000 !== 0) continue;
    signal.throwIfAborted();
    if (!(await target.settle(0))) break;
  }
}

/** A format does not know its file's name; what it refuses must say it all the same. */
function withName(error: unknown, name: string): unknown {
  if (!(error instanceof FailureError) || error.message.includes(name)) return error;
  const named = { ...error.failure, message: `${name}: ${error.message}` };
  return error instanceof OpenQuestion ? new OpenQuestion(named, error.question) : new FailureError(named);
}

async function readDatabase(options: ReadOptions, named: Format | null): Promise<void> {
  const { request, registry, host, target, signal } = options;
  const { path, name } = request;
  const { tables, warnings } = await host.openDatabase(path);
  for (const warning of warnings) target.warn(warning);
  const chosen = chooseReading([{ kind: 'sqlite', tables }], registry.formats, named, new Uint8Array(0), name);
  requireTrades(chosen.reading, name);
  const { format } = chosen.reading;
  if (format.reader.shape !== 'sqlite') throw shapeMismatch(format, name);
  const { context, end } = contextFor(options, format, null);
  checkSource(format, request.source, name, context.warn);
  target.enter(null, chosen.reading, chosen.alternatives);
  const database: ForeignDatabase = {
    tables: async () => tables,
    rows: (table, offset, limit) => host.databaseRows({ table, offset, limit }),
    warnings,
    close: async () => undefined,
  };
  for await (const { line, outcome, text } of format.reader.rows(database, context)) {
    signal.throwIfAborted();
    target.row(line, outcome, text);
    if (!(await target.settle(0))) return;
  }
  end();
}

/** Text, or a failure that says what else it is. */
async function openKnownText(chunks: AsyncGenerator<Uint8Array, void, undefined>, name: string): Promise<TextSource> {
  const first = await chunks.next();
  const head = first.done ? new Uint8Array(0) : new Uint8Array(first.value);
  const foreign = foreignKind(head);
  if (foreign) {
    await chunks.return();
    throw new FailureError(failure('format-unknown', `${name} is ${foreign.what}.`, foreign.hint));
  }
  return openText(withFirst(head, chunks), name);
}

/** What the text can be looked at as; that of a column file is a table and nothing else. */
function samplesOf({ table }: SourceFile, { head, whole }: TextSource): readonly Sample[] {
  const samples = textSamples(head, whole);
  if (table === undefined) return samples;
  return samples.flatMap((sample) =>
    sample.kind === 'delimited' && sample.headerLine === 1 ? [{ ...sample, table }] : [],
  );
}

/** Says also what the text was taken out of. */
function withContainer(reading: Reading, { container }: SourceFile): Reading {
  if (container === undefined) return reading;
  const { recognition } = reading;
  return { ...reading, recognition: { ...recognition, reason: `${container}; ${recognition.reason}` } };
}

/** What the format is told, and what is to be called when the source has been read to its end. */
export function contextFor(
  { request, target }: { readonly request: ReadOptions['request']; readonly target: Pick<ReadTarget, 'warn' | 'ask'> },
  format: Format,
  member: string | null,
): { context: ReadContext; end: () => void } {
  const { zone, symbol, dateOrder = null, lotSize = null } = request.hints;
  const told = new Set<string | ImportQuestion>();
  const checks: (() => void)[] = [];
  const context: ReadContext = {
    source: request.source ?? format.impliedSource ?? 'live',
    zone,
    symbol,
    dateOrder,
    lotSize,
    names: namesOf(request, member),
    ask: (question) => {
      if (told.has(question)) return;
      told.add(question);
      const key = `${question.field} ${question.message}`;
      if (told.has(key)) return;
      told.add(key);
      target.ask(question);
    },
    warn: (message) => {
      if (told.has(message)) return;
      told.add(message);
      target.warn(message);
    },
    atEnd: (check) => checks.push(check),
  };
  return {
    context,
    end: () => {
      for (const check of checks) check();
    },
  };
}

export function namedFormat(id: string | null, map: string | null, registry: FormatRegistry): Format | null {
  if (map !== null) {
    const made = registry.fromMap(map);
    if (!made.ok) throw new FailureError(made.error);
    return made.value;
  }
  if (id === null) return null;
  const format = registry.formats.find((candidate) => candidate.id === id);
  if (format) return format;
  throw new FailureError(
    failure(
      'invalid-arguments',
      `There is no format "${id}".`,
      `Formats are: ${registry.formats.map((known) => known.id).join(', ')}.`,
      { format: id },
    ),
  );
}

/**
 * A backtest called live would be compared with itself and pass, so it is refused. A venue's export named as the reference is
 * unusual (a replay on a second account) and the user's word counts.
 */
export function checkSource(
  format: Format,
  source: Source | null,
  name: string,
  warn: (message: string) => void,
): void {
  if (source === null || format.impliedSource === null || format.impliedSource === source) return;
  if (format.impliedSource === 'live') {
    warn(`${format.title} is normally a live log; it is read as ${source} because that was said.`);
    return;
  }
  throw new FailureError(
    failure(
      'invalid-arguments',
      `${name} is ${format.title}, which is always ${format.impliedSource} and never ${source}.`,
      `Import it with --source ${format.impliedSource}.`,
      { format: format.id, source, impliedSource: format.impliedSource },
    ),
  );
}

function shapeMismatch(format: Format, name: string): FailureError {
  return new FailureError(
    failure(
      'format-damaged',
      `${name} does not have the shape of ${format.title}.`,
      'Leave --format out to let the content decide, or see "lockstep formats".',
      { format: format.id },
    ),
  );
}
