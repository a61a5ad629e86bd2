import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { RunningBalances } from '../../../electron/engine/imports/formats/balances';

interface Line {
  readonly change: number;
  readonly balance: number | null;
  readonly atUs: number;
}

/** What the user is told about the lines of one asset, in this order. */
function told(lines: readonly Line[], asset: (index: number) => string = () => 'BTC'): readonly string[] {
  const warnings: string[] = [];
  const checks: (() => void)[] = [];
  const balances = new RunningBalances({
    ...{ source: 'live', zone: null, symbol: null },
    warn: (message) => warnings.push(message),
    atEnd: (check) => checks.push(check),
  });
  lines.forEach(({ change, balance, atUs }, index) => {
    balances.line(asset(index), change, balance, atUs, index + 2);
  });
  for (const check of checks) check();
  return warnings;
}

/** A ledger whose balances are right: changes at times that may repeat. */
function ledgerOf(changes: readonly { change: number; gap: number }[]): Line[] {
  let [balance, atUs] = [100, 0];
  return changes.map(({ change, gap }) => {
    balance += change;
    atUs += gap;
    return { change, balance, atUs };
  });
}

const changes = fc.array(
  fc.record({
    // Quarters are exact, so that only order and grouping are put to the test.
    change: fc.integer({ min: -400, max: 400 }).map((quarters) => (quarters === 0 ? 1 : quarters) / 4),
    gap: fc.integer({ min: 0, max: 2 }),
  }),
  { minLength: 1, maxLength: 20 },
);

describe('running balances', () => {
  it.each(['oldest', 'newest'])(
    'a ledger that adds up is not remarked on, %s line first, in any order within a time',
    (first) => {
      fc.assert(
        fc.property(changes, fc.infiniteStream(fc.nat()), (list, random) => {
          const lines = ledgerOf(list).map((line) => ({ line, rank: random.next().value }));
          lines.sort((left, right) => left.line.atUs - right.line.atUs || left.rank - right.rank);
          if (first === 'newest') lines.reverse();
          expect(told(lines.map(({ line }) => line))).toEqual([]);
        }),
      );
    },
  );

  it('a line taken out of a ledger of distinct times is told, whichever line is first', () => {
    fc.assert(
      fc.property(
        changes.filter((list) => list.length >= 3),
        fc.nat(),
        fc.boolean(),
        (list, at, newestFirst) => {
          const lines = ledgerOf(list.map(({ change }) => ({ change, gap: 1 })));
          lines.splice(1 + (at % (lines.length - 2)), 1);
          if (newestFirst) lines.reverse();
          expect(told(lines)).toEqual([
            expect.stringMatching(/^The balance of BTC after line \d+ is .*: rows are missing/),
          ]);
        },
      ),
    );
  });

  it('names line, balance and what the rows come to, and counts further differences', () => {
    const lines = [
      { change: 1, balance: 1, atUs: 1 },
      { change: -0.6, balance: 0.5, atUs: 2 },
      { change: 1, balance: 1.5, atUs: 3 },
      { change: 1, balance: 9, atUs: 4 },
    ];
    expect(told(lines)).toEqual([
      'The balance of BTC after line 3 is 0.5, but the rows before it come to 0.4 (2 such differences): rows are missing between them, or were changed.',
    ]);
  });

  it('knows each asset apart, and names a few of many', () => {
    const lines = Array.from({ length: 14 }, (_, index) => ({ change: 1, balance: 5, atUs: index }));
    const warnings = told(lines, (index) => `A${index % 7}`);
    expect(warnings).toHaveLength(6);
    expect(warnings.at(-1)).toBe('Balances of 2 more assets do not follow from their rows.');
    expect(told(lines, (index) => `A${index}`)).toEqual([]);
  });

  it.each([
    ['without a balance', null],
    ['whose balance is no number', Number.NaN],
  ])('nothing follows from a line %s', (_, balance) => {
    const lines = [
      { change: 1, balance: 1, atUs: 1 },
      { change: 5, balance, atUs: 2 },
      { change: 1, balance: 40, atUs: 3 },
      { change: 1, balance: 41, atUs: 4 },
    ];
    expect(told(lines)).toEqual([]);
  });

  it('forgives the rounding of the last decimal and no more', () => {
    const line = (balance: number): Line[] => [
      { change: 1, balance: 0.12345678, atUs: 1 },
      { change: 0.000000005, balance, atUs: 2 },
    ];
    expect(told(line(0.12345679))).toEqual([]);
    expect(told(line(0.12345688))).toHaveLength(1);
  });
});
