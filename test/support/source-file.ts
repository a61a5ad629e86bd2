import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { RowOutcome } from '../../electron/engine/imports/format';
import type { ReadHints } from '../../electron/engine/imports/import-task';
import { readSource } from '../../electron/engine/imports/read-source';
import { allFormats } from '../../electron/engine/imports/registry';
import type { ImportQuestion } from '../../shared/contract/calls';
import { type ReadResult, summarise, us } from './formats';
import { temporaryFolder } from './temporary-desk';

export interface SourceReading extends ReadResult {
  /** Id and reason of each file that was read, by its name inside the archive; '' for the file itself. */
  readonly files: Readonly<Record<string, { readonly format: string; readonly reason: string }>>;
  /** Line and text of each row. */
  readonly rows: readonly { readonly line: number; readonly text: string; readonly kind: RowOutcome['kind'] }[];
  readonly questions: readonly ImportQuestion[];
}

/** Reads content as an import would from a file of that name. */
export async function readContent(
  name: string,
  content: string | Uint8Array,
  hints: Partial<ReadHints> = {},
): Promise<SourceReading> {
  const path = join(await temporaryFolder(), name);
  await writeFile(path, content);
  const files: Record<string, { format: string; reason: string }> = {};
  const rows: { line: number; text: string; kind: RowOutcome['kind'] }[] = [];
  const outcomes: RowOutcome[] = [];
  const warnings: string[] = [];
  const questions: ImportQuestion[] = [];
  await readSource({
    request: {
      ...{ path, name, source: null, strategy: 'alpha', version: null, account: null },
      nowUs: us('2026-06-01T00:00:00Z'),
      hints: { format: null, map: null, zone: null, symbol: null, ...hints },
    },
    registry: allFormats,
    host: {
      openDatabase: () => Promise.reject(new Error('no database here')),
      databaseRows: () => Promise.reject(new Error('no database here')),
    },
    signal: new AbortController().signal,
    target: {
      enter: (member, { format, recognition }) => {
        files[member ?? ''] = { format: format.id, reason: recognition.reason };
      },
      row: (line, outcome, text) => {
        outcomes.push(outcome);
        rows.push({ line, text: text(), kind: outcome.kind });
      },
      settle: async () => true,
      warn: (message) => warnings.push(message),
      ask: (question) => questions.push(question),
      onBytes: () => undefined,
      enough: () => false,
    },
  });
  return { files, rows, questions, ...summarise(outcomes, warnings) };
}
