import { describe, expect, it } from 'vitest';
import { otherRow, RowCheck } from '../../../electron/engine/imports/formats/row';

describe('outcomes of rows', () => {
  it.each([
    [Date.UTC(2026, 1, 3) * 1_000, '2026-02-03'],
    [9e18, null],
    [Number.POSITIVE_INFINITY, null],
    [Number.NaN, null],
  ])('the time %d has the day %s', (atUs, day) => {
    expect(new RowCheck().quarantine('A/B', atUs)).toMatchObject({ day });
  });

  it('a name that comes from the file is cut', () => {
    expect(otherRow('deposit')).toEqual({ kind: 'other', name: 'deposit' });
    expect(otherRow('x'.repeat(5_000))).toEqual({ kind: 'other', name: `${'x'.repeat(80)}…` });
  });
});
