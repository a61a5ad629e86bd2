// `npm test`: everything there is to check, on a fresh clone as on a working checkout. Installs what is missing, runs each stage with a
// bound on its time, says what was skipped and why, and ends with one line: N passed, M failed, K skipped.

import { spawn } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { LaunchError, prepare, root } from '../electron/launch/prepare.mjs';

const minutes = 60_000;
const bin = (path) => [process.execPath, join(root, 'node_modules', path)];
const say = (line) => process.stdout.write(`${line}\n`);
const work = mkdtempSync(join(tmpdir(), 'lockstep-test-'));
const totals = { passed: 0, failed: 0, skipped: [] };
const rows = [];
let current = null;

// An interrupted run leaves nothing running.
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) {
  process.once(signal, () => {
    if (current) killTree(current);
    process.exit(130);
  });
}
process.on('exit', () => rmSync(work, { recursive: true, force: true }));

try {
  await prepare({ say });
  await checkStages();
  await stage('conformance', [process.execPath, join(root, 'test/conformance/run.mjs')], 3, { counts: true });
  for (const project of ['unit', 'store', 'engine', 'simulation']) await vitestStage(project);
  await endToEndStages();
} catch (error) {
  say(error instanceof LaunchError ? error.message : error.stack);
  totals.failed += 1;
}
summarise();

async function checkStages() {
  const typeScript = bin('typescript/bin/tsc');
  for (const project of ['shared', 'electron', 'electron/preload', 'renderer', 'test'])
    await stage(`types ${project}`, [...typeScript, '-p', project], 3);
  await stage('lint', [...bin('@biomejs/biome/bin/biome'), 'check', '.'], 2);
  await stage(
    'import rule',
    [
      ...bin('dependency-cruiser/bin/dependency-cruise.mjs'),
      '--config',
      '.dependency-cruiser.cjs',
      'shared',
      'electron',
      'renderer',
    ],
    3,
  );
  await stage('unused code', bin('knip/bin/knip.js'), 3);
}

async function vitestStage(project) {
  if (!existsSync(join(root, 'test', project))) return;
  const reporters = ['--reporter=dot', `--reporter=${join(root, 'test/support/vitest-tally.mjs')}`];
  await stage(project, [...bin('vitest/vitest.mjs'), 'run', '--project', project, ...reporters], 15, { counts: true });
}

async function endToEndStages() {
  const { provideElectron } = await import('./support/electron-runtime.mjs');
  const { provideChromium } = await import('./support/chromium.mjs');
  const { provideDisplay } = await import('./support/display.mjs');
  const display = await provideDisplay(say);
  const electron = display.reason ? { reason: display.reason } : await provideElectron(say);
  const chromium = await provideChromium(say);
  const environment = {
    ...display.environment,
    LOCKSTEP_TEST_ELECTRON: electron.folder ?? '',
    LOCKSTEP_TEST_ELECTRON_REASON: electron.reason ?? '',
    LOCKSTEP_TEST_CHROMIUM: chromium.binary ?? '',
    LOCKSTEP_TEST_CHROMIUM_REASON: chromium.reason ?? '',
  };
  const wrap = display.wrap ?? ((command) => command);
  try {
    for (const project of ['electron', 'sandbox', 'packed', 'browser']) {
      const command = [
        ...bin('@playwright/test/cli.js'),
        'test',
        '--config',
        'test/e2e/playwright.config.ts',
        '--project',
        project,
      ];
      await stage(`end to end, ${project}`, wrap(command), 15, { counts: true, environment });
    }
  } finally {
    display.close?.();
  }
}

/**
 * Runs the command, at most for the minutes given. With `counts` its tests are counted from its tally; otherwise it is one check.
 * A stage that ends without a tally, or with an error nobody counted, is a failure.
 */
async function stage(name, command, limit, { counts = false, environment = {} } = {}) {
  say(`\n== ${name}`);
  const tallyFile = join(work, `${rows.length}.json`);
  const startedAt = performance.now();
  const code = await runBounded(command, limit * minutes, { ...environment, LOCKSTEP_TALLY: tallyFile });
  const tally = counts ? readTally(tallyFile) : { passed: code === 0 ? 1 : 0, failed: code === 0 ? 0 : 1, skipped: [] };
  if (code !== 0 && tally.failed === 0) tally.failed = 1;
  totals.passed += tally.passed;
  totals.failed += tally.failed;
  totals.skipped.push(...tally.skipped);
  rows.push({ name, ...tally, seconds: (performance.now() - startedAt) / 1_000 });
  if (code === 'time') say(`${name} was stopped after ${limit} minutes`);
}

function readTally(file) {
  try {
    return JSON.parse(readFileSync(file, 'utf8'));
  } catch {
    return { passed: 0, failed: 1, skipped: [] };
  }
}

/** Resolves with the exit code, or with 'time' when it had to be stopped. It gets no input, so nothing can wait for an answer. */
function runBounded(command, limitMs, environment) {
  return new Promise((done) => {
    const [program, ...args] = command;
    // Colours are for people who watch; a log gets plain text.
    const env = {
      ...process.env,
      ...(process.stdout.isTTY ? {} : { NO_COLOR: '1', FORCE_COLOR: '0' }),
      ...environment,
    };
    // A group of its own, so that all it started can be stopped with it.
    const child = spawn(program, args, {
      cwd: root,
      env,
      stdio: ['ignore', 'inherit', 'inherit'],
      detached: process.platform !== 'win32',
    });
    current = child;
    let outOfTime = false;
    const timer = setTimeout(() => {
      outOfTime = true;
      killTree(child);
    }, limitMs);
    const end = (code) => {
      clearTimeout(timer);
      current = null;
      done(outOfTime ? 'time' : code);
    };
    child.on('error', (error) => {
      say(error.message);
      end(1);
    });
    child.on('close', (code) => end(code ?? 1));
  });
}

function killTree(child) {
  try {
    if (process.platform === 'win32') child.kill('SIGKILL');
    else process.kill(-child.pid, 'SIGKILL');
  } catch {
    // It has ended by itself.
  }
}

function summarise() {
  say('\n== summary');
  for (const { name, passed, failed, skipped, seconds } of rows) {
    const parts = [
      `${passed} passed`,
      failed > 0 && `${failed} FAILED`,
      skipped.length > 0 && `${skipped.length} skipped`,
    ];
    say(`${name.padEnd(24)} ${parts.filter(Boolean).join(', ')} (${seconds.toFixed(1)} s)`);
  }
  const byReason = groupByReason(totals.skipped);
  for (const [reason, tests] of byReason)
    say(`skipped ${tests.length}: ${reason}${tests.length === 1 ? ` (${tests[0].name})` : ''}`);
  say(`\n${totals.passed} passed, ${totals.failed} failed, ${totals.skipped.length} skipped`);
  process.exitCode = totals.failed === 0 ? 0 : 1;
}

function groupByReason(tests) {
  const groups = new Map();
  for (const test of tests) groups.set(test.reason, [...(groups.get(test.reason) ?? []), test]);
  return groups;
}
