import { meanEstimate } from '../base/robust';
import { applyCalibration, type BacktestSettings, unchangedBacktest } from './calibration-apply';
import { type Calibration, calibrationSchemaId } from './calibration-document';
import { type CalibrationDay, calibrationDayOf, type ReplayDay, replayDayOf } from './calibration-evidence';
import { type Fit, fitSettings } from './calibration-fit';
import { figure, methodVersion } from './method';
import type { SymbolDayInput } from './symbol-day';
import { trackingOfDay } from './tracked-day';
import { count } from './verdict';

/**
 * Calibration of a backtest: settings are fitted on the earlier days and judged on the later ones, because they are meant for days to come.
 * They are given only if the later days track better with them than without, beyond chance; otherwise the calibration says that it found
 * nothing, or how much is missing to look.
 */

interface CalibrationSubject {
  readonly strategy: string;
  readonly symbol: string;
}

/**
 * @param days in time order: all of the range on which either side has fills
 * @param read a day's input; days are read one at a time and up to three times, so that no more than one day's fills need be held
 */
export async function calibrate(
  subject: CalibrationSubject,
  days: readonly string[],
  read: (day: string) => Promise<SymbolDayInput>,
): Promise<Calibration> {
  const evidence: CalibrationDay[] = [];
  for (const day of days) evidence.push(calibrationDayOf(await read(day)));
  const plan = planCalibration(evidence);
  if (plan.found === null || usedParts(plan.found.settings).length === 0) {
    return concludeCalibration(subject, evidence, plan, null, []);
  }
  const replay = async (until: string, settings: readonly BacktestSettings[]): Promise<ReplayedDay[]> => {
    const replaying = new Replay(settings);
    const replayed: ReplayedDay[] = [];
    for (const day of evidence) {
      if (day.day > until) break;
      const again = replaying.next(day.day, replayDayOf(await read(day.day), day.capital));
      if (day.leftOut === null) replayed.push(again);
    }
    return replayed;
  };
  const found = plan.found.settings;
  const settings = harmlessSettings(found, await replay(plan.fit.at(-1)?.day ?? '', settingsToTry(found)));
  const replays = await replay(plan.heldOut.at(-1)?.day ?? '', [settings]);
  return concludeCalibration(subject, evidence, plan, settings, replays);
}

/** Least usable days, and pairs on either side of the cut. */
const leastCalibrationDays = 10;
const heldOutShare = 0.3;
const leastHeldOutDays = 3;
const leastFitPairs = 50;
const leastHeldOutPairs = 20;

/** An improvement of the later days that is smaller is not worth a changed backtest, however certain. */
const leastImprovementBps = 0.5;
/** A difference that stays on the later days and is larger is told. */
const leastDriftBps = 1;

/** A part of the settings whose absence makes the days it was fitted on better by this much does more harm than good. */
const harmBps = 0.05;

interface CalibrationPlan {
  readonly fit: readonly CalibrationDay[];
  readonly heldOut: readonly CalibrationDay[];
  /** Null where there is too little to fit. */
  readonly found: Fit | null;
  readonly missing: Calibration['missing'];
}

type SettingsPart = keyof BacktestSettings;
const settingsParts = ['feeBps', 'slippage', 'delayMs', 'fillRatio'] as const satisfies readonly SettingsPart[];

/** @param days in time order, usable or not */
function planCalibration(days: readonly CalibrationDay[]): CalibrationPlan {
  const usable = days.filter(({ leftOut }) => leftOut === null);
  const later = Math.max(leastHeldOutDays, Math.round(usable.length * heldOutShare));
  const fit = usable.slice(0, Math.max(0, usable.length - later));
  const heldOut = usable.slice(fit.length);
  const missing: Calibration['missing'] = [];
  const need = (what: string, have: number, least: number) => {
    if (have < least) missing.push({ what, have, need: least });
  };
  need('days with matched orders on both sides', usable.length, leastCalibrationDays);
  need('matched orders on the earlier days', matchedOn(fit), leastFitPairs);
  need('matched orders on the later days', matchedOn(heldOut), leastHeldOutPairs);
  return { fit, heldOut, found: missing.length > 0 ? null : fitSettings(fit), missing };
}

function usedParts(settings: BacktestSettings): SettingsPart[] {
  return settingsParts.filter((part) => settings[part] !== null);
}

/** The settings as found, and each time without one of their parts: what `harmlessSettings` chooses by. */
function settingsToTry(settings: BacktestSettings): BacktestSettings[] {
  const parts = usedParts(settings);
  return [settings, ...(parts.length < 2 ? [] : parts.map((part) => ({ ...settings, [part]: null })))];
}

/** The settings without the parts that make the days they were fitted on worse. @param replays of `settingsToTry` */
function harmlessSettings(settings: BacktestSettings, replays: readonly ReplayedDay[]): BacktestSettings {
  const errorOf = (tried: number) => meanEstimate(replays.map(({ errors }) => errors[tried]!)).value;
  const all = errorOf(1);
  const parts = usedParts(settings);
  if (parts.length < 2) return settings;
  const left: { -readonly [Part in SettingsPart]: BacktestSettings[Part] } = { ...settings };
  for (const [index, part] of parts.entries()) if (errorOf(index + 2) < all - harmBps) left[part] = null;
  return left;
}

interface ReplayedDay {
  readonly day: string;
  /** Of the backtest as it is, then with each of the settings. Bps of capital per day. */
  readonly errors: readonly number[];
  readonly differences: readonly number[];
}

/**
 * Works days out again with other settings, one after the other in time: where orders fill in part, the position differs from then on,
 * so every day between must pass by, usable or not.
 */
class Replay {
  private readonly tried: readonly BacktestSettings[];
  /** Base units by which the backtest's position differs with each of the settings. */
  private readonly drift: number[];

  constructor(settings: readonly BacktestSettings[]) {
    this.tried = [unchangedBacktest, ...settings];
    this.drift = this.tried.map(() => 0);
  }

  next(day: string, { frame, live, backtest, netQuantity }: ReplayDay): ReplayedDay {
    const tracked = this.tried.map((settings, index) => {
      const positionAtStart = backtest.positionAtStart + this.drift[index]!;
      this.drift[index]! += ((settings.fillRatio ?? 1) - 1) * netQuantity;
      return trackingOfDay(frame, { live, backtest: applyCalibration({ ...backtest, positionAtStart }, settings) });
    });
    return {
      day,
      errors: tracked.map(({ errorBps }) => errorBps),
      differences: tracked.map(({ differenceBps }) => differenceBps),
    };
  }
}

/**
 * @param tried what the days were replayed with; null where there was nothing to try
 * @param replays of all usable days, with those settings alone
 */
function concludeCalibration(
  subject: CalibrationSubject,
  days: readonly CalibrationDay[],
  plan: CalibrationPlan,
  tried: BacktestSettings | null,
  replays: readonly ReplayedDay[],
): Calibration {
  const { fit, heldOut, found, missing } = plan;
  const parameters = (found?.parameters ?? []).map((parameter) => {
    const part = partOf(parameter.id);
    if (!parameter.used || tried === null || part === null || tried[part] !== null) return parameter;
    return { ...parameter, used: false, note: 'left out: the days it was fitted on track better without it' };
  });
  const base: Omit<Calibration, 'state' | 'message' | 'settings' | 'judged' | 'series'> = {
    schema: calibrationSchemaId,
    ...subject,
    currency: days.find(({ currency }) => currency !== null)?.currency ?? null,
    missing,
    days: {
      usable: fit.length + heldOut.length,
      leftOut: leftOutOf(days),
      fit: spanOf(fit),
      heldOut: spanOf(heldOut),
    },
    parameters,
    notes: [...(found?.notes ?? [])],
    methodVersion,
  };
  if (found === null) {
    const short = missing.map(({ what, have, need }) => `${have} of ${need} ${what}`).join(', ');
    return {
      ...base,
      state: 'not-enough-data',
      message: `Not enough data: ${short}.`,
      settings: null,
      judged: null,
      series: [],
    };
  }
  if (tried === null || usedParts(tried).length === 0) {
    const message =
      'Fees, prices, times and fills differ from the backtest’s by no more than chance: there is nothing to set.';
    return { ...base, state: 'no-difference', message, settings: null, judged: null, series: [] };
  }
  const fitDays = new Set(fit.map(({ day }) => day));
  const judged = {
    fit: judgedOf(replays.filter(({ day }) => fitDays.has(day))),
    heldOut: judgedOf(replays.filter(({ day }) => !fitDays.has(day))),
  };
  const { heldOut: later } = judged;
  const [error, difference] = [later.errorImprovementBps, later.differenceImprovementBps];
  const better = ({ value, lower }: Improvement) => (value ?? 0) >= leastImprovementBps && (lower ?? 0) > 0;
  const worse = ({ upper }: Improvement) => (upper ?? 0) < 0;
  const improves = (better(error) && !worse(difference)) || (better(difference) && !worse(error));
  const change = ({ before, after }: { before: number | null; after: number | null }) =>
    `from ${words(before)} to ${words(after)}`;
  const outcome = `over ${count(later.days, 'later day')} they were not fitted on, the tracking error goes ${change(later.trackingErrorBps)} and the mean difference ${change(later.trackingDifferenceBps)} bps/day`;
  const left = meanEstimate(replays.filter(({ day }) => !fitDays.has(day)).map(({ differences }) => differences[1]!));
  if (improves && Math.abs(left.value) >= leastDriftBps && (left.lower > 0 || left.upper < 0)) {
    base.notes.push(
      `On the later days the settings leave ${words(left.value)} bps/day, which is no chance: what they were fitted on has changed since. Calibrate on recent days alone.`,
    );
  }
  return {
    ...base,
    state: improves ? 'improves' : 'no-improvement',
    message: improves
      ? `With the settings, ${outcome}.`
      : `No improvement worth having beyond chance: ${outcome}. Nothing is recommended.`,
    settings: improves ? tried : null,
    judged,
    series: replays.map(({ day, errors, differences }) => ({
      day,
      part: fitDays.has(day) ? 'fit' : 'heldOut',
      errorBefore: figure(errors[0]!),
      errorAfter: figure(errors[1]!),
      differenceBefore: figure(differences[0]!),
      differenceAfter: figure(differences[1]!),
    })),
  };
}

type Improvement = NonNullable<Calibration['judged']>['fit']['errorImprovementBps'];

function judgedOf(replays: readonly ReplayedDay[]): NonNullable<Calibration['judged']>['fit'] {
  const mean = (of: (day: ReplayedDay) => number) => figure(meanEstimate(replays.map(of)).value);
  const improvement = (of: (day: ReplayedDay) => number) => {
    const { value, lower, upper } = meanEstimate(replays.map(of));
    return { value: figure(value), lower: figure(lower), upper: figure(upper) };
  };
  return {
    days: replays.length,
    trackingErrorBps: { before: mean(({ errors }) => errors[0]!), after: mean(({ errors }) => errors[1]!) },
    trackingDifferenceBps: {
      before: mean(({ differences }) => differences[0]!),
      after: mean(({ differences }) => differences[1]!),
    },
    errorImprovementBps: improvement(({ errors }) => errors[0]! - errors[1]!),
    differenceImprovementBps: improvement(({ differences }) => Math.abs(differences[0]!) - Math.abs(differences[1]!)),
  };
}

function partOf(id: Calibration['parameters'][number]['id']): SettingsPart | null {
  if (id.startsWith('fee')) return 'feeBps';
  if (id.startsWith('slippage') || id.startsWith('impact')) return 'slippage';
  if (id === 'delayMs') return 'delayMs';
  return id === 'expectedFill' ? 'fillRatio' : null;
}

function leftOutOf(days: readonly CalibrationDay[]): Calibration['days']['leftOut'] {
  const reasons = new Map<string, number>();
  for (const { leftOut } of days) if (leftOut !== null) reasons.set(leftOut, (reasons.get(leftOut) ?? 0) + 1);
  return [...reasons].map(([reason, left]) => ({ reason, days: left })).sort((a, b) => b.days - a.days);
}

function spanOf(days: readonly CalibrationDay[]): Calibration['days']['fit'] {
  const [first] = days;
  const last = days.at(-1);
  if (first === undefined || last === undefined) return null;
  return { from: first.day, to: last.day, days: days.length, pairs: matchedOn(days) };
}

function matchedOn(days: readonly CalibrationDay[]): number {
  return days.reduce((sum, { matched }) => sum + matched, 0);
}

function words(value: number | null): string {
  return value === null ? 'unknown' : value.toFixed(1);
}
