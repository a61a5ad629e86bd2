import { runCommandLine } from '../../electron/cli/program';
import type { Terminal } from '../../electron/cli/terminal';
import { createInlineRunner } from '../../electron/engine/worker/inline';
import { tasks } from '../../electron/engine/worker/task-functions';

/** The command line in this process, over the real store, with what it wrote. */
export interface Ran {
  readonly code: number;
  readonly out: string;
  readonly err: string;
}

export interface TestTerminal extends Terminal {
  readonly written: { out: string; err: string };
  interrupt(): void;
}

export function testTerminal(onWrite: () => void = () => undefined): TestTerminal {
  const written = { out: '', err: '' };
  const listeners = new Set<() => void>();
  return {
    written,
    out(text) {
      written.out += text;
      onWrite();
    },
    err(text) {
      written.err += text;
      onWrite();
    },
    outIsTerminal: false,
    errIsTerminal: false,
    columns: 80,
    onInterrupt(listener) {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    interrupt() {
      for (const listener of listeners) listener();
    },
    drained: () => Promise.resolve(),
  };
}

export async function lockstep(
  dataDirectory: string,
  words: readonly string[],
  terminal = testTerminal(),
): Promise<Ran> {
  const [command = '', ...rest] = words;
  const argv = command === '' || command.startsWith('-') ? [...words] : [command, '--data-dir', dataDirectory, ...rest];
  const code = await runCommandLine(argv, {
    terminal,
    workerScript: new URL('file:///unused'),
    rendererRoot: new URL('file:///unused/'),
    tasks: () => createInlineRunner(tasks),
  });
  return { code, ...terminal.written };
}
