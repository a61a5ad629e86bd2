import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { FailureError } from '../../../shared/base/errors';
import { valueOrThrow } from '../../../shared/base/result';
import { createEngine } from '../../engine/engine';
import { openBrowser } from '../../server/open-browser';
import { startServer } from '../../server/server';
import type { Session } from '../session';
import { exitCode, usageFailure } from '../terminal';

export interface ServeOptions {
  readonly port?: string;
  readonly open: boolean;
}

/** Serves the console until it is interrupted. */
export async function serve(session: Session, options: ServeOptions, rendererRoot: URL): Promise<number> {
  const { terminal, json, dataDirectory } = session;
  const port = Number(options.port ?? 0);
  if (!Number.isInteger(port) || port < 0 || port > 65_535) {
    throw new FailureError(
      usageFailure(`--port ${options.port} is no port.`, 'Name one from 1 to 65535, or none for any.'),
    );
  }
  const log = (line: string) => terminal.err(`${line}\n`);
  const engine = createEngine({ ...session.parts('create', 'follow'), monitor: true, log });
  const spoolDirectory = join(dataDirectory, 'uploads');
  await mkdir(spoolDirectory, { recursive: true });
  const server = valueOrThrow(
    await startServer({ engine, rendererRoot: fileURLToPath(rendererRoot), spoolDirectory, port, log }),
  );
  const interrupted = new Promise<void>((resolve) => {
    terminal.onInterrupt(resolve);
  });
  if (json) terminal.out(`${JSON.stringify({ url: server.url, port: server.port })}\n`);
  else terminal.out(`Lockstep is served at ${server.url}\nPress Ctrl-C to stop.\n`);
  if (options.open) await openBrowser(server.url);
  await interrupted;
  await server.close();
  await engine.close();
  return exitCode.done;
}
