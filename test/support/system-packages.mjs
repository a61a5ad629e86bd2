// What the end-to-end tests need of the machine, installed where that is possible (Debian and Ubuntu, as root) and named where not.

import { existsSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import { run } from '../../electron/launch/prepare.mjs';

/** Path of the program, or null when there is none. */
export function findProgram(...names) {
  const folders = (process.env.PATH ?? '').split(delimiter);
  return names.flatMap((name) => folders.map((folder) => join(folder, name))).find(existsSync) ?? null;
}

export const isRoot = process.getuid?.() === 0;

/** Package lists are fetched once per run. */
let updated = null;

/**
 * Installs Debian packages. Of several names for one package (`a|b`) the first that the machine's release knows is taken.
 * Resolves with null, or with the reason why they are not there.
 */
export async function installPackages(...alternatives) {
  const wanted = alternatives.join(', ').replaceAll('|', ' or ');
  if (findProgram('apt-get') === null) return `install ${wanted} with this system's package manager`;
  if (!isRoot) return `install ${wanted} (apt-get needs root)`;
  updated ??= aptGet('update');
  await updated;
  const names = [];
  for (const names_ of alternatives) names.push(await knownName(names_.split('|')));
  const { code, output } = await aptGet('install', '--no-install-recommends', ...names);
  return code === 0 ? null : `apt-get could not install ${names.join(', ')}: ${output.trim().split('\n').at(-1)}`;
}

function aptGet(...args) {
  return run('apt-get', ['-y', '-qq', '-o', 'DPkg::Lock::Timeout=120', ...args], {
    env: { ...process.env, DEBIAN_FRONTEND: 'noninteractive' },
    timeout: 300_000,
  });
}

async function knownName(names) {
  for (const name of names) {
    const { code, output } = await run('apt-cache', ['policy', name]);
    if (code === 0 && /Candidate: (?!\(none\))/.test(output)) return name;
  }
  return names.at(-1);
}
