import { type ChildProcess, spawn } from 'node:child_process';
import { constants } from 'node:fs';
import { access, stat } from 'node:fs/promises';
import { delimiter, isAbsolute, join, resolve } from 'node:path';
import type { PlaybookStep } from '../../../shared/canary/playbook';
import { type Attempt, done, failedForGood, failedForNow, type StepAnswer, timedOut } from './ports';

/**
 * Runs a program: its arguments as they are, no shell between, in a process group of its own that ends as a whole when the time is over.
 */

export type CommandStep = Extract<PlaybookStep, { kind: 'command' }>;

/** What is kept of what the program says, bytes of each stream. */
const longestOutput = 64 * 1_024;
/** How long the group has to end by itself once it is asked to, ms. */
const graceMs = 2_000;
/** How long output is waited for when the program has ended and a child of it still holds the streams, ms. */
const drainMs = 300;

export async function runCommand(step: CommandStep, attempt: Attempt): Promise<StepAnswer> {
  const secrets: Record<string, string> = {};
  for (const [name, reference] of Object.entries(step.secrets)) {
    const value = await attempt.reveal(reference);
    if (value.includes('\0'))
      return failedForGood(`The secret for ${name} holds a zero byte, which no environment takes.`);
    secrets[name] = value;
  }
  const [program = '', ...args] = step.argv;
  if (attempt.signal.aborted) return timedOut(`"${program}" was not begun: the time was over.`);
  if (step.argv.some((text) => text.includes('\0'))) return failedForGood('An argument holds a zero byte.');
  let child: ChildProcess;
  try {
    child = spawn(program, args, {
      cwd: step.directory ?? undefined,
      env: { ...process.env, ...commandEnvironment(step, attempt), ...secrets },
      stdio: ['ignore', 'pipe', 'pipe'],
      detached: process.platform !== 'win32',
      shell: false,
      windowsHide: true,
    });
  } catch (thrown) {
    return failedForGood(
      `"${program}" cannot be started: ${thrown instanceof Error ? thrown.message : String(thrown)}.`,
    );
  }
  const output = new Output(child);
  const ended = await new Promise<{ code: number | null; signal: string | null } | Error | 'timed-out'>((settle) => {
    const stop = () => {
      void endGroup(child, attempt).then(() => settle('timed-out'));
    };
    attempt.signal.addEventListener('abort', stop, { once: true });
    child.once('error', (error) => settle(error));
    child.once('exit', (code, signal) => {
      if (attempt.signal.aborted) return;
      attempt.signal.removeEventListener('abort', stop);
      void output.drained(attempt).then(() => settle({ code, signal }));
    });
    if (attempt.signal.aborted) stop();
  });
  output.close();
  const said = output.text === '' ? '' : `: ${attempt.quote(output.text, output.cut)}`;
  if (ended === 'timed-out')
    return timedOut(`"${program}" had not ended after ${step.timeoutMs} ms and was killed with its children${said}`);
  if (ended instanceof Error) return startFailure(program, step, ended);
  if (ended.code === 0) return done(`"${program}" ended with 0${said}`);
  return failedForNow(
    ended.code === null
      ? `"${program}" was ended by ${ended.signal ?? 'a signal'}${said}`
      : `"${program}" ended with ${ended.code}${said}`,
  );
}

/** What stands in the way of running the program, without running it; null = nothing that can be seen. */
export async function commandProblem(step: CommandStep): Promise<string | null> {
  const [program = ''] = step.argv;
  if (step.directory !== null) {
    const directory = await stat(step.directory).catch(() => null);
    if (!directory?.isDirectory()) return `The folder "${step.directory}" does not exist.`;
  }
  if ((await findProgram(program, step.directory)) !== null) return null;
  return `"${program}" is not there, or may not be executed.`;
}

/** Where the program lies, looked for as the system does; null = nowhere. */
async function findProgram(program: string, directory: string | null): Promise<string | null> {
  const endings = process.platform === 'win32' ? ['', '.exe', '.cmd', '.bat', '.com'] : [''];
  const folders = /[/\\]/.test(program) ? [directory ?? '.'] : (process.env['PATH'] ?? '').split(delimiter);
  for (const folder of folders) {
    for (const ending of endings) {
      const path = isAbsolute(program) ? program + ending : resolve(join(folder, program + ending));
      const found = await stat(path).catch(() => null);
      if (found?.isFile() && (await access(path, constants.X_OK).then(yes, no))) return path;
    }
  }
  return null;
}

const yes = () => true;
const no = () => false;

function commandEnvironment(step: CommandStep, attempt: Attempt): Record<string, string> {
  return {
    LOCKSTEP_DEPLOYMENT_ID: attempt.deploymentId,
    LOCKSTEP_STRATEGY: attempt.strategy,
    LOCKSTEP_VERSION: attempt.version,
    LOCKSTEP_ROLLBACK_ID: attempt.rollbackId,
    LOCKSTEP_STEP_ID: step.id,
    LOCKSTEP_IDEMPOTENCY_KEY: attempt.idempotencyKey,
    LOCKSTEP_ATTEMPT: String(attempt.attempt),
    LOCKSTEP_DRILL: attempt.kind === 'drill' ? '1' : '0',
  };
}

function startFailure(program: string, step: CommandStep, error: NodeJS.ErrnoException): StepAnswer {
  switch (error.code) {
    case 'ENOENT':
      return failedForGood(
        `"${program}" is not there${step.directory === null ? '' : `, or "${step.directory}" is not`}.`,
      );
    case 'EACCES':
    case 'EPERM':
      return failedForGood(`"${program}" may not be executed by this user.`);
    case 'ENOTDIR':
      return failedForGood(`"${step.directory ?? program}" is not a folder.`);
    case 'E2BIG':
      return failedForGood(`The arguments of "${program}" are too long.`);
    default:
      return failedForNow(`"${program}" cannot be started: ${error.code ?? error.message}.`);
  }
}

/** Asks the group to end, and ends it when it does not. Resolves when its first process is gone. */
async function endGroup(child: ChildProcess, attempt: Attempt): Promise<void> {
  const { pid } = child;
  if (pid === undefined) return;
  if (process.platform === 'win32') {
    await new Promise((settle) => {
      const killer = spawn('taskkill', ['/pid', String(pid), '/t', '/f'], { stdio: 'ignore', windowsHide: true });
      killer.once('close', settle);
      killer.once('error', settle);
    });
    return;
  }
  const exited = child.exitCode !== null || child.signalCode !== null;
  const gone = exited ? Promise.resolve() : new Promise<void>((settle) => child.once('exit', () => settle()));
  signalGroup(pid, 'SIGTERM');
  await Promise.race([gone, attempt.wait(graceMs)]);
  // Also when the first process is gone: a child of it may have stayed.
  signalGroup(pid, 'SIGKILL');
  await gone;
}

function signalGroup(pid: number, signal: NodeJS.Signals): void {
  try {
    process.kill(-pid, signal);
  } catch {
    // the group has ended already
  }
}

/** The beginning of both streams; the rest is read, so that the program does not block, and dropped. */
class Output {
  readonly #parts: Buffer[] = [];
  #length = 0;
  readonly #closed: Promise<void>;

  constructor(private readonly child: ChildProcess) {
    for (const stream of [child.stdout, child.stderr]) {
      stream?.on('data', (part: Buffer) => {
        if (this.#length < longestOutput) this.#parts.push(part.subarray(0, longestOutput - this.#length));
        this.#length += part.length;
      });
      stream?.on('error', () => undefined); // it ends with the process, whose end is what counts
    }
    this.#closed = new Promise((settle) => child.once('close', () => settle()));
  }

  drained(attempt: Attempt): Promise<void> {
    return Promise.race([this.#closed, attempt.wait(drainMs)]);
  }

  close(): void {
    this.child.stdout?.destroy();
    this.child.stderr?.destroy();
  }

  get cut(): boolean {
    return this.#length > longestOutput;
  }

  get text(): string {
    return Buffer.concat(this.#parts).toString('utf8').trim();
  }
}
