import { describe, expect, test } from 'vitest';
import { auditFilter, dayProblem } from '../../../renderer/pages/audit/filter';

describe('the audit filter', () => {
  test('takes whole days and ignores what is none', () => {
    expect(auditFilter({ from: '2026-01-31', to: '2026-01-31', subject: 'd', actor: '' })).toEqual({
      action: null,
      subject: 'd',
      actor: null,
      fromUs: Date.UTC(2026, 0, 31) * 1_000,
      toUs: Date.UTC(2026, 1, 1) * 1_000 - 1,
    });
    expect(auditFilter({ from: 'yesterday' }).fromUs).toBe(null);
    expect([dayProblem(undefined), dayProblem('2026-02-30') === null, dayProblem('2026-02-28')]).toEqual([
      null,
      false,
      null,
    ]);
  });
});
