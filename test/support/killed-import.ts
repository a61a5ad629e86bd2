import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { cp } from 'node:fs/promises';

export interface KilledImport {
  /** The bundled `import-process.ts`. */
  readonly program: string;
  readonly workerScript: string;
  /** The desk it begins from, and where its copy is put. */
  readonly template: string;
  readonly deskFolder: string;
  readonly path: string;
  readonly delayMs: number;
}

/** Imports the file into a copy of the desk and kills the process so long after it began; returns how long it lasted, ms. */
export async function killImport(run: KilledImport): Promise<number> {
  await cp(run.template, run.deskFolder, { recursive: true });
  const child = spawn(process.execPath, [run.program, run.workerScript, run.deskFolder, run.path], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const exited = once(child, 'exit');
  await once(child.stdout, 'data');
  const startedMs = performance.now();
  const timer = setTimeout(() => child.kill('SIGKILL'), run.delayMs);
  await exited;
  clearTimeout(timer);
  return performance.now() - startedMs;
}
