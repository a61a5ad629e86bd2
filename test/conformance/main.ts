import { existsSync } from 'node:fs';
import { resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { writeTally } from '../support/tally.mjs';
import { checkFolder, describe } from './conformance';

/** Exit code 0 when every vector that is ours passes; a folder that was named and is not there is a failure, the default one is not. */
const { values } = parseArgs({ options: { vectors: { type: 'string' } } });
const folder = resolve(values.vectors ?? '../shared/vectors');

if (existsSync(folder)) {
  const results = checkFolder(folder);
  const failed = results.filter(({ outcome }) => outcome.state === 'failed').length;
  const passed = results.filter(({ outcome }) => outcome.state === 'passed').length;
  // What is not ours is no test that was left out.
  writeTally({ passed, failed, skipped: [] });
  process.stdout.write(`${describe(results).join('\n')}\n`);
  if (failed > 0 || passed === 0) process.exitCode = 1;
} else {
  const reason = `there is no folder of vectors at ${folder}`;
  const named = values.vectors !== undefined;
  writeTally({ passed: 0, failed: named ? 1 : 0, skipped: named ? [] : [{ name: 'conformance vectors', reason }] });
  process.stdout.write(`${reason}\n\n0 passed, ${named ? 1 : 0} failed, ${named ? 0 : 1} skipped\n`);
  if (named) process.exitCode = 1;
}
