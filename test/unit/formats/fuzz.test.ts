/** The fuzzer itself, and a short run of it over every format; `npm run fuzz` runs as many cases as one likes. */
import { describe, expect, it } from 'vitest';
import { formatById } from '../../../electron/engine/imports/formats';
import { finding } from '../../fuzz/check';
import { exampleLogs } from '../../fuzz/examples';
import { prepare, runCase } from '../../fuzz/fuzz';
import { readLog } from '../../fuzz/read';

const seed = process.env['LOCKSTEP_FUZZ_SEED'] ?? 'one';
const casesOfEach = 60;

describe('fuzzing', () => {
  it.each(exampleLogs.map((example) => [example.format.id, example] as const))(
    `%s: changed ${casesOfEach} times (seed ${seed})`,
    async (id, example) => {
      const fuzzed = await prepare(example);
      expect(fuzzed.original).toMatchObject({ refused: null, format: id });
      for (let index = 0; index < casesOfEach; index++) {
        const found = await runCase(fuzzed, seed, index);
        expect(found?.what, `npm run fuzz -- --seed ${seed} --format ${id} --case ${index}`).toBeUndefined();
      }
    },
  );

  it('finds a number that came from nowhere, and one that was lost', async () => {
    const header = 'symbol,side,price,quantity,executedAt,fee';
    const read = (row: string) =>
      readLog({
        ...{ bytes: Buffer.from(`${header}\n${row}\n`), chunkSizes: [], zone: null, symbol: null },
        named: formatById('lockstep-csv'),
      });
    const original = await read('A/B,buy,10,2,2026-02-03T04:05:06Z,0.5');
    const wrong = await read('A/B,buy,12,2,2026-02-03T04:05:06Z,0.5');
    const lost = await read('A/B,buy,10,2,2026-02-03T04:05:06Z,');
    expect(finding({ kind: 'noNewNumbers' }, original, wrong)).toBe('price of line 2 was 10, is 12');
    expect(finding({ kind: 'noNewNumbers' }, original, lost)).toMatch(/^fee of line 2 was 0.5 and is lost/);
    expect(finding({ kind: 'replaced', from: 10, to: 12 }, original, wrong)).toBeNull();
    expect(finding({ kind: 'replaced', from: 10, to: 11 }, original, wrong)).toBe('price of line 2 was 10, is 12');
    expect(finding({ kind: 'same' }, original, wrong)).toMatch(/^record 0 was/);
    expect(finding({ kind: 'same' }, original, original)).toBeNull();
  });
});
