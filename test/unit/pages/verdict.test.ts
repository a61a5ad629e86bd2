import { describe, expect, test } from 'vitest';
import type { Report } from '../../../shared/parity/document';
import { defaultParitySettings } from '../../../shared/parity/settings';
import { waterfallOf } from '../../../shared/parity/waterfall';
import {
  feeState,
  gapSentence,
  headlineOf,
  intervalText,
  latencyState,
  lostPointsText,
  nextStepOf,
} from '../../../shared/parity/words';
import { reportWith } from './report-fixture';

const sentence = (report: Report) =>
  gapSentence(report, waterfallOf(report.attribution, report.capital.value, report.grossNotional));

test.each([
  ['PASS', [], 'In parity'],
  ['WARN', ['tracking-warning'], 'In parity, near a limit'],
  ['WARN', ['failed-days'], 'In parity on average, not on every day'],
  ['WARN', ['tracking-warning', 'failed-days'], 'In parity, near a limit'],
  ['FAIL', ['failed-days'], 'Out of parity'],
] as const)('%s for %j is headed %s', (status, codes, headline) => {
  const reasons = codes.map((code) => ({ code, message: code }));
  expect(headlineOf({ status, reasons })).toBe(headline);
});

describe('the gap in words', () => {
  test('says how much, in which direction, of which capital, and the largest cause', () => {
    expect(sentence(reportWith({}))).toBe(
      'Live earned 12.40 USDT less than the backtest, −8.1 bps of 15,300.00 USDT capital (estimated). Largest cause: fees, −7.20 USDT.',
    );
  });

  test('leaves bps out where the capital is unknown', () => {
    expect(sentence(reportWith({ capital: { value: null, basis: 'none' }, trackingDifferenceBps: null }))).toBe(
      'Live earned 12.40 USDT less than the backtest. Largest cause: fees, −7.20 USDT.',
    );
  });
});

describe('limits', () => {
  const { feeBps, latencyMs } = defaultParitySettings;
  test.each([
    [3, 'within'],
    [3.01, 'warn'],
    [-5, 'warn'],
    [-5.01, 'limit'],
    [null, 'unknown'],
  ] as const)('a fee difference of %s is %s: its size counts, beyond the limit only', (value, state) => {
    expect(feeState(value, feeBps)).toBe(state);
  });
  test.each([
    [75, 'within'],
    [76, 'warn'],
    [101, 'limit'],
    [-400, 'within'],
    [null, 'unknown'],
  ] as const)('a latency difference of %s is %s: only slower counts', (value, state) => {
    expect(latencyState(value, latencyMs)).toBe(state);
  });
});

describe('what to do about an UNKNOWN', () => {
  const covered = { firstUs: 1, lastUs: 2 };
  const none = { firstUs: null, lastUs: null };
  const quality = (live: typeof covered | typeof none, backtest: typeof covered | typeof none) => ({
    dataQuality: { ...reportWith({}).dataQuality, liveCoverage: live, backtestCoverage: backtest },
  });
  const because = (code: string) => ({ ...quality(covered, covered), reasons: [{ code, message: code }] });
  const few = (missed: number) => ({
    ...because('too-few-pairs'),
    matches: { matched: 4, byKey: 4, byTime: 0, missed, extra: 0, ambiguous: 0, timeConfidence: null },
  });
  test.each([
    ['no live side', quality(none, covered), 'Import the live log', true],
    ['no backtest', quality(covered, none), 'Import the backtest result', true],
    ['neither', quality(none, none), 'Import the live log and the backtest result', true],
    ['half a day', because('coverage'), 'Import the rest of 2031-03-04', true],
    ['no price at midnight', because('mark-missing'), 'Import prices', true],
    ['few pairs, many strays', few(30), 'Check that both files are of the same strategy', true],
    ['few trades', few(0), 'Too little trading', false],
    ['still open', because('day-open'), 'Wait until the day has closed', false],
  ] as const)('%s', (_, given, text, imports) => {
    const step = nextStepOf(reportWith({ status: 'UNKNOWN', ...given }), defaultParitySettings);
    expect(step?.text).toContain(text);
    expect(step?.imports).toBe(imports);
  });

  test('a verdict needs nothing', () => {
    expect(nextStepOf(reportWith({ status: 'FAIL' }), defaultParitySettings)).toBeNull();
  });
});

test('lost points are named from the largest; unknown causes and nothing lost are said as such', () => {
  const points = { tracking: 10.2, fees: 0, latency: null, partialFills: 12.4, unmatched: 0.01 };
  expect(lostPointsText(points)).toBe('partial fills −12.4, tracking −10.2');
  expect(lostPointsText({ tracking: 0, fees: 0, latency: 0, partialFills: 0, unmatched: 0 })).toBe('no points lost');
});

test('an interval says its level and keeps signs', () => {
  expect(intervalText({ lower: -11.2, upper: 0.4, level: 0.95, method: 'x' }, { signed: true })).toBe(
    '95 % interval −11.2 to +0.4',
  );
  expect(intervalText(null)).toBeUndefined();
});
