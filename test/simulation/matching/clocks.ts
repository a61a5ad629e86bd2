import type { ClockOffset, ClockVerdict } from '../../../shared/parity/clock-offset';
import { type Difficulty, type KnownDay, knownDay, medianDelayMs, plainDay } from '../../support/known-pairs';
import { moderate } from './difficulties';
import { matchingOf } from './measure';

/** Days on which the clocks stand to each other in a known way, and what may be said of them. */
export interface ClockCase {
  readonly name: string;
  readonly about: string;
  readonly day: Difficulty;
  /** The logs are of two strategies that have nothing to do with each other. */
  readonly unrelated?: boolean;
  /** Median of the compared events, ms: the offset, with fills the delay too, with decisions that of the feed. Null = there is nothing to measure. */
  readonly trueMs: number | null;
  /** Verdicts that are right; every other one is a false statement. */
  readonly right: readonly ClockVerdict[];
}

const hour = 3_600_000;
const fills = (offsetMs: number, changes: Partial<Difficulty> = {}) => {
  const day = { ...moderate, ...changes, offsetMs };
  return { day, trueMs: offsetMs + medianDelayMs(day) };
};
const decided = (offsetMs: number, changes: Partial<Difficulty> = {}) => ({
  day: { ...moderate, ...changes, offsetMs, decided: true },
  trueMs: offsetMs + 35,
});

export const clockCases: readonly ClockCase[] = [
  {
    name: 'no offset, 300 ms latency',
    about: 'fills only',
    ...fills(0, { jitterMs: 50 }),
    right: ['offset-or-delay'],
  },
  { name: 'no offset, noisy', about: 'fills only, jitter 2 s', ...fills(0), right: ['offset-or-delay', 'agree'] },
  { name: '45 s ahead', about: 'fills only', ...fills(45_000), right: ['corrected'] },
  { name: '200 s behind', about: 'fills only', ...fills(-200_000), right: ['corrected'] },
  {
    name: '45 s ahead, sparse',
    about: 'fills only, 40 orders',
    ...fills(45_000, { signals: 40 }),
    right: ['corrected'],
  },
  {
    name: '45 s ahead, dense',
    about: 'fills only, 5,000 orders',
    ...fills(45_000, { signals: 5_000 }),
    right: ['corrected'],
  },
  {
    name: '45 s ahead, bursts',
    about: 'fills only, half of the signals bursts of 5',
    ...fills(45_000, { bursts: 0.5, burstOf: 5 }),
    right: ['corrected'],
  },
  {
    name: '90 s ahead, drifts 10 s',
    about: 'fills only, gains 10 s a day',
    ...fills(90_000, { driftMsPerDay: 10_000 }),
    right: ['corrected'],
  },
  {
    name: '45 s ahead, keyed',
    about: 'half of the signals keyed',
    ...fills(45_000, { keys: 0.5 }),
    right: ['corrected'],
  },
  {
    name: 'decided, no offset',
    about: 'decision times, latency 300 ms, jitter 2 s',
    ...decided(0),
    right: ['offset-or-delay'],
  },
  { name: 'decided, 300 ms ahead', about: 'decision times', ...decided(300), right: ['corrected'] },
  {
    name: 'decided, 45 s ahead',
    about: 'decision times, latency 30 s: a true delay',
    ...decided(45_000, { latencyMs: 30_000 }),
    right: ['corrected'],
  },
  {
    name: 'decided, 30 s late',
    about: 'decision times, no offset, latency 30 s: a true delay',
    ...decided(0, { latencyMs: 30_000 }),
    right: ['offset-or-delay'],
  },
  { name: '10 min ahead', about: 'fills only, beyond the limit', ...fills(600_000), right: ['beyond-limit'] },
  { name: '2 h ahead', about: 'fills only, a time zone', ...fills(2 * hour), right: ['time-zone'] },
  { name: '5 h 30 min behind', about: 'fills only, a time zone', ...fills(-5.5 * hour), right: ['time-zone'] },
  {
    name: '1 h ahead, keyed',
    about: 'a time zone',
    ...fills(hour, { keys: 1 }),
    right: ['time-zone'],
  },
  {
    name: 'bar stamps of 1 min',
    about: 'backtest stamped with the start of its bar',
    day: { ...moderate, signals: 100, backtestStamp: 60_000 },
    trueMs: null,
    right: ['offset-or-delay', 'unknown'],
  },
  {
    name: 'bar stamps of 15 min',
    about: 'backtest stamped with the start of its bar',
    day: { ...moderate, signals: 40, backtestStamp: 900_000 },
    trueMs: null,
    right: ['offset-or-delay', 'unknown'],
  },
  {
    name: 'every minute',
    about: '500 orders on bars of 1 min, live clock 45 s ahead',
    ...fills(45_000, { signals: 500, bars: 60_000, bursts: 0 }),
    right: ['unknown', 'offset-or-delay'],
  },
  {
    name: 'unrelated',
    about: 'two strategies, 400 orders',
    day: moderate,
    unrelated: true,
    trueMs: null,
    right: ['unknown'],
  },
  {
    name: 'unrelated, dense',
    about: 'two strategies, 5,000 orders',
    day: { ...moderate, signals: 5_000 },
    unrelated: true,
    trueMs: null,
    right: ['unknown'],
  },
  {
    name: 'unrelated, sparse',
    about: 'two strategies, 20 orders',
    day: { ...plainDay, signals: 20 },
    unrelated: true,
    trueMs: null,
    right: ['unknown'],
  },
  {
    name: 'unrelated, bars',
    about: 'two strategies, 60 orders on bars of 5 min',
    day: { ...plainDay, jitterMs: 500, signals: 60, bars: 300_000 },
    unrelated: true,
    trueMs: null,
    right: ['unknown', 'offset-or-delay'],
  },
];

export interface ClockMeasured {
  readonly days: number;
  readonly verdicts: ReadonlyMap<ClockVerdict, number>;
  /** Days with a right verdict. */
  readonly right: number;
  /** Days whose figure could be held against the truth: size of its error, and how often the interval holds the truth. */
  readonly told: number;
  readonly medianErrorMs: number;
  readonly largestErrorMs: number;
  readonly covered: number;
  readonly medianDriftMsPerDay: number;
}

export function measureClock(one: ClockCase, seeds: number, first: number): ClockMeasured {
  const verdicts = new Map<ClockVerdict, number>();
  const errors: number[] = [];
  const drifts: number[] = [];
  let covered = 0;
  for (let seed = first; seed < first + seeds; seed++) {
    const clock = clockOf(one, seed);
    verdicts.set(clock.verdict, (verdicts.get(clock.verdict) ?? 0) + 1);
    if (!Number.isNaN(clock.driftUsPerDay)) drifts.push(clock.driftUsPerDay / 1_000);
    if (one.trueMs === null || clock.verdict === 'unknown') continue;
    errors.push(Math.abs(clock.offsetUs / 1_000 - one.trueMs));
    if (clock.lowerUs / 1_000 - 1 <= one.trueMs && one.trueMs <= clock.upperUs / 1_000 + 1) covered++;
  }
  return {
    days: seeds,
    verdicts,
    right: one.right.reduce((sum, verdict) => sum + (verdicts.get(verdict) ?? 0), 0),
    told: errors.length,
    medianErrorMs: median(errors),
    largestErrorMs: Math.max(...errors),
    covered,
    medianDriftMsPerDay: drifts.length * 2 < seeds ? Number.NaN : median(drifts),
  };
}

function clockOf({ name, day, unrelated = false }: ClockCase, seed: number): ClockOffset {
  const known = knownDay(`${name} ${seed}`, day);
  const other: KnownDay = unrelated ? { ...known, backtest: knownDay(`${name} other ${seed}`, day).backtest } : known;
  return matchingOf(other).clock;
}

function median(values: number[]): number {
  const sorted = values.sort((a, b) => a - b);
  return sorted.length === 0 ? Number.NaN : sorted[sorted.length >> 1]!;
}
