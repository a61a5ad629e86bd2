import { HOUR_MS, MINUTE_MS } from '../base/time';
import { accountFigures, parityFigures, recordedFigures, type SeenMoney, seenMoney } from './account-figures';
import type { Criterion } from './configuration';
import { compareWithControl, pairedDifferences } from './control-arm';
import { judge, judgeAge, judgeGuard } from './criteria';
import { driftResult, nextDrift } from './drift';
import type { HourSeries } from './equity';
import type { CriterionResult, Evaluation } from './evaluation';
import type { Actor, DeploymentEvent } from './events';
import type { EvaluationInput } from './facts';
import { type CanaryFigure, moneyFigures } from './figures';
import { type Observation, observe } from './observed-time';
import type { DriftProgress, Progress } from './progress';
import { requiredMs } from './promotion';
import { alphaOf, type SequenceFacts, sequenceOf } from './sequential-criteria';
import { sharpeConfidence, sharpeEvidence } from './sharpe-evidence';
import { verdictOfAll } from './verdict';

/** One look at one deployment: figures, criteria, verdict, and which events follow. Equal facts give equal answers. */

export interface Evaluated {
  readonly evaluation: Evaluation;
  readonly progress: Progress;
  /** In the order in which they are to be written; each is allowed after those before it. */
  readonly transitions: readonly { readonly actor: Actor; readonly event: DeploymentEvent }[];
}

/** A mark older than this values no open position. */
const markLimitMs = HOUR_MS;

/** The most characters a reason of an event has. */
const longestReason = 1_000;

export function evaluate(input: EvaluationInput): Evaluated {
  const { deployment, look, account, parity, control } = input;
  const { configuration, stage } = deployment;
  const before = isSameStage(input) ? input.progress : null;
  const ages = dataAges(input);
  const ageCriteria = ages.map(({ source, ageMs, limitMs }) => judgeAge(source, ageMs, limitMs));
  const staleSources = new Map(
    ageCriteria.filter(({ outcome }) => outcome === 'no-data').map(({ id, reason }) => [id.slice(dataPrefix), reason]),
  );
  const isFresh = staleSources.size === 0 && account !== null;
  // A comparison that is late blinds nobody to the deployment itself: it blocks and pauses, but starts no rollback.
  const isBlind = account === null || [...staleSources.keys()].some((source) => source !== 'parity');
  const observation = observe(
    before?.observed ?? null,
    look,
    deployment.stageSinceUs,
    isFresh && deployment.paused.length === 0,
  );

  const seen = seenMoney(account, before);
  const heardAtUs = input.sources.find(({ source }) => source === 'executions')?.heardAtUs ?? null;
  const figures = [
    ...accountFigures(account, seen, look.atUs, heardAtUs),
    ...parityFigures(parity),
    ...recordedFigures(deployment),
  ];
  const judged = judgeLists(input, before, figures, seen, staleSources);
  const controlled =
    account === null || control === null
      ? null
      : compareWithControl(account, control, configuration.falseRollbackPercent / 100, plannedHours(input));
  const criteria = [
    ...judged.criteria,
    ...judgeGuards(input, figures, staleSources),
    ...(controlled?.criteria ?? missingControl(input)),
    ...ageCriteria,
  ];
  const { verdict, reasons } = verdictOfAll(criteria);
  const drift = stage === 'production' ? driftOf(input, before?.drift ?? null) : null;
  const drifted = drift === null ? null : driftResult(drift);

  const evaluation: Evaluation = {
    id: input.ids.evaluation,
    deploymentId: deployment.id,
    stateVersion: deployment.stateVersion,
    stage,
    atUs: look.atUs,
    verdict,
    reasons: [...reasons],
    observedMs: observation.observed.observedMs,
    requiredMs: requiredMs(deployment),
    dataAge: ages,
    allocatedCapital: deployment.allocatedCapital,
    equity: heardAtUs === null ? null : (account?.equity ?? null),
    figures,
    criteria,
    sharpe: judged.sharpe,
    control: controlled?.result ?? null,
    drift: drifted,
  };
  const overdue = overdueOf(input, observation, before);
  const progress: Progress = {
    stage,
    stageSinceUs: deployment.stageSinceUs,
    observed: observation.observed,
    held: judged.held,
    peak: seen?.peak ?? before?.peak ?? null,
    deepestFall: seen?.deepestFall ?? before?.deepestFall ?? null,
    intervals: judged.intervals,
    withoutDataMs: !isBlind ? 0 : (before?.withoutDataMs ?? 0) + observation.awakeMs,
    overdueFromMs: overdue.fromMs,
    drift,
  };
  return { evaluation, progress, transitions: followingOf(input, evaluation, progress, observation, isFresh, overdue) };
}

/** Progress of another stage, or of the same one entered another time, says nothing. */
function isSameStage({ progress, deployment }: EvaluationInput): boolean {
  return progress?.stage === deployment.stage && progress.stageSinceUs === deployment.stageSinceUs;
}

const dataPrefix = 'data-'.length;

/** Age of each source; a source whose last data lies ahead of the clock is not older than new. */
function dataAges({ deployment, look, sources, account, parity }: EvaluationInput): Evaluation['dataAge'] {
  const limitMs = deployment.configuration.maxDataAgeMinutes * MINUTE_MS;
  const ageOf = (atUs: number | null) => (atUs === null ? null : Math.max(0, (look.atUs - atUs) / 1_000));
  const ages = sources
    .filter(({ source }) => source !== 'prices' && source !== 'parity')
    .map(({ source, heardAtUs }) => ({ source, ageMs: ageOf(heardAtUs), limitMs }));
  if (!sources.some(({ source }) => source === 'executions')) ages.push({ source: 'executions', ageMs: null, limitMs });
  if (account !== null && account.oldestMarkUs !== null) {
    ages.push({ source: 'prices', ageMs: ageOf(account.oldestMarkUs), limitMs: Math.max(limitMs, markLimitMs) });
  }
  const asked = [...deployment.configuration.rollback, ...promotionOf(deployment)];
  if (asked.some(({ figure }) => fromParity.has(figure))) {
    ages.push({ source: 'parity', ageMs: ageOf(parity?.asOfUs ?? null), limitMs });
  }
  return ages;
}

const fromParity: ReadonlySet<string> = new Set(['trackingErrorBps', 'trackingDifferenceBps', 'parityScore']);

/** Promotion criteria count while there is something to be promoted to. */
function promotionOf({ stage, configuration }: EvaluationInput['deployment']): readonly Criterion[] {
  return stage === 'production' ? [] : configuration.promotion;
}

/** Why a figure is too old; null = it is not. */
function staleOf(
  figure: CanaryFigure | undefined,
  staleSources: ReadonlyMap<string, string>,
  { look, deployment }: EvaluationInput,
): string | null {
  if (figure === undefined) return null;
  if (figure.from.kind === 'parity') return staleSources.get('parity') ?? null;
  if (figure.from.kind === 'recorded') {
    const limitMinutes = deployment.configuration.maxDataAgeMinutes;
    const ageMs = figure.asOfUs === null ? Number.POSITIVE_INFINITY : (look.atUs - figure.asOfUs) / 1_000;
    const judged = judgeAge(figure.name, Math.max(0, ageMs), limitMinutes * MINUTE_MS);
    return judged.outcome === 'ok' ? null : judged.reason;
  }
  const onMarks = moneyFigures.has(figure.name) || markedFigures.has(figure.name);
  return staleSources.get('executions') ?? (onMarks ? (staleSources.get('prices') ?? null) : null);
}

const markedFigures: ReadonlySet<string> = new Set(['totalReturnPercent', 'volatilityPercent', 'sharpe']);

function plannedHours({ deployment: { stage, configuration } }: EvaluationInput): number {
  if (stage === 'staging') return configuration.stagingDays * 24;
  return stage === 'canary' ? configuration.canaryHours.maximum : 720;
}

function judgeLists(
  input: EvaluationInput,
  before: Progress | null,
  figures: readonly CanaryFigure[],
  seen: SeenMoney | null,
  staleSources: ReadonlyMap<string, string>,
): {
  readonly criteria: readonly CriterionResult[];
  readonly held: Record<string, number>;
  readonly intervals: Progress['intervals'];
  readonly sharpe: Evaluation['sharpe'];
} {
  const { deployment, account, parity } = input;
  const { configuration } = deployment;
  const alpha = alphaOf(configuration);
  const facts: SequenceFacts = {
    account,
    parity,
    alpha,
    plannedHours: plannedHours(input),
    made: before?.intervals ?? {},
  };
  const held: Record<string, number> = {};
  const intervals: Progress['intervals'] = {};
  const promotion = promotionOf(deployment);
  const sharpeLimit = promotion.find(({ figure }) => figure === 'sharpe')?.limit;
  const sharpe = account === null || sharpeLimit === undefined ? null : sharpeEvidence(account, sharpeLimit);
  const judgeOne = (criterion: Criterion, gate: 'promotion' | 'rollback'): CriterionResult => {
    const key = `${gate} ${criterion.id}`;
    const figure = figures.find(({ name }) => name === criterion.figure);
    const made = criterion.judgedBy === 'sequential' ? sequenceOf(criterion, facts, key) : null;
    if (made?.made) intervals[key] = made.made;
    const isDrawdown = gate === 'promotion' && criterion.figure === 'drawdownPercent';
    const result = judge(criterion, {
      gate,
      figure,
      // What a stage is promoted on is its largest drawdown, not what is left of it now.
      ...(isDrawdown ? { value: largestDrawdown(figure, account?.capital, seen) } : {}),
      stale: staleOf(figure, staleSources, input),
      heldBefore: before?.held[key] ?? 0,
      sequence: made?.sequence ?? null,
      confidencePercent: 100 * (1 - alpha),
      unproved:
        gate === 'promotion' && criterion.figure === 'sharpe' && configuration.strictSharpe
          ? unprovedSharpe(account, criterion.limit)
          : null,
    });
    if (result.held > 0) held[key] = result.held;
    return result;
  };
  const criteria = [
    ...configuration.rollback.map((criterion) => judgeOne(criterion, 'rollback')),
    ...promotion.map((criterion) => judgeOne(criterion, 'promotion')),
  ];
  return { criteria, held, intervals, sharpe };
}

function largestDrawdown(
  figure: CanaryFigure | undefined,
  capital: number | undefined,
  seen: SeenMoney | null,
): number | null {
  const known = figure?.value ?? null;
  return known === null || capital === undefined || seen === null ? null : (100 * seen.deepestFall) / capital;
}

/** Why a Sharpe ratio above its limit proves nothing yet. */
function unprovedSharpe(account: EvaluationInput['account'], limit: number): string | null {
  if (account === null) return null;
  const { probability, daysNeeded } = sharpeEvidence(account, limit);
  if (probability !== null && probability >= sharpeConfidence) return null;
  const chance = probability === null ? 'nothing is known of' : `${(100 * probability).toFixed(1)} % is`;
  const needed = daysNeeded === null ? '' : `, about ${daysNeeded.toFixed(1)} more days like these`;
  return `${chance} the probability that the true one is above it, ${100 * sharpeConfidence} % are asked${needed}`;
}

function judgeGuards(
  input: EvaluationInput,
  figures: readonly CanaryFigure[],
  staleSources: ReadonlyMap<string, string>,
): readonly CriterionResult[] {
  const { guards } = input.deployment.configuration;
  const guard = (id: string, name: CanaryFigure['name'], limit: number) => {
    const figure = figures.find((one) => one.name === name);
    return judgeGuard(id, figure, limit, staleOf(figure, staleSources, input));
  };
  return [
    guard('guard-daily-loss', 'dailyLossPercent', guards.dailyLossPercent),
    guard('guard-drawdown', 'drawdownPercent', guards.drawdownPercent),
    guard('guard-gross-exposure', 'grossExposurePercent', guards.grossExposurePercent),
  ];
}

/** A control that was agreed on and is not there is missing evidence. */
function missingControl({ deployment }: EvaluationInput): CriterionResult[] {
  const { control } = deployment.configuration;
  if (control === null) return [];
  return [
    {
      gate: 'control',
      id: 'control-difference',
      figure: 'controlDifference',
      unit: 'bps',
      comparison: 'at-least',
      limit: 0,
      value: null,
      margin: null,
      sample: 0,
      minimumSample: 0,
      sampleUnit: 'hours',
      outcome: 'no-data',
      held: 0,
      holdEvaluations: 1,
      interval: null,
      reason: `control-difference: nothing is known of its control (${control.kind === 'version' ? `version ${control.version}` : 'its backtest'})`,
    },
  ];
}

/** Against the control where there is one, else against the backtest. */
function driftOf(
  { account, control, parity, deployment }: EvaluationInput,
  before: DriftProgress | null,
): DriftProgress | null {
  let differences: HourSeries | null = parity?.hourlyDifferencesBps ?? null;
  if (control !== null && account !== null) differences = pairedDifferences(account.hourly, control.hourlyReturns);
  return differences === null ? before : nextDrift(before, differences, deployment.stageSinceUs);
}

interface Overdue {
  readonly isOverdue: boolean;
  /** `stageMs` when it was first seen to be. */
  readonly fromMs: number | null;
  readonly isToRollBack: boolean;
}

/** By the clock without its jumps, so that a wrong clock alone neither pauses nor rolls back. */
function overdueOf({ deployment, look }: EvaluationInput, { observed }: Observation, before: Progress | null): Overdue {
  const { decideByUs, stageSinceUs, overdueSinceUs, configuration, stage } = deployment;
  const dueMs = decideByUs === null ? Number.POSITIVE_INFINITY : (decideByUs - stageSinceUs) / 1_000;
  const isPast = decideByUs !== null && look.atUs >= decideByUs && observed.stageMs >= dueMs;
  const isOverdue = stage === 'canary' && (overdueSinceUs !== null || isPast);
  if (!isOverdue) return { isOverdue, fromMs: null, isToRollBack: false };
  const fromMs = before?.overdueFromMs ?? observed.stageMs;
  const { action, afterHours } = configuration.onOverdue;
  return {
    isOverdue,
    fromMs,
    isToRollBack: action === 'roll-back' && observed.stageMs - fromMs >= afterHours * HOUR_MS,
  };
}

const ruleOf = (name: string): Actor => ({ kind: 'rule', name });

function followingOf(
  { deployment, ids, look }: EvaluationInput,
  evaluation: Evaluation,
  progress: Progress,
  observation: Observation,
  isFresh: boolean,
  overdue: Overdue,
): Evaluated['transitions'] {
  const { stage, configuration, paused } = deployment;
  const following: { readonly actor: Actor; readonly event: DeploymentEvent }[] = [];
  if (stage !== 'staging' && stage !== 'canary' && stage !== 'production') return following;
  const say = (rule: string, event: DeploymentEvent) => following.push({ actor: ruleOf(rule), event });
  const isTrading = stage !== 'production';

  if (observation.gap !== null) say('observed-time', observation.gap);
  const pauseWhile = (why: 'no-data' | 'budget-guard', holds: boolean, reason: string) => {
    const isPaused = paused.some((pause) => pause.why === why);
    if (holds && !isPaused) say(why, { kind: 'paused', why, reason });
    if (!holds && isPaused) say(why, { kind: 'resumed', why, reason });
  };
  if (isTrading) {
    const oldSources = reasonsOf(evaluation, ({ gate, outcome }) => gate === 'data' && outcome !== 'ok');
    pauseWhile(
      'no-data',
      !isFresh,
      isFresh ? 'Data of every source is fresh again.' : oldSources || 'Its executions could not be read.',
    );
    const guards = evaluation.criteria.filter(({ gate }) => gate === 'guard');
    const overspent = reasonsOf(evaluation, ({ gate, outcome }) => gate === 'guard' && outcome === 'warning');
    // A guard whose figure is not known lifts no pause and makes none.
    if (guards.every(({ outcome }) => outcome !== 'no-data') || overspent !== '') {
      pauseWhile('budget-guard', overspent !== '', overspent || 'Every budget guard is kept again.');
    }
    if (overdue.isOverdue && deployment.overdueSinceUs === null) {
      say('overdue', { kind: 'overdue', sinceUs: look.atUs });
    }
  }
  if (evaluation.verdict !== deployment.verdict) {
    say('verdict', {
      kind: 'verdict-changed',
      from: deployment.verdict,
      to: evaluation.verdict,
      evaluationId: evaluation.id,
      reason: shortened(evaluation.reasons.join('; ')),
    });
  }
  const { drift } = evaluation;
  if (drift?.alarm === true && deployment.drift === null) {
    say('drift', {
      kind: 'drift-found',
      evaluationId: evaluation.id,
      statistic: drift.statistic,
      limit: drift.limit,
      reason: `The hourly differences have moved: ${drift.statistic.toFixed(2)} is above ${drift.limit.toFixed(2)} after ${drift.looks} hours; without a change that happens once in ${drift.falseAlarmEvery} hours.`,
    });
  }
  const rollBack = (trigger: 'breach' | 'no-data' | 'overdue', reason: string) =>
    say(trigger, {
      kind: 'rollback-started',
      rollbackId: ids.rollback,
      trigger,
      evaluationId: evaluation.id,
      reason: shortened(reason),
    });
  if (!isTrading) return following;
  const { onNoData, onOverdue } = configuration;
  if (evaluation.verdict === 'breach' && configuration.automaticRollback) {
    rollBack(
      'breach',
      reasonsOf(evaluation, ({ gate, outcome }) => gate === 'rollback' && outcome === 'breached'),
    );
  } else if (onNoData.action === 'roll-back' && progress.withoutDataMs >= onNoData.afterMinutes * MINUTE_MS) {
    rollBack('no-data', `There has been no data for ${(progress.withoutDataMs / MINUTE_MS).toFixed(0)} minutes.`);
  } else if (overdue.isToRollBack) {
    rollBack('overdue', `Nobody decided within ${onOverdue.afterHours} hours after its time had passed.`);
  }
  return following;
}

function reasonsOf({ criteria }: Evaluation, isMeant: (criterion: CriterionResult) => boolean): string {
  return shortened(
    criteria
      .filter(isMeant)
      .map(({ reason }) => reason)
      .join('; '),
  );
}

function shortened(reason: string): string {
  return reason.length <= longestReason ? reason : `${reason.slice(0, longestReason - 3)}...`;
}
