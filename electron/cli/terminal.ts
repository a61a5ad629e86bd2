import { type Failure, failure } from '../../shared/base/errors';

/** Where a command writes and what it can know of its surroundings; the process's own in production, strings in tests. */
export interface Terminal {
  /** The command's result and nothing else. */
  out(text: string): void;
  /** Progress, errors and remarks. */
  err(text: string): void;
  readonly outIsTerminal: boolean;
  readonly errIsTerminal: boolean;
  /** Columns of the terminal standard error goes to. */
  readonly columns: number;
  /** Calls back on SIGINT and SIGTERM; returns the function that stops it. */
  onInterrupt(listener: () => void): () => void;
  /** Resolves when what was written has left the process. */
  drained(): Promise<void>;
}

/** Exit codes of every command; `check` adds the last two. */
export const exitCode = { done: 0, error: 1, parityFailed: 2, parityUnknown: 3, interrupted: 130 } as const;

export function writeFailure(terminal: Terminal, error: Failure, json: boolean): void {
  if (json) terminal.err(`${JSON.stringify({ error })}\n`);
  else terminal.err(`lockstep: ${error.message}\n${error.hint === '' ? '' : `  ${error.hint}\n`}`);
}

export function usageFailure(message: string, hint = 'Run "lockstep --help".'): Failure {
  return failure('usage', message, hint);
}

/** The process's own streams. A reader that goes away (`| head`) ends the writing, not the work, and is no error. */
export function processTerminal(): Terminal {
  const { stdout, stderr } = process;
  let readerGone = false;
  stdout.on('error', (error: NodeJS.ErrnoException) => {
    if (error.code !== 'EPIPE') throw error;
    readerGone = true;
  });
  stderr.on('error', () => undefined); // nobody left to tell
  return {
    out(text) {
      if (!readerGone) stdout.write(text);
    },
    err(text) {
      stderr.write(text);
    },
    outIsTerminal: stdout.isTTY === true,
    errIsTerminal: stderr.isTTY === true,
    columns: stderr.columns ?? 80,
    onInterrupt(listener) {
      process.once('SIGINT', listener);
      process.once('SIGTERM', listener);
      return () => {
        process.off('SIGINT', listener);
        process.off('SIGTERM', listener);
      };
    },
    async drained() {
      for (const stream of [stdout, stderr]) {
        if (stream.writableLength === 0 || stream.destroyed) continue;
        await new Promise<void>((resolve) => {
          stream.once('error', () => resolve());
          stream.write('', () => resolve());
        });
      }
    },
  };
}
