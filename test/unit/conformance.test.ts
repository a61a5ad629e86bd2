import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { checkFolder, describe as describeResults } from '../conformance/conformance';
import { differenceOf } from '../conformance/vectors';

// The runner itself: what passes, what fails and what is set aside must be told apart, or its last line means nothing.

let folder = '';
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'lockstep-vectors-'));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

function outcomes(vectors: readonly object[], rest: object = {}) {
  writeFileSync(join(folder, 'some.json'), JSON.stringify({ ...rest, vectors }));
  return checkFolder(folder).map(({ id, outcome }) => [id, outcome.state, 'reason' in outcome ? outcome.reason : '']);
}

const quantile = (expected: unknown, tolerance: unknown = 1e-9) => ({
  id: 'q',
  fn: 'percentile',
  inputs: { values: [3, 1, 2], p: 50 },
  expected,
  tolerance,
});

describe('a vector', () => {
  it('passes within its tolerance and fails beyond it, with both numbers', () => {
    expect(outcomes([quantile(2)])).toEqual([['q', 'passed', '']]);
    expect(outcomes([quantile(2.02, 0.03)])).toEqual([['q', 'passed', '']]);
    expect(outcomes([quantile(2.02, { relative: 0.001 })])[0]?.[1]).toBe('failed');
    expect(outcomes([quantile(2.02, { relative: 0.03 })])[0]?.[1]).toBe('passed');
    expect(outcomes([quantile(2.1)])[0]?.[2]).toContain('result is 2, expected 2.1');
    expect(outcomes([quantile('NaN')])[0]?.[1]).toBe('failed');
  });

  it('of a function nobody has decided about fails; of a project that was decided about it is not ours, with the reason', () => {
    const unknown = { id: 'u', fn: 'newFigure', inputs: {}, expected: 1 };
    expect(outcomes([unknown])[0]).toEqual([
      'u',
      'failed',
      'nobody has decided about the function newFigure: give it an adapter or a reason',
    ]);
    expect(outcomes([{ ...unknown, source: { repo: 'someone/else' } }])[0]?.[1]).toBe('failed');
    const [kept] = outcomes([{ ...unknown, source: { repo: 'spinnaker/kayenta' } }]);
    expect(kept?.[1]).toBe('not ours');
    expect(kept?.[2]).not.toBe('');
    expect(outcomes([{ ...unknown, fn: 'toString' }])[0]?.[1]).toBe('failed');
  });

  it('that lacks an input, or holds another kind, fails and names it', () => {
    expect(outcomes([{ ...quantile(2), inputs: { p: 50 } }])[0]?.[2]).toBe('input values is no list');
    expect(outcomes([{ ...quantile(2), inputs: { values: [1, 'x'], p: 50 } }])[0]?.[2]).toBe('input values holds "x"');
    const named = { id: 's', fn: 'sharpe_ratio', inputs: { returns: 'nowhere' }, expected: 1 };
    expect(outcomes([named], { fixtures: {} })[0]?.[2]).toContain('names no fixture: "nowhere"');
  });

  it('that is no vector, and a file that is no JSON, are failures with their place', () => {
    expect(outcomes([quantile(2), { id: 'broken', fn: 'percentile' }])[1]?.slice(0, 2)).toEqual([
      'some.json vectors[1]',
      'failed',
    ]);
    writeFileSync(join(folder, 'torn.json'), '{"vectors": [');
    const torn = checkFolder(folder).find(({ file }) => file === 'torn.json');
    expect(torn?.id).toBe('torn.json file');
    expect(torn?.outcome.state).toBe('failed');
  });
});

it('the last line counts, and failures are listed by file and id', () => {
  outcomes([quantile(2), { ...quantile(7), id: 'wrong' }, { id: 'k', fn: 'cohenD', inputs: {}, expected: 1 }]);
  const lines = describeResults(checkFolder(folder));
  expect(lines.at(-1)).toBe('1 passed, 1 failed, 1 skipped');
  expect(lines.join('\n')).toContain('some: wrong (percentile): result is 2, expected 7');
});

it.each([
  [1, 1, 0, null],
  [Number.NaN, 'NaN', 0, null],
  [Number.POSITIVE_INFINITY, 'Infinity', 0, null],
  [Number.NEGATIVE_INFINITY, 'Infinity', 1, 'result is -Infinity, expected Infinity within 1'],
  [[1, 2], [1], 0, 'result has 2 entries, expected 1'],
  [{ a: 1 }, { a: 1, b: 2 }, 0, 'result.b is missing'],
  [{ a: 1.05, b: 2 }, { a: 1, b: 2 }, { a: 0.1 }, null],
  [{ a: 1, b: 2.05 }, { a: 1, b: 2 }, { a: 0.1 }, 'result.b is 2.05, expected 2 within 0'],
  ['high', 'low', 0, 'result is "high", expected "low"'],
  [null, 0, 1, 'result is null, expected 0'],
  [true, true, 0, null],
])('%j against %j within %j', (actual, expected, tolerance, difference) =>
  expect(differenceOf(actual, expected, tolerance)).toBe(difference),
);
