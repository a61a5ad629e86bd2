import { describe, expect, it } from 'vitest';
import { changedRows, replaced, sumOfRetries } from '../../../renderer/state/quarantine';

describe('one correction for many rows', () => {
  const rows = [
    { id: '1', text: 'a,0.25 ETH,b' },
    { id: '2', text: 'a,0.25,b' },
    { id: '3', text: '1 ETH,2 ETH' },
  ];

  it('changes every occurrence, and only rows that have one', () => {
    expect(changedRows(rows, { find: ' ETH', replaceBy: '' })).toEqual([
      { id: '1', text: 'a,0.25,b' },
      { id: '3', text: '1,2' },
    ]);
  });

  it('takes the text as it is written, and nothing for nothing', () => {
    expect(replaced('1.5$&', { find: '.', replaceBy: '$&' })).toBe('1$&5$&');
    expect(changedRows(rows, { find: '', replaceBy: 'x' })).toEqual([]);
  });

  it('is summed up by what became of the rows, and why some stay open', () => {
    const open = (reason: string) => ({ id: '', state: 'open' as const, reason, executions: 0 });
    const fixed = (executions: number) => ({ id: '', state: 'fixed' as const, reason: null, executions });
    expect(sumOfRetries([fixed(2), open('a'), fixed(0), open('b'), open('b')])).toEqual({
      fixed: 2,
      executions: 2,
      open: 3,
      reasons: [
        { reason: 'b', rows: 2 },
        { reason: 'a', rows: 1 },
      ],
    });
  });
});
