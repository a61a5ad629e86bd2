import type { DelimitedSample, Format, ReadContext, RowOutcome } from './format';
import { HeldRows } from './held-rows';
import type { CorrectedRow } from './import-task';
import { parseKeepingDigits } from './json-text';
import { MarkupScanner } from './markup-reader';
import { type RecordProblem, RecordScanner } from './record-scanner';
import { problemReasons, readDelimited } from './row-reader';

/**
 * Corrected rows of a file, read by the file's own format as if they stood in it. Rows that are one trade only together must come
 * together. A text is one row: what holds two, or none, stays in quarantine.
 */

const manyRows = (records: number): RowOutcome => ({
  kind: 'quarantine',
  reason: `the text holds ${records} rows, but takes the place of one`,
});

const blankLine: RowOutcome = { kind: 'other', name: 'blank line' };

/** One outcome for each row, in order. `formats` are those a second header is looked for in. */
export async function rereadRows(
  format: Format,
  sample: DelimitedSample | null,
  formats: readonly Format[],
  context: ReadContext,
  rows: readonly CorrectedRow[],
): Promise<readonly RowOutcome[]> {
  const { reader } = format;
  switch (reader.shape) {
    case 'delimited':
      if (sample === null) throw new Error(`no header is known for ${format.id}`);
      return rereadDelimited(format, sample, formats, context, rows);
    case 'lines': {
      const toOutcome = reader.open(context);
      const outcomes: RowOutcome[] = [];
      // Held by their place here: two rows of one line would be one.
      const held = new HeldRows((index, outcome) => {
        outcomes[index] = outcome;
      });
      for (const [index, { line, text }] of rows.entries()) {
        const records = text.trim().split('\n').length;
        const outcome = records > 1 ? manyRows(records) : text.trim() === '' ? blankLine : toOutcome(text, line);
        if (outcome.kind === 'held') held.hold(outcome.group, index, text);
        else outcomes[index] = outcome;
      }
      held.settleAll();
      return outcomes;
    }
    case 'jsonLines': {
      const toOutcome = reader.open(context);
      return rows.map(({ line, text }) => ofJson(text, JSON.parse, (value) => toOutcome(value, line)));
    }
    case 'jsonRecords': {
      const toOutcome = reader.open(context);
      return rows.map(({ line, text }) =>
        ofJson(text, parseKeepingDigits, (value) => {
          // A record stands in quarantine as it was cut from its message; a line that could not be parsed stands there whole.
          const own = toOutcome(value, line);
          if (own.kind !== 'quarantine') return own;
          const cut = [...reader.records(value)].map((record) => toOutcome(record, line));
          if (cut.length > 1) return manyRows(cut.length);
          return cut[0] ?? own;
        }),
      );
    }
    case 'markup': {
      if (reader.dialect === 'html') return rows.map(() => withWholeFile(format));
      const toOutcome = reader.open(context);
      return rows.map(({ line, text }) => {
        const scanner = new MarkupScanner(reader.dialect);
        const pieces = [...scanner.write(text), ...scanner.end()];
        const [first] = pieces;
        const outcome =
          first === undefined || pieces.length > 1 ? manyRows(pieces.length) : toOutcome(first.piece, line);
        // A whole order waits for its executions, which are not among the rows that are corrected.
        if (outcome === null) return manyRows(0);
        return outcome.kind === 'held' ? (outcome.group.settle()[0] ?? manyRows(0)) : outcome;
      });
    }
    case 'nothing':
      throw new Error(`${format.id} holds no rows`);
    case 'json':
    case 'sqlite':
      return rows.map(({ line, text }) =>
        reader.again === undefined
          ? withWholeFile(format)
          : ofJson(text, JSON.parse, (value) => reader.again?.(value, context, line) ?? manyRows(0)),
      );
  }
}

function withWholeFile({ title }: Format): RowOutcome {
  return { kind: 'quarantine', reason: `a row of ${title} is read with its whole file; correct it there` };
}

function ofJson(text: string, parse: (text: string) => unknown, read: (value: unknown) => RowOutcome): RowOutcome {
  let value: unknown;
  try {
    value = parse(text);
  } catch (error) {
    return {
      kind: 'quarantine',
      reason: `the row is not valid JSON: ${error instanceof Error ? error.message : error}`,
    };
  }
  return read(value);
}

async function rereadDelimited(
  format: Format,
  sample: DelimitedSample,
  formats: readonly Format[],
  context: ReadContext,
  rows: readonly CorrectedRow[],
): Promise<readonly RowOutcome[]> {
  const outcomes = new Map<number, RowOutcome>();
  const header = sample.rawHeader.map((cell) => `"${cell.replaceAll('"', '""')}"`).join(sample.delimiter);
  let text = `${header}\n`;
  let line = linesOf(text);
  /** The row that begins on a line of the text made here. */
  const rowAt = new Map<number, number>();
  rows.forEach((row, index) => {
    const own = row.text.replace(/[\r\n]+$/, '');
    const { records, problem } = recordsOf(own, sample.delimiter);
    // A row with an open quote would take the rows behind it into its cell.
    if (records > 1) outcomes.set(index, manyRows(records));
    else if (problem !== null && problem !== 'stray-quote') {
      outcomes.set(index, { kind: 'quarantine', reason: problemReasons[problem] });
    } else {
      rowAt.set(line + 1, index);
      text += `${own}\n`;
      line += linesOf(`${own}\n`);
    }
  });
  await readDelimited(
    { chunks: once(Buffer.from(text)) },
    { format },
    { ...sample, headerLine: 1 },
    formats,
    context,
    (at, outcome) => outcomes.set(rowAt.get(at) ?? -1, outcome),
    async () => true,
    undefined,
    null,
    (at) => rows[rowAt.get(at) ?? -1]?.line ?? at,
  );
  return rows.map((_, index) => outcomes.get(index) ?? blankLine);
}

function recordsOf(text: string, delimiter: string): { records: number; problem: RecordProblem | null } {
  let records = 0;
  let problem: RecordProblem | null = null;
  const scanner = new RecordScanner({ delimiter }, (record) => {
    records++;
    problem ??= record.problem;
  });
  scanner.push(Buffer.from(text));
  scanner.end();
  return { records, problem };
}

function linesOf(text: string): number {
  return text.split('\n').length - 1;
}

async function* once(bytes: Uint8Array): AsyncGenerator<Uint8Array, void, undefined> {
  yield bytes;
}
