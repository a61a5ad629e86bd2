import { stat } from 'node:fs/promises';
import { resolve } from 'node:path';
import { valueOrThrow } from '../../../shared/base/result';
import { backupOutputSchemaId, restoreOutputSchemaId } from '../../../shared/contract/output';
import type { Session } from '../session';
import { exitCode } from '../terminal';

/** Writes a consistent copy of the desk; into its own `backups` folder where no file is named. */
export async function backup(session: Session, file: string | undefined): Promise<number> {
  const { terminal, json } = session;
  const path = await session.withDesk('existing', (desk) =>
    desk.store.backup(file === undefined ? null : resolve(file)),
  );
  const { size: sizeBytes } = await stat(path);
  if (json) terminal.out(`${JSON.stringify({ schema: backupOutputSchemaId, path, sizeBytes })}\n`);
  else terminal.out(`${path}\n`);
  return exitCode.done;
}

/** Puts a backup in the place of the desk; the desk that was there is kept beside it. */
export async function restore(session: Session, file: string): Promise<number> {
  const { terminal, json } = session;
  const restored = resolve(file);
  const { setAside } = valueOrThrow(await session.restore(restored));
  if (json) terminal.out(`${JSON.stringify({ schema: restoreOutputSchemaId, restored, setAside })}\n`);
  else terminal.out(`Restored ${restored}\n${setAside === null ? '' : `The desk before it is kept in ${setAside}\n`}`);
  return exitCode.done;
}
