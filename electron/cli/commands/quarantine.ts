import { readFile } from 'node:fs/promises';
import { z } from 'zod';
import { FailureError, failure } from '../../../shared/base/errors';
import { valueOrThrow } from '../../../shared/base/result';
import type { CallResult } from '../../../shared/contract/calls';
import {
  quarantineChangeOutputSchemaId,
  quarantineOutputSchemaId,
  quarantineRetryOutputSchemaId,
} from '../../../shared/contract/output';
import type { QuarantineState } from '../../engine/ports';
import type { Session } from '../session';
import { exitCode, usageFailure } from '../terminal';
import { counted } from '../text';

/** Rows that could not be used: lists them, reads them again corrected, sets them aside, and opens them again. */

type Rows = CallResult<'imports.quarantine'>['rows'];
type Correction = { readonly id: string; readonly text: string };

const rowsPerCall = 1_000;
const correctionSchema = z.strictObject({ id: z.string(), text: z.string() });

export interface QuarantineListOptions {
  readonly import?: string;
  readonly state?: QuarantineState;
}

export async function listQuarantine(
  { withDesk, terminal, json }: Session,
  options: QuarantineListOptions,
): Promise<number> {
  return withDesk('existing', async (_desk, engine) => {
    const rows: Rows = [];
    for (let total = 1; rows.length < total; ) {
      const page = valueOrThrow(
        await engine.ask('imports.quarantine', {
          importId: options.import ?? null,
          state: options.state ?? null,
          page: { offset: rows.length, limit: rowsPerCall },
        }),
      );
      if (page.rows.length === 0) break;
      rows.push(...page.rows);
      total = page.total;
    }
    if (json) terminal.out(`${JSON.stringify({ schema: quarantineOutputSchemaId, rows })}\n`);
    else terminal.out(rows.length === 0 ? 'No rows in quarantine.\n' : rows.map(describe).join(''));
    return exitCode.done;
  });
}

function describe({ id, fileName, line, state, reason, text, note }: Rows[number]): string {
  return `${id}  ${state}  ${fileName} line ${line}: ${reason}\n  ${text}\n${note === null ? '' : `  ${note}\n`}`;
}

export interface QuarantineRetryOptions {
  readonly text?: string;
  readonly file?: string;
}

/** Exits with 1 when a row is still open. */
export async function retryQuarantine(
  session: Session,
  id: string | undefined,
  options: QuarantineRetryOptions,
): Promise<number> {
  const { terminal, json } = session;
  const rows = await correctionsOf(id, options);
  const { results } = await session.withDesk('existing', async (_desk, engine) =>
    valueOrThrow(await engine.ask('imports.retry', { rows: [...rows] })),
  );
  if (json) terminal.out(`${JSON.stringify({ schema: quarantineRetryOutputSchemaId, results })}\n`);
  else {
    for (const { id: row, state, reason, executions } of results) {
      terminal.out(`${row}  ${state}: ${reason ?? counted(executions, 'execution')}\n`);
    }
  }
  return results.every(({ state }) => state === 'fixed') ? exitCode.done : exitCode.error;
}

/** One row with its text, or a file of JSON Lines. */
async function correctionsOf(id: string | undefined, options: QuarantineRetryOptions): Promise<readonly Correction[]> {
  const { text, file } = options;
  if (id !== undefined && text !== undefined && file === undefined) return [{ id, text }];
  if (id !== undefined || text !== undefined || file === undefined) {
    throw new FailureError(
      usageFailure(
        'A retry needs a row and its corrected text.',
        'Usage: lockstep quarantine retry ID --text TEXT, or --file FILE with a line {"id": …, "text": …} for each row.',
      ),
    );
  }
  const lines = (await textOf(file)).split('\n').filter((line) => line.trim() !== '');
  return lines.map((line, index) => {
    const parsed = correctionSchema.safeParse(jsonOrNull(line));
    if (parsed.success) return parsed.data;
    throw new FailureError(
      failure(
        'invalid-arguments',
        `Line ${index + 1} of ${file} is no correction.`,
        'Write one JSON object {"id": "…", "text": "…"} a line.',
        { path: file, line: index + 1 },
      ),
    );
  });
}

async function textOf(file: string): Promise<string> {
  try {
    return await readFile(file, 'utf8');
  } catch {
    throw new FailureError(
      failure('file-missing', `${file} cannot be read.`, 'Check the path, then repeat.', { path: file }),
    );
  }
}

function jsonOrNull(line: string): unknown {
  try {
    return JSON.parse(line);
  } catch {
    return null;
  }
}

export async function dismissQuarantine(
  session: Session,
  ids: readonly string[],
  { reason }: { readonly reason?: string },
): Promise<number> {
  await session.withDesk('existing', async (_desk, engine) => {
    valueOrThrow(await engine.ask('imports.dismiss', { ids: [...ids], reason: reason ?? '' }));
  });
  return changed(session, ids, 'dismissed');
}

export async function reopenQuarantine(session: Session, ids: readonly string[]): Promise<number> {
  await session.withDesk('existing', async (_desk, engine) => {
    valueOrThrow(await engine.ask('imports.reopen', { ids: [...ids] }));
  });
  return changed(session, ids, 'open');
}

function changed({ terminal, json }: Session, ids: readonly string[], state: 'open' | 'dismissed'): number {
  if (json) terminal.out(`${JSON.stringify({ schema: quarantineChangeOutputSchemaId, ids, state })}\n`);
  else terminal.out(`${counted(ids.length, 'row')} ${state}\n`);
  return exitCode.done;
}
