import { describe, expect, it } from 'vitest';
import type { RowGroup } from '../../electron/engine/imports/format';
import { HeldRows, heldRowsLimit } from '../../electron/engine/imports/held-rows';

const groupOf = (name: string, count: number): RowGroup => ({
  settle: () => Array.from({ length: count }, () => ({ kind: 'other', name })),
});

describe('rows that wait for their group', () => {
  it('get their own line and text with their outcome when the source ends', () => {
    const seen: string[] = [];
    const held = new HeldRows((line, outcome, text) =>
      seen.push(`${line} ${outcome.kind === 'other' ? outcome.name : ''} ${text()}`),
    );
    const [first, second] = [groupOf('first', 2), groupOf('second', 1)];
    held.hold(first, 2, 'a');
    held.hold(second, 3, 'b');
    held.hold(first, 4, 'c');
    expect(seen).toEqual([]);
    held.settleAll();
    expect(seen).toEqual(['2 first a', '4 first c', '3 second b']);
  });

  it('are bounded: the oldest group goes first', () => {
    const seen: number[] = [];
    const held = new HeldRows((line) => seen.push(line));
    for (let line = 1; line <= heldRowsLimit + 2; line++) held.hold(groupOf('one', 1), line, '');
    expect(seen).toEqual([1, 2]);
    held.settleAll();
    expect(seen).toHaveLength(heldRowsLimit + 2);
  });

  it('must all get an outcome', () => {
    const held = new HeldRows(() => undefined);
    held.hold(groupOf('short', 0), 1, '');
    expect(() => held.settleAll()).toThrow('1 rows were held, but 0 outcomes given');
  });
});
