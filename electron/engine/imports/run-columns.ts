import { FailureError, failure } from '../../../shared/base/errors';
import type { TaskContext } from '../worker/protocol';
import { openContents } from './containers';
import { fileState } from './file-state';
import type { DelimitedSample } from './format';
import { type GuessedMap, guessMap, type SeenColumn, seenColumns } from './guess-map';
import { decimalMarkOf } from './numbers';
import { textSamples } from './recognise';
import { signatureOfHeader } from './saved-maps';
import { openText } from './text-source';

/** The beginning of a delimited file as columns, with what they may mean: what a map of it is made from. */
export interface ColumnsTask {
  readonly args: { readonly path: string; readonly name: string };
  readonly result: ColumnsResult;
  readonly progress: never;
  readonly host: Record<string, never>;
}

export interface ColumnsResult {
  /** File inside the archive; null = the file itself. */
  readonly member: string | null;
  readonly delimiter: DelimitedSample['delimiter'];
  readonly headerLine: number;
  readonly header: readonly string[];
  /** Names the header among those a map was saved for. */
  readonly signature: string;
  readonly rows: readonly (readonly string[])[];
  readonly columns: readonly SeenColumn[];
  readonly guess: GuessedMap;
}

/** The first file of the source that is a table of delimited cells. Throws `format-damaged` where there is none. */
export async function columnsTask(
  { path, name }: ColumnsTask['args'],
  { signal }: Pick<TaskContext<ColumnsTask>, 'signal'>,
): Promise<ColumnsResult> {
  await fileState(path, name);
  const contents = await openContents(path, name, signal, () => undefined);
  if (contents.kind === 'database') throw new FailureError(noTable(name));
  for await (const file of contents.files) {
    const source = await openText(file.chunks(), name);
    try {
      const sample = source.head.length === 0 ? null : likelyTable(textSamples(source.head, source.whole));
      if (sample === null) continue;
      const { delimiter, headerLine, rawHeader, rows } = sample;
      const columns = seenColumns(rawHeader, rows, decimalMarkOf(sample));
      return {
        member: file.member,
        delimiter,
        headerLine,
        header: rawHeader,
        signature: signatureOfHeader(rawHeader),
        rows,
        columns,
        guess: guessMap(columns),
      };
    } finally {
      await source.close();
    }
  }
  throw new FailureError(noTable(name));
}

/** Of the lines that could be a header the first whose rows are as wide as it is: what stands above is a title. */
function likelyTable(samples: ReturnType<typeof textSamples>): DelimitedSample | null {
  const tables = samples.filter((sample) => sample.kind === 'delimited');
  const steady = tables.find(
    ({ rawHeader, rows }) =>
      rows.length > 0 && rows.every((cells) => cells.length === rawHeader.length || cells.length <= 1),
  );
  return steady ?? tables[0] ?? null;
}

function noTable(name: string) {
  return failure(
    'format-damaged',
    `${name} is no table of cells: no line of its beginning holds cells divided by comma, semicolon, tab or |.`,
    'A map describes the columns of a CSV; choose the format of this file instead.',
    { name },
  );
}
