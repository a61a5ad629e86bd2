import { describe, expect, test } from 'vitest';
import { Random } from '../../shared/base/random';
import { bundledScript, engineWorkerScript } from '../support/engine-worker';
import { crashFollowing } from '../support/follow-crash';
import { temporaryFolder } from '../support/temporary-desk';

/** How many kills, and with which seed: `FOLLOW_KILLS=1000 FOLLOW_SEED=7`; a few unless told. */
const kills = Number(process.env['FOLLOW_KILLS'] ?? 20);
const seed = Number(process.env['FOLLOW_SEED'] ?? 1);

describe('kill -9 while following', () => {
  test(`${kills} kills at random instants (seed ${seed}) lose and double nothing`, {
    timeout: 60_000 + kills * 3_000,
  }, async () => {
    const [worker, program] = [await engineWorkerScript(), await bundledScript('test/support/follow-process.ts')];
    const folder = await temporaryFolder();
    const random = new Random(`follow ${seed}`);
    const report = (kill: number) => {
      if (kill % 100 === 0) process.stdout.write(`${kill} kills\n`);
    };
    const outcome = await crashFollowing(folder, program, worker, kills, () => random.uniform(), report);
    if (kills > 100) process.stdout.write(`${JSON.stringify(outcome)}\n`);
    expect({ lost: outcome.lost, doubled: outcome.doubled }).toEqual({ lost: [], doubled: [] });
    expect(outcome.stored).toBe(outcome.written);
  });
});
