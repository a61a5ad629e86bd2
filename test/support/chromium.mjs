// A Chromium for the served console: Playwright's own, the system's, or one that can be installed here.

import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { root, run } from '../../electron/launch/prepare.mjs';
import { findProgram, installPackages, isRoot } from './system-packages.mjs';

/** Resolves with `{ binary }` or `{ reason }`. */
export async function provideChromium(say) {
  const { chromium } = await import('playwright');
  const find = () =>
    [chromium.executablePath(), findProgram('chromium', 'chromium-browser', 'google-chrome')].find(
      (path) => path && existsSync(path),
    );
  const present = find();
  if (present) return { binary: present };
  say('Installing a Chromium for the tests…');
  const reason = isRoot ? await installPackages('chromium') : await download();
  const binary = find();
  return binary ? { binary } : { reason: `there is no Chromium: ${reason}` };
}

async function download() {
  const { code, output } = await run(
    process.execPath,
    [join(root, 'node_modules/playwright/cli.js'), 'install', 'chromium'],
    {
      timeout: 300_000,
    },
  );
  return code === 0 ? null : `Playwright could not download one (${output.trim().split('\n')[0]})`;
}
