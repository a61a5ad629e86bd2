import { FailureError, failure } from '../../../shared/base/errors';
import type { DelimitedSample, Format, Recognition, Sample } from './format';
import { normaliseHeader } from './formats/header';
import { jsonText } from './formats/json';
import type { Recognised } from './import-task';
import { beginningOf } from './json-text';
import { RecordScanner } from './record-scanner';
import { headBytes } from './text-source';

/** What a content is, told from its first bytes alone, never from a file's name. */

/** A format, what it saw, and the sample it saw it in. */
export interface Reading {
  readonly format: Format;
  readonly recognition: Recognition;
  readonly sample: Sample;
}

const delimiters = [',', ';', '\t', '|'] as const;
const headerLines = 10;
const sampleRows = 50;
/** Confidences closer than this are the same. */
const tieWithin = 1e-6;
/** From here on a format would be taken without a doubt. */
const certain = 0.95;
/** From here on a line is taken for a header. */
export const fairlySure = 0.5;

/** Every way the beginning of a text can be looked at. */
export function textSamples(head: Uint8Array, whole: boolean): readonly Sample[] {
  const text = Buffer.from(head.buffer, head.byteOffset, head.length).toString();
  const first = text.trimStart().charAt(0);
  if (first === '{' || first === '[') {
    const values = jsonLineValues(text, whole);
    return values.length > 0
      ? [
          { kind: 'jsonLines', values },
          { kind: 'json', text, value: values[0] },
        ]
      : [{ kind: 'json', text, value: beginningOf(text) }, linesSample(text, whole)];
  }
  const headerless = headerlessSample(head, whole);
  return [...delimitedSamples(head, whole), ...(headerless ? [headerless] : []), linesSample(text, whole)];
}

function linesSample(text: string, whole: boolean): Sample {
  const lines = text.split('\n');
  if (!whole && lines.length > 1) lines.pop();
  return { kind: 'lines', lines: lines.filter((line) => line.trim() !== '').slice(0, sampleRows) };
}

function jsonLineValues(text: string, whole: boolean): readonly unknown[] {
  const lines = text.split('\n');
  // The last piece of a longer text is cut anywhere.
  if (!whole) lines.pop();
  const values: unknown[] = [];
  for (const line of lines) {
    if (line.trim() === '') continue;
    try {
      values.push(JSON.parse(line));
    } catch {
      // The first line decides what the text is; a later bad one is a row for quarantine.
      if (values.length === 0) return [];
    }
    if (values.length === sampleRows) break;
  }
  return values;
}

/** One sample for each of the first lines that could be a header, by the delimiter that occurs most in that line. */
function delimitedSamples(head: Uint8Array, whole: boolean): readonly DelimitedSample[] {
  const samples: DelimitedSample[] = [];
  for (const delimiter of delimiters) {
    const records = firstRecords(head, whole, delimiter, headerLines + sampleRows);
    for (let index = 0; index < Math.min(records.length, headerLines); index++) {
      const { cells, line, text } = records[index]!;
      if (cells.length < 2 || likelyDelimiter(text) !== delimiter) continue;
      const header = normaliseHeader(cells);
      if (header.length < 2) continue;
      const rows = records.slice(index + 1, index + 1 + sampleRows).map((record) => record.cells);
      samples.push({ kind: 'delimited', delimiter, header, rawHeader: cells, headerLine: line, rows });
    }
  }
  return samples.sort((left, right) => left.headerLine - right.headerLine);
}

/** The text as rows from its first line on; null where that line is none of cells. */
function headerlessSample(head: Uint8Array, whole: boolean): DelimitedSample | null {
  for (const delimiter of delimiters) {
    const records = firstRecords(head, whole, delimiter, sampleRows);
    const [first] = records;
    if (first === undefined || first.cells.length < 2 || likelyDelimiter(first.text) !== delimiter) continue;
    const header = first.cells.map((_, index) => `#${index + 1}`);
    const rows = records.map((record) => record.cells);
    return { kind: 'delimited', delimiter, header, rawHeader: header, headerLine: 0, rows };
  }
  return null;
}

interface FirstRecord {
  readonly line: number;
  readonly cells: readonly string[];
  readonly text: string;
}

function firstRecords(head: Uint8Array, whole: boolean, delimiter: string, limit: number): readonly FirstRecord[] {
  const records: FirstRecord[] = [];
  const scanner = new RecordScanner({ delimiter }, (record) => {
    if (record.problem !== null || records.length >= limit) return;
    records.push({ line: record.line, cells: record.cells, text: record.text() });
  });
  scanner.push(head);
  if (whole) scanner.end();
  return records;
}

function likelyDelimiter(line: string): string {
  const outside = line.replaceAll(/"[^"]*"/g, '');
  let best: string = delimiters[0];
  let most = 0;
  for (const delimiter of delimiters) {
    const count = outside.split(delimiter).length - 1;
    if (count > most) {
      most = count;
      best = delimiter;
    }
  }
  return best;
}

/**
 * All readings the samples allow, the surest first; of each format its surest. Of several lines that could be a header the first
 * that any format is fairly sure of counts: what looks like a header further down belongs to a file pasted behind this one.
 */
export function readingsOf(samples: readonly Sample[], formats: readonly Format[]): readonly Reading[] {
  const best = new Map<Format, Reading>();
  let sureLine = Number.POSITIVE_INFINITY;
  for (const sample of samples) {
    if (sample.kind === 'delimited' && sample.headerLine > sureLine) continue;
    // A header that a format knows is no row.
    if (sample.kind === 'delimited' && sample.headerLine === 0 && sureLine < Number.POSITIVE_INFINITY) continue;
    for (const format of formats) {
      if (sample.kind === 'delimited' && sample.headerLine === 0 && !readsHeaderless(format)) continue;
      const recognition = format.recognise(sample);
      if (!recognition || recognition.confidence <= (best.get(format)?.recognition.confidence ?? 0)) continue;
      best.set(format, { format, recognition, sample });
      if (sample.kind === 'delimited' && recognition.confidence >= fairlySure) sureLine = sample.headerLine;
    }
  }
  return [...best.values()].sort((left, right) => right.recognition.confidence - left.recognition.confidence);
}

/**
 * The one reading of the content. `named` = the format the user chose (by `--format` or a map), which is taken at its word as
 * long as the content has its shape. Throws `FailureError`: `format-unknown`, `format-ambiguous`.
 */
export function chooseReading(
  samples: readonly Sample[],
  formats: readonly Format[],
  named: Format | null,
  head: Uint8Array,
  name: string,
): { readonly reading: Reading; readonly alternatives: readonly Reading[] } {
  const readings = readingsOf(samples, formats);
  if (named) {
    const [own] = readingsOf(samples, [named]);
    const alternatives = readings.filter((reading) => reading.format !== named);
    if (own) return { reading: own, alternatives };
    const sample = samples.find((candidate) => fits(candidate, named));
    if (!sample) {
      throw new FailureError(
        failure(
          'format-damaged',
          `${name} cannot be ${named.title}: ${describeSeen(samples, head)}.`,
          'Leave --format out to let the content decide, or see "lockstep formats".',
          { format: named.id },
        ),
      );
    }
    const recognition = { confidence: 0, reason: 'named by the user; the content was not recognised as such' };
    return { reading: { format: named, recognition, sample }, alternatives };
  }
  const [reading] = readings;
  if (!reading) throw unknownContent(samples, formats, head, name);
  const tied = readings.filter(
    ({ recognition: { confidence } }) =>
      reading.recognition.confidence - confidence < tieWithin || (reading.recognition.saved && confidence >= certain),
  );
  if (tied.length > 1) {
    throw new FailureError(
      failure(
        'format-ambiguous',
        `${name} can be read as ${tied.map((one) => `${one.format.title} (${one.recognition.reason})`).join(' or as ')}.`,
        `Say which with --format ${tied.map((one) => one.format.id).join(' or --format ')}.`,
        { formats: tied.map((one) => one.format.id).join(',') },
      ),
    );
  }
  return { reading, alternatives: readings.slice(1) };
}

function readsHeaderless({ reader }: Format): boolean {
  return reader.shape === 'delimited' && reader.headerless === true;
}

/** Whether the sample has the shape the format reads. */
function fits(sample: Sample, format: Format): boolean {
  const { reader } = format;
  const { kind } = sample;
  if (kind === 'delimited' && reader.shape === 'delimited') {
    return (sample.headerLine === 0) === readsHeaderless(format);
  }
  if (reader.shape === 'jsonRecords') return kind === 'jsonLines' || kind === 'json';
  return kind === (reader.shape === 'markup' ? 'lines' : reader.shape);
}

export function recognised({ format, recognition }: Reading): Recognised {
  return { ...recognition, format: format.id, formatTitle: format.title, impliedSource: format.impliedSource };
}

function unknownContent(
  samples: readonly Sample[],
  formats: readonly Format[],
  head: Uint8Array,
  name: string,
): FailureError {
  const nearest = nearestFormat(samples, formats);
  const near = nearest
    ? ` Closest is ${nearest.format.title}, but ${nearest.missing.map((column) => `"${column}"`).join(', ')} ${nearest.missing.length === 1 ? 'is' : 'are'} missing.`
    : '';
  return new FailureError(
    failure(
      'format-unknown',
      `No format knows the content of ${name}: ${describeSeen(samples, head)}.${near}`,
      'Describe its columns in a map and import it with --map FILE, or name its format with --format; "lockstep formats" lists them.',
      {
        seen: describeSeen(samples, head),
        ...(nearest && { closest: nearest.format.id, missing: nearest.missing.join(',') }),
      },
    ),
  );
}

/** What the content shows, in words. */
function describeSeen(samples: readonly Sample[], head: Uint8Array): string {
  const sample = samples[0];
  switch (sample?.kind) {
    case 'delimited':
      return `line ${sample.headerLine} is ${excerpt(sample.rawHeader.join(sample.delimiter))}`;
    case 'json':
      return `JSON that begins with ${excerpt(sample.text)}`;
    case 'jsonLines':
      return `JSON Lines whose first is ${excerpt(jsonText(sample.values[0]))}`;
    case 'sqlite':
      return `an SQLite database with the tables ${[...sample.tables.keys()].join(', ')}`;
    default: {
      const text = Buffer.from(head).toString();
      return text.includes('\n') || head.length < headBytes
        ? `it begins with ${excerpt(text)}`
        : `its first line has no end within ${headBytes} bytes and begins with ${excerpt(text)}`;
    }
  }
}

function excerpt(text: string): string {
  const line = text.trimStart().replaceAll(/\s+/g, ' ');
  return `"${line.length > 200 ? `${line.slice(0, 200)}…` : line}"`;
}

/** The format whose usual header shares most columns with the file's; null when none shares three in five. */
function nearestFormat(
  samples: readonly Sample[],
  formats: readonly Format[],
): { readonly format: Format; readonly missing: readonly string[] } | null {
  let best: { format: Format; missing: readonly string[]; share: number } | null = null;
  for (const sample of samples) {
    if (sample.kind !== 'delimited') continue;
    for (const format of formats) {
      if (format.exampleHeader === null) continue;
      const columns = normaliseHeader(format.exampleHeader.split(likelyDelimiter(format.exampleHeader)));
      const missing = columns.filter((column) => !sample.header.includes(column));
      const share = 1 - missing.length / columns.length;
      if (missing.length > 0 && share >= 0.6 && share > (best?.share ?? 0)) best = { format, missing, share };
    }
  }
  return best;
}
