// `npm run dist`: installers of this system, or with `--dir` the unpacked application. Arguments go to electron-builder as they are.

import { dirname, join } from 'node:path';
import { launch, prepare, root, runInForeground, sayToUser } from './prepare.mjs';
import { findRuntime } from './runtime.mjs';

launch(async () => {
  await prepare();
  const { binary, reason } = await findRuntime(sayToUser);
  if (!binary) {
    sayToUser(
      `Nothing can be packaged, because ${reason}. Set ELECTRON_OVERRIDE_DIST_PATH to a folder that holds Electron's runtime.`,
    );
    return 1;
  }
  const runtime = process.platform === 'darwin' ? join(dirname(binary), '../../..') : dirname(binary);
  const args = [
    '--config',
    'electron-builder.yml',
    '--publish',
    'never',
    `-c.electronDist=${runtime}`,
    ...process.argv.slice(2),
  ];
  const code = await runInForeground(process.execPath, [join(root, 'node_modules/electron-builder/cli.js'), ...args]);
  if (code !== 0 && !process.argv.includes('--dir'))
    sayToUser(
      'electron-builder fetches the tools that make installers from its own release host. Where that cannot be reached, "npm run dist -- --dir" still makes the application itself.',
    );
  return code;
});
