import { FailureError, failure } from '../../../shared/base/errors';
import type { ImportQuestion } from '../../../shared/contract/calls';
import type { PlainOrigin } from './block-kernel/plain-kernel';
import { ExecutionByteReader, type ExecutionBytes } from './execution-bytes';
import type { DelimitedSample, Format, HeldRow, ReadContext, RowOutcome, RowSink } from './format';
import { normaliseHeader } from './formats/header';
import { jsonText } from './formats/json';
import { HeldRows } from './held-rows';
import { parseKeepingDigits } from './json-text';
import { openBlock, type PlainBlock, PlainBlockReader } from './plain-blocks';
import { type BlockHelper, type ReadBlock, readAhead } from './read-ahead';
import { fairlySure, type Reading, readingsOf, textSamples } from './recognise';
import { type RecordProblem, RecordScanner, type ScannedRecord } from './record-scanner';
import type { TextSource } from './text-source';

/**
 * Takes an execution that was read straight from its row, valid during the call; false = the row must be read by its format, for
 * example because of a value that puts it into quarantine.
 */
export type PlainSink = (line: number, execution: ExecutionBytes) => boolean;

/** Takes executions by the block, and reads them ahead. */
export interface BlockSink {
  readonly origin: PlainOrigin;
  /** Starts a helper, see {@link readAhead}; null = there is none. */
  readonly call: (() => BlockHelper) | null;
  /** Bytes of a block; left out = as many as serve best. */
  readonly blockBytes?: number;
  /** Takes the block whose first row stands on the line; false = its records must be read one by one. Called in the order of the text. */
  take(block: PlainBlock, firstLine: number): boolean;
}

/**
 * Called between chunks, so that the sink can store what it has and memory stays bounded. `unfinishedBytes` = how many of the last
 * bytes belong to a record that has not ended yet. False = enough was read.
 */
export type Settle = (unfinishedBytes: number) => Promise<boolean>;

export const problemReasons: Record<RecordProblem, string> = {
  'too-long': 'the row is longer than 1 MiB',
  'stray-quote': 'a quoted cell is followed by other text before the next delimiter',
  'open-quote': 'a quote is opened and never closed',
  'not-utf8': 'the row is not valid UTF-8; export the file again as UTF-8',
  'nul-byte': 'the row contains NUL bytes',
};

const maxDocumentBytes = 512 * 1024 * 1024;
/** Rows in which a second header is looked for, at most: a file of nonsense is not judged line by line. */
const maxHeaderSearches = 200;

/** Walks a delimited text. Rows before the header are a preamble and no rows. */
export async function readDelimited(
  source: Pick<TextSource, 'chunks'>,
  reading: Pick<Reading, 'format'>,
  sample: DelimitedSample,
  formats: readonly Format[],
  context: ReadContext,
  sink: RowSink,
  settle: Settle,
  plainSink?: PlainSink,
  blockSink: BlockSink | null = null,
  /** Line by which the format knows a row, where it is not the line it is read on. */
  lineOf: (line: number) => number = (line) => line,
): Promise<void> {
  const { format } = reading;
  if (format.reader.shape !== 'delimited') throw new Error(`${format.id} does not read delimited text`);
  const { rawHeader, header, headerLine, delimiter } = sample;
  const toOutcome = format.reader.open(header, context, sample);
  const width = header.length;
  const ragged = format.reader.ragged === true;
  /** What every row that follows is, once another file begins in the middle of this one. */
  let foreign: RowOutcome | null = null;
  let headerSearches = 0;

  const outcomeOf = (record: ScannedRecord): RowOutcome | HeldRow => {
    // Quotes doubled once too often: `""1,500.0""` for `"1,500.0"`.
    const mended = record.problem === 'stray-quote' ? recut(record.text().replaceAll('""', '"'), delimiter) : null;
    if (record.problem !== null && mended?.length !== width) {
      const truncated = !record.ended && record.problem === 'open-quote';
      return { kind: 'quarantine', reason: truncated ? truncatedReason(width) : problemReasons[record.problem] };
    }
    let cells = mended ?? record.cells;
    if (isBlank(cells)) return { kind: 'other', name: 'blank line' };
    // A row that is quoted as a whole, with its own quotes doubled.
    if (cells.length === 1 && width > 1 && cells[0]!.includes(delimiter)) cells = recut(cells[0]!, delimiter) ?? cells;
    if (cells[0]!.charCodeAt(0) === 0xfeff) cells = cells.map(withoutMark);
    if (cells[0] === rawHeader[0] && isSameHeader(cells, header)) {
      foreign = null;
      return { kind: 'other', name: 'repeated header' };
    }
    if (foreign) return foreign;
    if (cells.length !== width && !ragged) {
      const extra = cells.slice(width);
      if (cells.length > width && extra.every((cell) => cell.trim() === '')) cells = cells.slice(0, width);
      else if (cells.length < width && !record.ended)
        return { kind: 'quarantine', reason: truncatedReason(width, cells.length) };
      else {
        const reason = `the row has ${cells.length} cells where the header has ${width}`;
        return secondHeader(record) ?? { kind: 'quarantine', reason };
      }
    }
    const outcome = toOutcome({ line: lineOf(record.line), cells });
    return outcome.kind === 'quarantine' ? (secondHeader(record) ?? outcome) : outcome;
  };

  /** A row that cannot be read may be the header of another file, pasted behind this one. */
  const secondHeader = (record: ScannedRecord): RowOutcome | null => {
    if (headerSearches >= maxHeaderSearches || record.sizeBytes > 8_192) return null;
    headerSearches++;
    const text = Buffer.from(record.text());
    const headers = textSamples(text, true).filter((one) => one.kind !== 'delimited' || one.headerLine > 0);
    const other = readingsOf(headers, formats).find(({ recognition }) => recognition.confidence >= fairlySure);
    if (!other || (other.sample.kind === 'delimited' && isSameHeader(other.sample.rawHeader, header))) return null;
    foreign = {
      kind: 'quarantine',
      reason: `a second header begins at line ${record.line} (looks like ${other.format.id}): two files are glued together`,
    };
    return foreign;
  };

  const held = new HeldRows(sink);
  const takePlain = (bytes: Uint8Array, start: number, line: number): number => {
    if (plain === null || plainSink === undefined || line <= headerLine || foreign !== null) return -1;
    const next = plain.read(bytes, start);
    const taken = next >= 0 && plainSink(line, plain.execution);
    if (remarks.size > 0) {
      if (taken) {
        for (const remark of remarks) {
          said.add(remark);
          if (typeof remark === 'string') context.warn(remark);
          else context.ask?.(remark);
        }
      }
      remarks.clear();
    }
    return taken ? next : -1;
  };
  /** What a row being read from its bytes gives cause to say or ask; neither is done when the row is given back. */
  const remarks = new Set<string | ImportQuestion>();
  const said = new Set<string | ImportQuestion>();
  const note = (remark: string | ImportQuestion) => {
    if (!said.has(remark)) remarks.add(remark);
  };
  const layout =
    plainSink === undefined
      ? null
      : (format.reader.layout?.(header, { ...context, warn: note, ask: note }, sample) ?? null);
  // What the columns as a whole give cause to say was said when the format was opened.
  remarks.clear();
  const plain = layout === null ? null : new ExecutionByteReader(layout, width, delimiter);
  const scanner = new RecordScanner({ delimiter, ...(plain !== null && { takePlain }) }, (record) => {
    if (record.line <= headerLine) return;
    const outcome = outcomeOf(record);
    if (outcome.kind === 'held') held.hold(outcome.group, record.line, record.text());
    else sink(record.line, outcome, () => record.text());
  });
  /** The blocks of the text, where there is a way to read it by blocks; otherwise its chunks. */
  const pieces = (): AsyncIterable<ReadBlock> => {
    const reader = blockSink && PlainBlockReader.open(format, sample, context, blockSink.origin);
    return blockSink === null || reader === null
      ? inPieces(source.chunks)
      : readAhead(source.chunks, reader, blockSink.call, blockSink.blockBytes);
  };
  for await (const { bytes, block, refused } of pieces()) {
    const line = scanner.nextLine;
    const whole = block !== null && line !== null && line > headerLine && foreign === null;
    if (whole && blockSink?.take(openBlock(block), line)) scanner.passOver(block.count);
    else {
      if (block !== null) refused();
      scanner.push(bytes);
    }
    if (!(await settle(scanner.unfinishedBytes))) return;
  }
  scanner.end();
  held.settleAll();
}

async function* inPieces(chunks: AsyncIterable<Uint8Array>): AsyncGenerator<ReadBlock, void, undefined> {
  for await (const bytes of chunks) yield { bytes, block: null, refused: () => undefined };
}

/** Walks any text line by line. */
export async function readLines(
  source: TextSource,
  format: Format,
  context: ReadContext,
  sink: RowSink,
  settle: Settle,
): Promise<void> {
  if (format.reader.shape !== 'lines') throw new Error(`${format.id} does not read lines`);
  const toOutcome = format.reader.open(context);
  const held = new HeldRows(sink);
  const scanner = new RecordScanner({ delimiter: null }, (record) => {
    const text = record.problem === null ? record.cells[0]! : '';
    const outcome: RowOutcome | HeldRow =
      record.problem !== null
        ? { kind: 'quarantine', reason: problemReasons[record.problem] }
        : text.trim() === ''
          ? { kind: 'other', name: 'blank line' }
          : toOutcome(text, record.line);
    if (outcome.kind === 'held') held.hold(outcome.group, record.line, record.text());
    else sink(record.line, outcome, () => record.text());
  });
  for await (const chunk of source.chunks) {
    scanner.push(chunk);
    if (!(await settle(scanner.unfinishedBytes))) return;
  }
  scanner.end();
  held.settleAll();
}

/** Walks JSON Lines; a line may be a message of several records. */
export async function readJsonLines(
  source: TextSource,
  format: Format,
  context: ReadContext,
  sink: RowSink,
  settle: Settle,
): Promise<void> {
  const { reader } = format;
  if (reader.shape !== 'jsonLines' && reader.shape !== 'jsonRecords') {
    throw new Error(`${format.id} does not read JSON Lines`);
  }
  const toOutcome = reader.open(context);
  const scanner = new RecordScanner({ delimiter: null }, (record) => {
    const parsed = jsonOfLine(record, reader.shape === 'jsonRecords' ? parseKeepingDigits : JSON.parse);
    const text = () => record.text();
    if (parsed.kind !== 'value') sink(record.line, parsed, text);
    else if (reader.shape === 'jsonLines') sink(record.line, toOutcome(parsed.value, record.line), text);
    else
      for (const row of rowsOfMessage(parsed.value, reader, toOutcome, record.line))
        sink(row.line, row.outcome, row.text);
  });
  for await (const chunk of source.chunks) {
    scanner.push(chunk);
    if (!(await settle(scanner.unfinishedBytes))) return;
  }
  scanner.end();
}

/** The value of the line, or what the line is instead of one. */
function jsonOfLine(
  record: ScannedRecord,
  parse: (text: string) => unknown,
): RowOutcome | { readonly kind: 'value'; readonly value: unknown } {
  if (record.problem !== null) return { kind: 'quarantine', reason: problemReasons[record.problem] };
  const text = record.cells[0]!;
  if (text.trim() === '') return { kind: 'other', name: 'blank line' };
  try {
    return { kind: 'value', value: parse(text) };
  } catch (error) {
    if (!record.ended) return { kind: 'quarantine', reason: 'truncated: the file ends in the middle of this row' };
    return {
      kind: 'quarantine',
      reason: `the line is not valid JSON: ${error instanceof Error ? error.message : error}`,
    };
  }
}

export interface DocumentRow {
  readonly line: number;
  readonly outcome: RowOutcome;
  readonly text: () => string;
}

type RecordsReader = Extract<Format['reader'], { shape: 'jsonRecords' }>;

function* rowsOfMessage(
  message: unknown,
  reader: RecordsReader,
  toOutcome: (record: unknown, line: number) => RowOutcome,
  line: number,
): Generator<DocumentRow> {
  let records = 0;
  for (const record of reader.records(message)) {
    records++;
    yield { line, outcome: toOutcome(record, line), text: () => jsonText(record) };
  }
  if (records === 0) yield { line, outcome: { kind: 'other', name: 'empty page' }, text: () => jsonText(message) };
}

/** Rows of messages that are in memory, numbered from 1. */
export function* recordRows(
  messages: readonly unknown[],
  format: Format,
  context: ReadContext,
): Generator<DocumentRow> {
  const { reader } = format;
  if (reader.shape !== 'jsonRecords') throw new Error(`${format.id} does not read records`);
  const toOutcome = reader.open(context);
  let line = 0;
  for (const message of messages) {
    for (const row of rowsOfMessage(message, reader, toOutcome, line + 1)) {
      line++;
      yield { ...row, line };
    }
  }
}

/** Parses a whole JSON document. Throws `limit-exceeded` or `format-damaged`. */
export async function readDocument(source: TextSource, name: string): Promise<unknown> {
  return parseDocument(await wholeText(source, name), name, JSON.parse);
}

/**
 * Parses the messages of a file of API records: one document, or pages written one a line, each longer than a sample shows.
 * Throws as {@link readDocument}.
 */
export async function readRecordDocuments(source: TextSource, name: string): Promise<readonly unknown[]> {
  const text = await wholeText(source, name);
  const lines = text.split('\n').filter((line) => line.trim() !== '');
  if (lines.length > 1 && lines.every((line) => /^\s*[[{].*[\]}]\s*$/s.test(line))) {
    try {
      return lines.map(parseKeepingDigits);
    } catch {
      // Lines of one document that only look whole.
    }
  }
  return [parseDocument(text, name, parseKeepingDigits)];
}

async function wholeText(source: TextSource, name: string): Promise<string> {
  const pieces: Uint8Array[] = [];
  let size = 0;
  for await (const chunk of source.chunks) {
    size += chunk.length;
    if (size > maxDocumentBytes) {
      throw new FailureError(
        failure(
          'limit-exceeded',
          `${name} is a JSON document of more than ${maxDocumentBytes / 1024 / 1024} MiB.`,
          'Split it, or export it as CSV or JSON Lines, which are read in a stream.',
          { limit: maxDocumentBytes },
        ),
      );
    }
    pieces.push(new Uint8Array(chunk));
  }
  return Buffer.concat(pieces, size).toString();
}

function parseDocument(text: string, name: string, parse: (text: string) => unknown): unknown {
  try {
    return parseWithoutNumbers(text, parse);
  } catch (error) {
    throw new FailureError(
      failure(
        'format-damaged',
        `${name} is not valid JSON: ${error instanceof Error ? error.message : error}.`,
        'It may have been cut short; export or copy it again. Nothing was stored.',
      ),
    );
  }
}

/**
 * JSON as Python writes it may hold NaN, which says "no number" and is read as null, and Infinity, which says something nobody can
 * trade on and is read as text, so that whoever needs a number there refuses it.
 */
function parseWithoutNumbers(text: string, parse: (text: string) => unknown): unknown {
  try {
    return parse(text);
  } catch (error) {
    if (!/[:[,]\s*-?(NaN|Infinity)/.test(text)) throw error;
    return parse(
      text.replaceAll(/"(?:[^"\\]|\\.)*"|-?\b(?:NaN|Infinity)\b/g, (token) =>
        token[0] === '"' ? token : token.endsWith('NaN') ? 'null' : `"${token}"`,
      ),
    );
  }
}

function truncatedReason(width: number, cells?: number): string {
  const how = cells === undefined ? 'inside a quoted cell' : `after ${cells} of ${width} cells`;
  return `truncated: the file ends in the middle of this row, ${how}`;
}

function isBlank(cells: readonly string[]): boolean {
  return (cells[0] === '' || cells.length === 1) && cells.every((cell) => cell.trim() === '');
}

function isSameHeader(cells: readonly string[], header: readonly string[]): boolean {
  const other = normaliseHeader(cells);
  return other.length === header.length && other.every((cell, index) => cell === header[index]);
}

function withoutMark(cell: string): string {
  return cell.replaceAll('\ufeff', '');
}

/** Cuts the text of one cell into cells; null when it is not one sound record. */
function recut(text: string, delimiter: string): readonly string[] | null {
  let cells: readonly string[] | null = null;
  let records = 0;
  const scanner = new RecordScanner({ delimiter }, (record) => {
    records++;
    cells = record.problem === null ? record.cells : null;
  });
  scanner.push(Buffer.from(text));
  scanner.end();
  return records === 1 ? cells : null;
}
