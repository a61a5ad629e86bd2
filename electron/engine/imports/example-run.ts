/**
 * Runs a format's reader over its own example, as it is and with one part changed at a time, so that the reference can tell what each
 * part is for.
 */
import { FailureError } from '../../../shared/base/errors';
import type { ForeignDatabase } from '../ports';
import type { DelimitedSample, Format, HeldRow, ReadContext, RowOutcome } from './format';
import { apiMessages } from './formats/api-examples';
import { recordOf } from './formats/json';
import { MarkupScanner } from './markup-reader';
import { textSamples } from './recognise';

/** What a reading came to: the outcome of each row, and what the user is told. */
export interface ExampleReading {
  readonly outcomes: readonly RowOutcome[];
  readonly warnings: readonly string[];
  /** Rows that wait for others of their trade. */
  readonly held: number;
  /** Why the file as a whole cannot be read; null = it was. */
  readonly failure: FailureError | null;
}

/** A part of the example that can be changed: a column, or a key of its JSON. */
export interface ExamplePart {
  readonly name: string;
  /** Its values in the example, each changed alone. */
  readonly places: readonly ExamplePlace[];
}

export interface ExamplePlace {
  readonly value: unknown;
  /** Reads the example with this value there; undefined = it is left out. */
  readWith(value: unknown): Promise<ExampleReading>;
}

export interface Example {
  readonly rows: readonly string[];
  readonly parts: readonly ExamplePart[];
  read(said?: Said): Promise<ExampleReading>;
}

/** What the user says of a file. */
export interface Said {
  readonly zone?: string | null;
  readonly symbol?: string | null;
}

/** The example of a format; null = it has none. */
export function exampleOf(format: Format): Example | null {
  const message = apiMessages[format.id];
  const rows = format.exampleRows ?? (message === undefined ? null : [JSON.stringify(message)]);
  if (rows === null) return null;
  const { reader } = format;
  switch (reader.shape) {
    case 'delimited':
      return delimitedExample(format, rows);
    case 'lines':
      return linesExample(format, rows);
    case 'json':
    case 'jsonLines':
    case 'jsonRecords':
    case 'sqlite':
      return valuesExample(format, rows);
    case 'markup':
      return markupExample(format, reader, rows);
    case 'nothing':
      return null;
  }
}

/** A symbol for files that name none. */
const anySymbol = 'BTC/USDT';

async function reading(
  said: Said,
  format: Format,
  read: (context: ReadContext) => Promise<Outcomes> | Outcomes,
): Promise<ExampleReading> {
  const warnings: string[] = [];
  const atEnd: (() => void)[] = [];
  const context: ReadContext = {
    source: format.impliedSource ?? 'live',
    zone: said.zone ?? null,
    symbol: said.symbol === undefined ? anySymbol : said.symbol,
    ...(format.exampleName !== undefined && { names: [format.exampleName] }),
    warn: (message) => warnings.push(message),
    atEnd: (check) => atEnd.push(check),
  };
  try {
    const { outcomes, held } = await read(context);
    for (const check of atEnd) check();
    return { outcomes, held, warnings, failure: null };
  } catch (error) {
    if (!(error instanceof FailureError)) throw error;
    return { outcomes: [], held: 0, warnings, failure: error };
  }
}

interface Outcomes {
  readonly outcomes: readonly RowOutcome[];
  readonly held: number;
}

function delimitedExample(format: Format, rows: readonly string[]): Example {
  const text = [...(format.exampleHeader === null ? [] : [format.exampleHeader]), ...rows, ''].join('\n');
  const headerless = format.reader.shape === 'delimited' && format.reader.headerless === true;
  const sample = textSamples(Buffer.from(text), true).find(
    (one) => one.kind === 'delimited' && (one.headerLine === 0) === headerless,
  );
  if (sample?.kind !== 'delimited') throw new Error(`the example of ${format.id} is no delimited text`);
  const readCells = (cells: readonly (readonly string[])[], said: Said = {}): Promise<ExampleReading> =>
    reading(said, format, (context) => outcomesOfCells(format, { ...sample, rows: cells }, context));
  return {
    rows,
    read: (said) => readCells(sample.rows, said),
    parts: sample.header.map((_, column) => ({
      name: sample.rawHeader[column]!.replaceAll('\ufeff', '').trim(),
      places: sample.rows.flatMap((cells, row) =>
        // A row that begins empty belongs to a table inside the table, with columns of its own.
        cells[column] === undefined || cells[column] === '' || cells[0] === ''
          ? []
          : {
              value: cells[column],
              readWith: (value: unknown) => {
                const changed = cells.with(column, value === undefined ? '' : String(value));
                return readCells(sample.rows.with(row, changed));
              },
            },
      ),
    })),
  };
}

function outcomesOfCells({ reader }: Format, sample: DelimitedSample, context: ReadContext): Outcomes {
  if (reader.shape !== 'delimited') throw new Error('the reader is not one of delimited text');
  const read = reader.open(sample.header, context, sample);
  return settled(sample.rows.map((cells, index) => read({ line: index + 2, cells })));
}

/** The outcomes of all rows; those that waited come last. */
function settled(rows: readonly (RowOutcome | HeldRow)[]): Outcomes {
  const outcomes = rows.flatMap((row) => (row.kind === 'held' ? [] : row));
  const groups = new Set(rows.flatMap((row) => (row.kind === 'held' ? row.group : [])));
  for (const group of groups) outcomes.push(...group.settle());
  return { outcomes, held: rows.filter(({ kind }) => kind === 'held').length };
}

/** Fields of a line written `name=value`. */
const fieldPattern = /(?<=^|[|;\s])([A-Za-z0-9_]+)=([^|;\s]*)/g;

function linesExample(format: Format, rows: readonly string[]): Example {
  const readLines = (lines: readonly string[], said: Said = {}): Promise<ExampleReading> =>
    reading(said, format, (context) => {
      if (format.reader.shape !== 'lines') throw new Error('the reader is not one of lines');
      const read = format.reader.open(context);
      return settled(lines.map((line, index) => read(line, index + 1)));
    });
  const parts = new Map<string, ExamplePlace[]>();
  rows.forEach((line, row) => {
    for (const field of line.matchAll(fieldPattern)) {
      const [whole, name, value] = field;
      const place: ExamplePlace = {
        value,
        readWith: (changed) => {
          const written = changed === undefined ? '' : `${name}=${String(changed)}`;
          const end = field.index + whole.length;
          return readLines(rows.with(row, `${line.slice(0, field.index)}${written}${line.slice(end)}`));
        },
      };
      parts.set(name!, [...(parts.get(name!) ?? []), place]);
    }
  });
  return {
    rows,
    read: (said) => readLines(rows, said),
    parts: [...parts].map(([name, places]) => ({ name, places })),
  };
}

type MarkupReader = Extract<Format['reader'], { shape: 'markup' }>;

/** Attributes of XML; of HTML cells, named by the row of the example that has no digit in its first cell and stands above them. */
function markupExample(format: Format, reader: MarkupReader, rows: readonly string[]): Example {
  const text = rows.join('\n');
  const readText = (document: string, said: Said = {}): Promise<ExampleReading> =>
    reading(said, format, (context) => {
      const read = reader.open(context);
      const scanner = new MarkupScanner(reader.dialect);
      const pieces = [...scanner.write(document), ...scanner.end()];
      return settled(pieces.flatMap(({ piece, line }) => read(piece, line) ?? []));
    });
  const parts = new Map<string, ExamplePlace[]>();
  const add = (name: string, value: string, start: number, whole: string, written: (value: string) => string): void => {
    const place: ExamplePlace = {
      value,
      readWith: (changed) => {
        const put = changed === undefined ? written('') : written(String(changed));
        return readText(`${text.slice(0, start)}${put}${text.slice(start + whole.length)}`);
      },
    };
    parts.set(name, [...(parts.get(name) ?? []), place]);
  };
  if (reader.dialect === 'xml') {
    for (const found of text.matchAll(/([\w.-]+)="([^"]*)"/g)) {
      const [whole, name = '', value = ''] = found;
      add(name, value, found.index, whole, (changed) => `${name}="${changed}"`);
    }
  } else {
    let names: readonly string[] = [];
    for (const row of text.matchAll(/<tr>(.*?)<\/tr>/gs)) {
      const cells = [...row[1]!.matchAll(/<td[^>]*>([^<]*)/g)];
      const values = cells.map((cell) => cell[1] ?? '');
      if (!/\d/.test(values[0] ?? '') && values.length > 3) names = values;
      else if (values.length === names.length) {
        cells.forEach((cell, index) => {
          const value = values[index]!;
          // `<tr>` and everything before the text of the cell.
          const start = row.index + 4 + cell.index + cell[0].length - value.length;
          if (value !== '') add(names[index]!, value, start, value, (changed) => changed);
        });
      }
    }
  }
  return { rows, read: (said) => readText(text, said), parts: [...parts].map(([name, places]) => ({ name, places })) };
}

function valuesExample(format: Format, rows: readonly string[]): Example {
  const values: readonly unknown[] = rows.map((row): unknown => JSON.parse(row));
  const readValues = (read: readonly unknown[], said: Said = {}): Promise<ExampleReading> =>
    reading(said, format, (context) => outcomesOfValues(format, read, context));
  const parts = new Map<string, ExamplePlace[]>();
  for (const [row, value] of values.entries()) {
    for (const leaf of leavesOf(value)) {
      const place: ExamplePlace = {
        value: leaf.value,
        readWith: (changed) => readValues(values.with(row, withLeaf(value, leaf.path, changed))),
      };
      parts.set(leaf.name, [...(parts.get(leaf.name) ?? []), place]);
    }
  }
  return {
    rows,
    read: (said) => readValues(values, said),
    parts: [...parts].map(([name, places]) => ({ name, places })),
  };
}

async function outcomesOfValues(format: Format, values: readonly unknown[], context: ReadContext): Promise<Outcomes> {
  const { reader } = format;
  const outcomes: RowOutcome[] = [];
  if (reader.shape === 'jsonLines') {
    const read = reader.open(context);
    values.forEach((value, index) => {
      outcomes.push(read(value, index + 1));
    });
  } else if (reader.shape === 'jsonRecords') {
    const read = reader.open(context);
    for (const value of values)
      for (const record of reader.records(value)) outcomes.push(read(record, outcomes.length + 1));
  } else if (reader.shape === 'json') {
    for (const { outcome } of reader.rows(values[0], context)) outcomes.push(outcome);
  } else if (reader.shape === 'sqlite') {
    for await (const { outcome } of reader.rows(databaseOf(values[0]), context)) outcomes.push(outcome);
  }
  return { outcomes, held: 0 };
}

/** A database in memory: an object of its tables' rows. */
export function databaseOf(value: unknown): ForeignDatabase {
  const tables = new Map(
    Object.entries(recordOf(value) ?? {}).map(([name, rows]) => [
      name,
      Array.isArray(rows) ? rows.map((row) => recordOf(row) ?? {}) : [],
    ]),
  );
  return {
    tables: async () => new Map([...tables].map(([name, rows]) => [name, Object.keys(rows[0] ?? {})])),
    rows: async (table, offset, limit) => (tables.get(table) ?? []).slice(offset, offset + limit),
    warnings: [],
    close: async () => undefined,
  };
}

interface Leaf {
  readonly name: string;
  readonly path: readonly (string | number)[];
  readonly value: unknown;
}

function* leavesOf(value: unknown, path: readonly (string | number)[] = [], name = ''): Generator<Leaf> {
  if (Array.isArray(value)) {
    for (const [index, item] of value.entries())
      yield* leavesOf(item, [...path, index], name === '' ? placeName(value, index) : `${name}[]`);
    return;
  }
  const record = recordOf(value);
  if (record === null) {
    if (value !== null && value !== '') yield { name, path, value };
    return;
  }
  for (const [key, item] of Object.entries(record))
    yield* leavesOf(item, [...path, key], name === '' ? key : `${name}.${key}`);
}

/** In a list of bare values each is named by its place. */
function placeName(list: readonly unknown[], index: number): string {
  return list.some((item) => typeof item === 'object' && item !== null) ? '' : `#${index + 1}`;
}

/** The value with another one at the path; undefined takes the key away. */
function withLeaf(value: unknown, [key, ...rest]: readonly (string | number)[], leaf: unknown): unknown {
  if (key === undefined) return leaf;
  if (Array.isArray(value))
    return value.map((item: unknown, index) => (index === key ? withLeaf(item, rest, leaf) : item));
  const record = recordOf(value) ?? {};
  if (rest.length > 0 || leaf !== undefined) return { ...record, [key]: withLeaf(record[key], rest, leaf) };
  return Object.fromEntries(Object.entries(record).filter(([name]) => name !== key));
}
