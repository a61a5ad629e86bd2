// Downloads Electron's runtime with Electron's own downloader (its cache, mirrors and checksums), and gives up when no byte comes for a
// while: a network that swallows packets must not keep the console from starting. The last line printed is the reason of a failure.

import { spawnSync } from 'node:child_process';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { root } from './prepare.mjs';

const patienceMs = 20_000;
const packageFolder = join(root, 'node_modules/electron');
const requireFromElectron = createRequire(join(packageFolder, 'install.js'));
const { downloadArtifact } = await import(pathToFileURL(requireFromElectron.resolve('@electron/get')).href);

const giveUp = new AbortController();
let watchdog;
const gotBytes = () => {
  clearTimeout(watchdog);
  watchdog = setTimeout(() => giveUp.abort(), patienceMs);
};

try {
  gotBytes();
  await downloadArtifact({
    version: requireFromElectron('./package.json').version,
    artifactName: 'electron',
    platform: process.platform,
    arch: process.arch,
    checksums: requireFromElectron('./checksums.json'),
    downloadOptions: { quiet: true, signal: giveUp.signal, getProgressCallback: gotBytes },
  });
  clearTimeout(watchdog);
  // Takes the archive from the cache it was just put in, and unpacks it.
  const unpacked = spawnSync(process.execPath, [join(packageFolder, 'install.js')], { encoding: 'utf8' });
  if (unpacked.status !== 0) throw new Error(unpacked.stderr.split('\n')[0] || 'unpacking failed');
} catch (error) {
  console.log(
    giveUp.signal.aborted
      ? `no answer for ${patienceMs / 1_000} s`
      : (error.cause?.code ?? error.cause?.message ?? error.message),
  );
  process.exit(1);
}
