import { expect, test } from 'vitest';
import { Random } from '../../shared/base/random';
import { bundledScript } from '../support/engine-worker';
import { killRollbacks } from '../support/rollback-kills';
import { temporaryFolder } from '../support/temporary-desk';

// `npm run rollback-kills -- --kills 1000` is the same at its full size.
test('kill -9 at random instants: every rollback ends done once at its targets, or failed and loud', async () => {
  const random = new Random('rollback kills');
  const program = await bundledScript('test/support/rollback-process.ts');
  const tally = await killRollbacks(10, await temporaryFolder(), program, () => random.uniform());
  expect(tally.problems).toEqual([]);
  expect(tally.kills).toBeGreaterThanOrEqual(10);
  expect(tally.rolledBack + tally.failedLoud).toBe(tally.rollbacks);
}, 60_000);
