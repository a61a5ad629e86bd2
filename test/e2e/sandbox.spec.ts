import { execFile } from 'node:child_process';
import { chmod, chown, cp, mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { _electron, expect, test } from '@playwright/test';
import { checkout, electronRuntime, isRoot } from './consoles';

/**
 * One pass as an ordinary user with Electron's sandbox on, as every user runs it. As root an unprivileged user is used for it, with
 * copies of the runtime and of the built app that it can read.
 */

const run = promisify(execFile);
/** Any number will do: the kernel asks for no entry in /etc/passwd. */
const userId = 64_123;

test('as an ordinary user the page runs in the operating system’s sandbox, with its preload', async () => {
  test.skip(electronRuntime.path === '', electronRuntime.reason);
  test.skip(process.platform !== 'linux', 'the sandbox is read from /proc, which is Linux');
  const folder = await mkdtemp(join(tmpdir(), 'lockstep-sandbox-'));
  try {
    const { command, home } = isRoot
      ? await unprivileged(folder)
      : { command: join(electronRuntime.path, 'electron'), home: folder };
    const app = await _electron.launch({
      executablePath: command,
      args: [isRoot ? join(folder, 'app') : checkout],
      chromiumSandbox: true,
      env: { ...passedOn(), HOME: home, LOCKSTEP_DATA_DIR: join(home, 'data'), XDG_RUNTIME_DIR: home, TMPDIR: home },
    });
    try {
      const page = await app.firstWindow();
      await page.getByRole('main').waitFor();
      // The preload works in there, and so does the engine behind it.
      const info = await page.evaluate(() =>
        (
          globalThis as never as { lockstep: { call(name: string, args: object): Promise<{ ok: boolean }> } }
        ).lockstep.call('app.info', {}),
      );
      expect(info.ok).toBe(true);

      const { shell, renderer } = await app.evaluate(({ webContents }) => ({
        shell: { commandLine: process.argv, userId: process.getuid?.() },
        renderer: webContents.getAllWebContents()[0]?.getOSProcessId() ?? 0,
      }));
      expect(shell.commandLine).not.toContain('--no-sandbox');
      expect(shell.userId).not.toBe(0);
      const status = await readFile(`/proc/${renderer}/status`, 'utf8');
      expect(status).toMatch(/^Seccomp:\t2$/m); // system calls are filtered
      expect(status).toMatch(/^NoNewPrivs:\t1$/m);
      const commandLine = (await readFile(`/proc/${renderer}/cmdline`, 'utf8')).split(/[\0 ]/);
      expect(commandLine).not.toContain('--no-sandbox');
    } finally {
      await app.close();
    }
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
});

function passedOn(): Record<string, string> {
  const names = ['PATH', 'DISPLAY', 'LANG'];
  return Object.fromEntries(names.flatMap((name) => (process.env[name] ? [[name, process.env[name]]] : [])));
}

/** A command that starts Electron as a user with no rights, and that user's home. */
async function unprivileged(folder: string): Promise<{ readonly command: string; readonly home: string }> {
  await chmod(folder, 0o755);
  const runtime = join(folder, 'runtime');
  await cp(electronRuntime.path, runtime, { recursive: true });
  // Where the kernel keeps user namespaces from ordinary users, this helper makes the sandbox; it must be root's and setuid.
  await chown(join(runtime, 'chrome-sandbox'), 0, 0);
  await chmod(join(runtime, 'chrome-sandbox'), 0o4755);

  const app = join(folder, 'app');
  await mkdir(app);
  for (const part of [
    'package.json',
    'out',
    'resources',
    'node_modules/sqlite3',
    'node_modules/bindings',
    'node_modules/file-uri-to-path',
  ])
    await cp(join(checkout, part), join(app, part), { recursive: true });
  await run('chmod', ['-R', 'a+rX', runtime, app]);

  const home = join(folder, 'home');
  await mkdir(home);
  await chown(home, userId, userId);
  const command = join(folder, 'electron-as-user');
  const identity = `--reuid=${userId} --regid=${userId} --clear-groups`;
  await writeFile(command, `#!/bin/sh\nexec setpriv ${identity} -- "${runtime}/electron" "$@"\n`);
  await chmod(command, 0o755);
  return { command, home };
}
