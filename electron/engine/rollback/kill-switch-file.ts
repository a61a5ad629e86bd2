import { constants } from 'node:fs';
import { access, copyFile, open, readFile, rename, rm, stat } from 'node:fs/promises';
import { basename, dirname, isAbsolute, join } from 'node:path';
import type { PlaybookStep } from '../../../shared/canary/playbook';
import { type Attempt, done, failedForGood, failedForNow, type StepAnswer } from './ports';

/**
 * Writes the file a bot looks for. It appears whole or not at all, and is on the disk before the step is done. What stood there and is not
 * ours is kept beside it: the path may have been mistyped.
 */

export type KillSwitchStep = Extract<PlaybookStep, { kind: 'kill-switch-file' }>;

/** Longest file that is looked into for whether it is ours, bytes. */
const longestRead = 64 * 1024;

export async function writeKillSwitch(step: KillSwitchStep, attempt: Attempt): Promise<StepAnswer> {
  const { path } = step;
  if (!isAbsolute(path)) return failedForGood(`"${path}" is not a full path.`);
  const folder = dirname(path);
  const temporary = join(folder, `.${basename(path)}.${attempt.idempotencyKey.replace(/[^A-Za-z0-9-]/g, '-')}`);
  try {
    const before = await stat(path).catch(missing);
    if (before?.isDirectory()) return failedForGood(`"${path}" is a folder.`);
    const found = before === null ? null : await ownKey(path, before.size);
    if (found === attempt.idempotencyKey) return done(`"${path}" was written by an earlier attempt.`);
    const kept = before !== null && before.size > 0 && found === null ? await keepBeside(path) : null;
    const file = await open(temporary, 'w', 0o644);
    try {
      await file.writeFile(contentOf(step, attempt));
      await file.sync();
    } finally {
      await file.close();
    }
    await rename(temporary, path);
    await syncFolder(folder);
    return done(`Wrote "${path}"${kept === null ? '' : `; what it held before is kept in "${kept}"`}.`);
  } catch (thrown) {
    await rm(temporary, { force: true }).catch(() => undefined); // the folder may be gone; the answer below says so
    return failedForNow(`"${path}" cannot be written: ${reasonOf(thrown)}.`);
  }
}

/** What stands in the way of writing the file, without writing it; null = nothing that can be seen. */
export async function killSwitchProblem(step: KillSwitchStep): Promise<string | null> {
  const { path } = step;
  if (!isAbsolute(path)) return `"${path}" is not a full path.`;
  try {
    const folder = await stat(dirname(path));
    if (!folder.isDirectory()) return `"${dirname(path)}" is not a folder.`;
    await access(dirname(path), constants.W_OK | constants.X_OK);
    if ((await stat(path).catch(missing))?.isDirectory()) return `"${path}" is a folder.`;
    return null;
  } catch (thrown) {
    return `"${path}" could not be written: ${reasonOf(thrown)}.`;
  }
}

function contentOf(step: KillSwitchStep, attempt: Attempt): string {
  const content = {
    lockstep: attempt.kind,
    deploymentId: attempt.deploymentId,
    strategy: attempt.strategy,
    version: attempt.version,
    rollbackId: attempt.rollbackId,
    stepId: step.id,
    idempotencyKey: attempt.idempotencyKey,
    trigger: attempt.trigger,
    reason: attempt.reason,
    startedAt: new Date(attempt.startedAtUs / 1_000).toISOString(),
    writtenAt: new Date(attempt.clock.nowUs() / 1_000).toISOString(),
  };
  return `${JSON.stringify(content, null, 2)}\n`;
}

/** The idempotency key inside a kill-switch file of ours; '' = ours, but without a key that can be read; null = not ours. */
async function ownKey(path: string, sizeBytes: number): Promise<string | null> {
  if (sizeBytes > longestRead) return null;
  try {
    const content: unknown = JSON.parse(await readFile(path, 'utf8'));
    if (typeof content !== 'object' || content === null || !('lockstep' in content)) return null;
    return 'idempotencyKey' in content && typeof content.idempotencyKey === 'string' ? content.idempotencyKey : '';
  } catch {
    return null; // not JSON, or not to be read: not ours
  }
}

/** Copies the file to the first free name beside it. */
async function keepBeside(path: string): Promise<string> {
  for (let number = 1; ; number++) {
    const copy = `${path}.before-${number}`;
    try {
      await copyFile(path, copy, constants.COPYFILE_EXCL);
      return copy;
    } catch (thrown) {
      if (codeOf(thrown) !== 'EEXIST' || number >= 100) throw thrown;
    }
  }
}

async function syncFolder(folder: string): Promise<void> {
  if (process.platform === 'win32') return; // a folder cannot be opened there; NTFS journals the rename
  const handle = await open(folder, 'r');
  try {
    await handle.sync();
  } finally {
    await handle.close();
  }
}

function missing(thrown: unknown): null {
  if (codeOf(thrown) === 'ENOENT') return null;
  throw thrown;
}

function codeOf(thrown: unknown): unknown {
  return thrown instanceof Error && 'code' in thrown ? thrown.code : null;
}

const reasons: Readonly<Record<string, string>> = {
  ENOENT: 'its folder does not exist',
  EACCES: 'this user may not write there',
  EPERM: 'this user may not write there',
  EROFS: 'the disk is read-only',
  ENOSPC: 'the disk is full',
  EDQUOT: "this user's share of the disk is full",
  ENOTDIR: 'a part of its path is a file',
  ENAMETOOLONG: 'its name is too long',
};

function reasonOf(thrown: unknown): string {
  const code = codeOf(thrown);
  if (typeof code === 'string') return reasons[code] ?? code;
  return thrown instanceof Error ? thrown.message : String(thrown);
}
