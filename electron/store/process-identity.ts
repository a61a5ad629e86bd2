import { readFile } from 'node:fs/promises';
import { hostname } from 'node:os';

/** Which process holds something, told apart from a later process that got the same number. */
export interface ProcessIdentity {
  readonly host: string;
  readonly processId: number;
  /** When the process began, in words only comparable with themselves; null where the system does not say. */
  readonly processStart: string | null;
}

export async function thisProcess(): Promise<ProcessIdentity> {
  return { host: hostname(), processId: process.pid, processStart: await processStart(process.pid) };
}

/** Whether that process is certainly no longer running; false where it cannot be known (another machine). */
export async function isGone(identity: ProcessIdentity): Promise<boolean> {
  if (identity.host !== hostname()) return false;
  try {
    process.kill(identity.processId, 0);
  } catch (error) {
    // EPERM means that it runs under another user.
    return error instanceof Error && 'code' in error && error.code === 'ESRCH';
  }
  if (identity.processStart === null) return false;
  const start = await processStart(identity.processId);
  return start !== null && start !== identity.processStart;
}

/** Boot id and start in clock ticks since boot, from Linux's /proc; null elsewhere. */
async function processStart(processId: number): Promise<string | null> {
  try {
    const boot = (await readFile('/proc/sys/kernel/random/boot_id', 'utf8')).trim();
    const facts = await readFile(`/proc/${processId}/stat`, 'utf8');
    // The second field is the program's name in parentheses and may hold anything; the start is the 20th after it.
    const start = facts.slice(facts.lastIndexOf(')') + 2).split(' ')[19];
    return start === undefined ? null : `${boot}/${start}`;
  } catch {
    return null;
  }
}
