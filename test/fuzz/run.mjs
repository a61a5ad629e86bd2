// `npm run fuzz -- [--cases N] [--seed TEXT] [--format ID] [--case INDEX] [--processes P] [--keep DIR]`: changes a valid log of every
// format in structure-aware ways and checks that nothing crashes, hangs or becomes a number the log does not hold. The same seed
// gives the same cases; a finding is made again with the line that is printed with it.
import { spawn } from 'node:child_process';
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { bundledMain } from '../support/bundled-main.mjs';

const { values } = parseArgs({
  options: {
    cases: { type: 'string', default: '100000' },
    seed: { type: 'string', default: String(Date.now()) },
    format: { type: 'string', default: '' },
    case: { type: 'string' },
    processes: { type: 'string', default: '2' },
    keep: { type: 'string' },
  },
});
/** Without a sign of life for so long, a process hangs. */
const silentMs = 30_000;
const main = await bundledMain('test/fuzz/main.ts');

const processes = values.case === undefined ? Number(values.processes) : 1;
console.log(`seed ${values.seed}`);

const kinds = new Map();
let cases = 0;
const startedAt = performance.now();
await Promise.all(Array.from({ length: processes }, (_, part) => run(part)));
const seconds = Math.round((performance.now() - startedAt) / 1_000);
const total = [...kinds.values()].reduce((sum, { count }) => sum + count, 0);
for (const { count, sample } of kinds.values()) {
  console.log(
    `\n${sample.format}, ${sample.mutation} (${count} such)\n  ${sample.what.split('\n').slice(0, 6).join('\n  ')}`,
  );
  console.log(`  npm run fuzz -- --seed ${values.seed} --format ${sample.format} --case ${sample.index}`);
  if (values.keep !== undefined && sample.bytes) {
    mkdirSync(values.keep, { recursive: true });
    writeFileSync(join(values.keep, `${sample.format}-${sample.index}`), Buffer.from(sample.bytes, 'base64'));
  }
}
console.log(`\n${cases} cases in ${seconds} s, seed ${values.seed}: ${total} findings of ${kinds.size} kinds`);
process.exitCode = total === 0 ? 0 : 1;

function run(part) {
  return new Promise((done) => {
    const child = spawn(
      process.execPath,
      [main, values.seed, values.cases, String(part), String(processes), values.format, values.case ?? ''],
      { stdio: ['ignore', 'pipe', 'inherit'] },
    );
    let at = null;
    let own = 0;
    let ended = false;
    let rest = '';
    let timer = null;
    const wait = () => {
      clearTimeout(timer);
      timer = setTimeout(() => {
        note({
          ...at,
          mutation: 'unknown',
          what: `no sign of life for ${silentMs / 1_000} s within 200 cases from here: a hang`,
        });
        child.kill('SIGKILL');
      }, silentMs);
    };
    wait();
    child.stdout.on('data', (chunk) => {
      wait();
      const lines = (rest + chunk).split('\n');
      rest = lines.pop();
      for (const line of lines) {
        const message = JSON.parse(line);
        if (message.at) {
          at = message.at;
          own = message.at.cases;
        } else if (message.finding) note(message.finding);
        else {
          own = message.done.cases;
          ended = true;
        }
      }
    });
    child.on('close', () => {
      clearTimeout(timer);
      cases += own;
      if (!ended) note({ ...at, mutation: 'unknown', what: 'the process died' });
      done();
    });
  });
}

/** Findings that differ only in their values are one kind. */
function note(found) {
  const key = `${found.format}/${found.mutation}/${found.what.replaceAll(/"[^"]*"|[-\d.e+]+/g, '#').slice(0, 120)}`;
  const known = kinds.get(key);
  if (known) known.count++;
  else kinds.set(key, { count: 1, sample: found });
}
