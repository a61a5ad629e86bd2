import type { Terminal } from './terminal';

/** Progress of one file after the other: a bar that redraws itself on a terminal, a line now and then in a pipe. */
export interface Progress {
  start(name: string): void;
  /** `facts` is said after the percentage: "12,000 rows". */
  show(done: number, total: number, facts: string): void;
  end(): void;
}

const linesEveryMs = 5_000;
const barWidth = 24;

export function createProgress(terminal: Terminal, quiet: boolean): Progress {
  let name = '';
  let drawn = false;
  let lastLineMs = performance.now();
  return {
    start(fileName) {
      name = fileName;
      lastLineMs = performance.now();
    },
    show(done, total, said) {
      if (quiet || name === '') return;
      const share = total > 0 ? Math.min(1, done / total) : 0;
      const facts = `${Math.floor(share * 100)} %, ${said}`;
      if (!terminal.errIsTerminal) {
        if (performance.now() - lastLineMs < linesEveryMs) return;
        lastLineMs = performance.now();
        terminal.err(`${name}: ${facts}\n`);
        return;
      }
      const filled = Math.round(share * barWidth);
      const bar = `${'█'.repeat(filled)}${'░'.repeat(barWidth - filled)}`;
      terminal.err(`\r\u001b[K${`${bar} ${name}: ${facts}`.slice(0, Math.max(20, terminal.columns - 1))}`);
      drawn = true;
    },
    end() {
      if (drawn) terminal.err('\r\u001b[K');
      drawn = false;
      name = '';
    },
  };
}
