// The programs we are measured against. None is needed by the product: they are installed into a folder beside the system's temporary
// files, from the npm registry, and whichever cannot be had is named as absent.
import { execFileSync } from 'node:child_process';
import { existsSync, mkdirSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

const packages = { duckdb: '@duckdb/node-api@1.5.5-r.5', 'better-sqlite3': 'better-sqlite3@12.4.1' };
const folder = join(tmpdir(), 'lockstep-bench-peers');
const script = (name) => join(import.meta.dirname, 'peers', name);

/** Makes the named peers ready; returns a function that gives the command of one, or the reason why there is none. */
export async function preparePeers(names, say) {
  const ready = new Map(names.map((name) => [name, name === 'pandas' ? pandas() : installed(name, say)]));
  return (name) => ready.get(name) ?? { reason: 'peers were left out' };
}

function installed(name, say) {
  const wanted = packages[name];
  const at = wanted.lastIndexOf('@');
  try {
    if (!existsSync(join(folder, 'node_modules', wanted.slice(0, at)))) {
      say(`Installing ${wanted} to measure against…`);
      mkdirSync(folder, { recursive: true });
      if (!existsSync(join(folder, 'package.json'))) writeFileSync(join(folder, 'package.json'), '{ "private": true }');
      npm('install', '--no-audit', '--no-fund', '--save-exact', wanted);
      // Some packages are compiled here, which an installation alone may leave out.
      npm('rebuild', wanted.slice(0, at));
    }
    return { command: [process.execPath, script(`${name}.mjs`), folder] };
  } catch (error) {
    return { reason: `${wanted} cannot be installed: ${String(error.message).split('\n')[0]}` };
  }
}

function npm(...args) {
  execFileSync('npm', args, { cwd: folder, stdio: ['ignore', 'ignore', 'pipe'], timeout: 300_000 });
}

function pandas() {
  for (const python of [process.env.BENCH_PYTHON, '/usr/bin/python3', 'python3']) {
    if (!python) continue;
    try {
      execFileSync(python, ['-c', 'import pandas'], { stdio: 'ignore' });
      return { command: [python, script('pandas.py')] };
    } catch {
      // the next one may have it
    }
  }
  return { reason: 'no Python here has pandas (BENCH_PYTHON names one that has)' };
}
