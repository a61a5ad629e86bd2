// Makes a checkout ready to run: installs what is missing and builds what is stale. Runs before anything is installed, so it may use
// nothing but Node. Two that start at once take turns.

import { spawn } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';

export const root = resolve(dirname(fileURLToPath(import.meta.url)), '../..');

const installStamp = join(root, 'node_modules/.lockstep-install');
const buildStamp = join(root, 'out/.build');
const sqliteBinary = join(root, 'node_modules/sqlite3/build/Release/node_sqlite3.node');
const npmOptions = ['--no-audit', '--no-fund', '--loglevel=error'];
const lockFile = join(root, 'out/.preparing');
/** What the bundles are made from. */
const buildSources = [
  'electron',
  'shared',
  'renderer',
  'resources/maps',
  'electron.vite.config.ts',
  'package.json',
  'package-lock.json',
];

/** A problem the user can mend: its message is all they need to see. */
export class LaunchError extends Error {}

/** Runs the launch script's body; a LaunchError ends it with its message alone. */
export async function launch(body) {
  try {
    process.exitCode = await body();
  } catch (error) {
    process.stderr.write(`${error instanceof LaunchError ? error.message : error.stack}\n`);
    process.exitCode = 1;
  }
}

/** Ready to run afterwards. `say` gets a line for each step that takes time, and nothing when all is fresh. */
export async function prepare({ say = sayToUser, build = true } = {}) {
  checkNode();
  const fresh = () => isInstalled() && (!build || isBuilt());
  if (fresh()) return;
  const unlock = await lock(say);
  try {
    if (!isInstalled()) await install(say);
    if (build && !isBuilt()) await buildAll(say);
  } finally {
    unlock();
  }
}

/** Lines for the user go to standard error, so that the output of the command itself can be piped. */
export function sayToUser(line) {
  process.stderr.write(`${line}\n`);
}

function checkNode() {
  const [major, minor] = process.versions.node.split('.').map(Number);
  if (major > 20 || (major === 20 && minor >= 19)) return;
  throw new LaunchError(
    `Lockstep needs Node.js 20.19 or later; this is ${process.versions.node}. Install a current version from nodejs.org and run the command again.`,
  );
}

// --- Packages

function isInstalled() {
  const wanted = hashOf([join(root, 'package-lock.json')]);
  if (read(installStamp) === wanted) return true;
  if (!matchesLock()) return false;
  writeFileSync(installStamp, wanted);
  return true;
}

/** Whether what npm says it installed is what the lock file asks for. npm writes its record last, so half an install has none. */
function matchesLock() {
  const record = read(join(root, 'node_modules/.package-lock.json'));
  if (record === null || !existsSync(sqliteBinary)) return false;
  const installed = JSON.parse(record).packages;
  const wanted = JSON.parse(readFileSync(join(root, 'package-lock.json'), 'utf8')).packages;
  return Object.entries(wanted).every(
    ([path, entry]) => path === '' || entry.optional || entry.devOptional || installed[path]?.version === entry.version,
  );
}

async function install(say) {
  say('Installing packages; the first time this takes a minute or two…');
  let outcome = await runNpm(['ci', ...npmOptions], { env: npmEnvironment() });
  // A registry that lacks a package of the lock file may still have one that does.
  if (outcome.code !== 0 && !outcome.output.includes('gyp ERR'))
    outcome = await runNpm(['install', '--no-save', ...npmOptions], { env: npmEnvironment() });
  if (outcome.code !== 0) {
    throw new LaunchError(
      `Installing the packages failed:\n${lastLines(outcome.output)}\nLockstep needs the npm registry once, and a C++ toolchain (make, g++, python3) with Node's headers where SQLite's prebuilt binary cannot be downloaded.`,
    );
  }
  if (!existsSync(sqliteBinary)) {
    // npm is set to ignore install scripts: SQLite's binary is the one thing that needs its own.
    const args = ['rebuild', 'sqlite3', '--ignore-scripts=false', ...npmOptions];
    const rebuilt = await runNpm(args, { env: npmEnvironment() });
    if (rebuilt.code !== 0) throw new LaunchError(`Building SQLite failed:\n${lastLines(rebuilt.output)}`);
  }
  writeFileSync(installStamp, hashOf([join(root, 'package-lock.json')]));
}

/** SQLite is compiled against the headers that came with Node, where they did: then nothing has to be downloaded for it. */
function npmEnvironment() {
  const prefix = resolve(dirname(process.execPath), '..');
  const version = read(join(prefix, 'include/node/node_version.h')) ?? '';
  const defined = (part) => new RegExp(`#define NODE_${part}_VERSION (\\d+)`).exec(version)?.[1];
  const own = ['MAJOR', 'MINOR', 'PATCH'].map(defined).join('.') === process.versions.node;
  return own && !process.env.npm_config_nodedir ? { ...process.env, npm_config_nodedir: prefix } : process.env;
}

/** The npm that started us, else the one on the path. */
export function runNpm(args, options = {}) {
  const own = process.env.npm_execpath;
  return own && /\.c?js$/.test(own)
    ? run(process.execPath, [own, ...args], options)
    : run(process.platform === 'win32' ? 'npm.cmd' : 'npm', args, { shell: process.platform === 'win32', ...options });
}

// --- Bundles

function isBuilt() {
  return read(buildStamp) === sourceHash() && existsSync(join(root, 'out/main/cli.js'));
}

/** Fingerprint of everything the bundles are made from. */
export function sourceHash() {
  return hashOf(buildSources.map((path) => join(root, path)));
}

async function buildAll(say) {
  say('Building the console…');
  const hash = sourceHash(); // before the build: a file saved while it runs makes it stale again
  rmSync(buildStamp, { force: true });
  const outcome = await run(process.execPath, [join(root, 'node_modules/electron-vite/bin/electron-vite.js'), 'build']);
  if (outcome.code !== 0) throw new LaunchError(`Building the console failed:\n${lastLines(outcome.output, 40)}`);
  writeFileSync(buildStamp, hash);
}

// --- One at a time

async function lock(say) {
  mkdirSync(dirname(lockFile), { recursive: true });
  for (let waited = false; ; waited = true) {
    try {
      writeFileSync(lockFile, String(process.pid), { flag: 'wx' });
      return () => rmSync(lockFile, { force: true });
    } catch (error) {
      if (error.code !== 'EEXIST') throw error;
    }
    const holder = Number(read(lockFile));
    if (holder > 0 && !isAlive(holder)) rmSync(lockFile, { force: true });
    else if (!waited) say(`Another start of Lockstep (process ${holder || 'unknown'}) is preparing; waiting for it…`);
    await new Promise((resume) => setTimeout(resume, 200));
  }
}

function isAlive(processId) {
  try {
    process.kill(processId, 0);
    return true;
  } catch (error) {
    return error.code === 'EPERM';
  }
}

// --- Small parts

function read(path) {
  try {
    return readFileSync(path, 'utf8');
  } catch {
    return null;
  }
}

/** SHA-256 over names and contents of the files and of all files in the folders. */
function hashOf(paths) {
  const hash = createHash('sha256');
  const visit = (path) => {
    if (!existsSync(path)) return;
    if (statSync(path).isDirectory()) {
      for (const name of readdirSync(path).sort()) visit(join(path, name));
    } else {
      hash
        .update(`${path.slice(root.length)}\0`)
        .update(readFileSync(path))
        .update('\0');
    }
  };
  for (const path of paths) visit(path);
  return hash.digest('hex');
}

/** Runs to its end with nothing shown; resolves with the exit code and all it printed. */
export function run(command, args, options = {}) {
  return new Promise((done) => {
    let output = '';
    const child = spawn(command, args, { cwd: root, stdio: ['ignore', 'pipe', 'pipe'], ...options });
    const collect = (chunk) => {
      output += chunk;
    };
    child.stdout?.on('data', collect);
    child.stderr?.on('data', collect);
    child.on('error', (error) => done({ code: 1, output: `${output}${error.message}` }));
    child.on('close', (code, signal) => done({ code: code ?? `signal ${signal}`, output }));
  });
}

/**
 * Runs in the foreground: same terminal, Ctrl-C reaches it directly, a request to end is passed on, and its end is ours.
 * Resolves with its exit code (128 + signal as shells count).
 */
export function runInForeground(command, args, options = {}) {
  return new Promise((done, failed) => {
    const child = spawn(command, args, { cwd: root, stdio: 'inherit', ...options });
    const passOn = (signal) => child.kill(signal);
    const leaveToChild = () => {};
    process.on('SIGINT', leaveToChild);
    process.on('SIGTERM', passOn);
    process.on('SIGHUP', passOn);
    child.on('error', failed);
    child.on('close', (code, signal) => {
      process.off('SIGINT', leaveToChild);
      process.off('SIGTERM', passOn);
      process.off('SIGHUP', passOn);
      done(code ?? (signal === 'SIGINT' ? 130 : 143));
    });
  });
}

function lastLines(text, count = 12) {
  return text.trimEnd().split('\n').slice(-count).join('\n');
}
