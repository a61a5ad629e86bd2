import { type Difficulty, plainDay } from '../../support/known-pairs';

export interface NamedDifficulty {
  readonly name: string;
  /** What such logs are, for a reader of the table. */
  readonly about: string;
  readonly day: Difficulty;
  /** Least precision and recall that are asked of the matching. */
  readonly least: number;
  /** True pairs lie outside the tolerance, where the matching claims none by definition and pairing in order may be right. */
  readonly exceedsTolerance?: true;
}

/** What real logs do all at once, none of it badly: the moderate noise that the promise of 0.99 is about. */
export const moderate: Difficulty = {
  ...plainDay,
  jitterMs: 2_000,
  lateShare: 0.03,
  lateMs: 10_000,
  missed: 0.03,
  extra: 0.03,
  parts: 0.15,
  short: 0.05,
  wrongSize: 0.03,
  reversed: 0.01,
  bursts: 0.05,
  burstOf: 3,
};
const keyed: Difficulty = { ...moderate, keys: 1 };

export const difficulties: readonly NamedDifficulty[] = [
  { name: 'keyed', about: 'moderate noise, every signal has a key', day: keyed, least: 0.999 },
  {
    name: 'keyed, wild clock',
    about: 'as keyed, jitter 20 s, live clock 7 min ahead, drifting 60 s a day',
    day: { ...keyed, jitterMs: 20_000, offsetMs: 420_000, driftMsPerDay: 60_000 },
    least: 0.999,
  },
  {
    name: 'half keyed',
    about: 'moderate noise, half of the keys removed',
    day: { ...moderate, keys: 0.5 },
    least: 0.99,
  },
  {
    name: 'half keyed, clock off',
    about: 'as half keyed, live clock 2 min behind',
    day: { ...moderate, keys: 0.5, offsetMs: -120_000 },
    least: 0.99,
  },
  {
    name: 'easy',
    about: 'jitter 0.2 s, 1 % missed, 1 % extra',
    day: { ...plainDay, jitterMs: 200, missed: 0.01, extra: 0.01 },
    least: 0.999,
  },
  {
    name: 'moderate',
    about: '400 orders, jitter 2 s, 3 % late 10 s, 3 % missed, 3 % extra, parts, short, wrong sizes, bursts',
    day: moderate,
    least: 0.99,
  },
  {
    name: 'moderate, equal sizes',
    about: 'as moderate, every order of one size',
    day: { ...moderate, sizes: 'equal' },
    least: 0.99,
  },
  {
    name: 'moderate, sparse',
    about: 'as moderate, 40 orders',
    day: { ...moderate, signals: 40 },
    least: 0.99,
  },
  {
    name: 'bursts',
    about: 'as moderate, half of the signals are bursts of 5 equal orders',
    day: { ...moderate, bursts: 0.5, burstOf: 5 },
    least: 0.98,
  },
  {
    name: 'clock ahead',
    about: 'as moderate, live clock 45 s ahead',
    day: { ...moderate, offsetMs: 45_000 },
    least: 0.99,
  },
  {
    name: 'clock behind',
    about: 'as moderate, live clock 200 s behind',
    day: { ...moderate, offsetMs: -200_000 },
    least: 0.99,
  },
  {
    name: 'clock drifts',
    about: 'as moderate, live clock 90 s ahead, gaining 10 s a day',
    day: { ...moderate, offsetMs: 90_000, driftMsPerDay: 10_000 },
    least: 0.99,
  },
  {
    name: 'five-minute bars',
    about: 'as moderate, every signal on a bar of 5 min',
    day: { ...moderate, bars: 300_000, signals: 150 },
    least: 0.97,
  },
  {
    name: 'bar stamps',
    about: '100 orders, jitter 2 s, backtest stamped with the start of its bar of 1 min',
    day: { ...moderate, signals: 100, backtestStamp: 60_000 },
    least: 0.9,
  },
  {
    name: 'noisy',
    about: 'jitter 15 s, 10 % missed, 10 % extra, 10 % short and wrong sizes',
    day: { ...moderate, jitterMs: 15_000, missed: 0.1, extra: 0.1, short: 0.1, wrongSize: 0.1 },
    least: 0.9,
  },
  {
    name: 'dense',
    about: '5,000 orders, jitter 2 s, otherwise as moderate',
    day: { ...moderate, signals: 5_000 },
    least: 0.93,
  },
  {
    name: 'dense, losing',
    about: '5,000 orders, jitter 1 s, 15 % missed, 15 % extra',
    day: { ...moderate, signals: 5_000, jitterMs: 1_000, missed: 0.15, extra: 0.15 },
    least: 0.9,
  },
  {
    name: 'dense, equal sizes',
    about: '5,000 orders of one size, jitter 1 s, 5 % missed, 5 % extra',
    day: { ...moderate, signals: 5_000, jitterMs: 1_000, missed: 0.05, extra: 0.05, sizes: 'equal' },
    least: 0.9,
  },
  {
    name: 'very dense',
    about: '20,000 orders, jitter 0.5 s, otherwise as moderate',
    day: { ...moderate, signals: 20_000, jitterMs: 500 },
    least: 0.9,
  },
  {
    name: 'hard',
    about: '2,000 orders, jitter 20 s, 10 % missed, 10 % extra',
    day: { ...moderate, signals: 2_000, jitterMs: 20_000, missed: 0.1, extra: 0.1 },
    least: 0.4,
  },
  {
    name: 'complete, noisy',
    about: 'jitter 12 s, nothing missed, nothing extra',
    day: { ...plainDay, jitterMs: 12_000 },
    least: 0.95,
  },
  {
    name: 'complete, too noisy',
    about: 'as complete, noisy, jitter 30 s: one order in twenty is outside the tolerance of 60 s',
    day: { ...plainDay, jitterMs: 30_000 },
    least: 0.85,
    exceedsTolerance: true,
  },
];
