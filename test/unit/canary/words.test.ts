import { describe, expect, test } from 'vitest';
import { describeStep, effectWord, formatLimit, formatValue, verdictWord } from '../../../shared/canary/words';

describe('words of the canary', () => {
  test('values read in their unit, unknown ones as a dash', () => {
    expect(formatValue(0.5, 'percent')).toBe('0.50 %');
    expect(formatValue(-1.25, 'percent', { signed: true })).toBe('−1.25 %');
    expect(formatValue(0.001, 'percent', { signed: true })).toBe('0.00 %');
    expect(formatValue(null, 'percent')).toBe('—');
    expect(formatValue(Number.NaN, 'ratio')).toBe('—');
    expect(formatValue(18.24, 'bps/day')).toBe('18.2 bps/day');
    expect(formatValue(0.123456, 'lots')).toBe('0.123456 lots');
    expect(formatLimit('at-least', 85, 'points')).toBe('≥ 85.0 / 100');
    expect(verdictWord(null)).toBe('Not evaluated');
    expect(effectWord('flatten')).toBe('flattens');
  });

  test('a step names its secret and never what it is', () => {
    expect(
      describeStep({
        kind: 'webhook',
        id: 'tell',
        title: 'Tell',
        effect: 'notify',
        required: false,
        timeoutMs: 1_000,
        attempts: 1,
        backoffMs: 0,
        url: 'https://desk.example/hook',
        secret: { kind: 'keychain', name: 'desk hook' },
      }),
    ).toBe('Posts to https://desk.example/hook, signed with keychain "desk hook".');
  });
});
