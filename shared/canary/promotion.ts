import { formatIsoUs, MINUTE_US, utcDayOf } from '../base/time';
import type { Deployment } from './deployment';
import type { Evaluation, Unmet } from './evaluation';
import type { PromotionRules } from './promotion-rules';

/** Everything that stands between a deployment and its next stage. There is no way around it. */

/** The stage that follows by promotion; null where none does. */
export function nextStage(deployment: Pick<Deployment, 'stage'>): 'canary' | 'production' | null {
  if (deployment.stage === 'staging') return 'canary';
  return deployment.stage === 'canary' ? 'production' : null;
}

/** Observed time the stage needs before it can be left, milliseconds; null where no time is asked. */
export function requiredMs(deployment: Pick<Deployment, 'stage' | 'configuration'>): number | null {
  const { stage, configuration } = deployment;
  if (stage === 'staging') return configuration.stagingDays * 86_400_000;
  return stage === 'canary' ? configuration.canaryHours.minimum * 3_600_000 : null;
}

/**
 * Every condition that is not met, all of them always; empty = it may be promoted.
 * @param evaluation the last one; null = there is none
 * @param mostAgeMs how old it may be: two intervals of the monitor
 */
export function unmetConditions(input: {
  readonly deployment: Deployment;
  readonly evaluation: Evaluation | null;
  readonly rules: PromotionRules;
  readonly nowUs: number;
  readonly mostAgeMs: number;
}): readonly Unmet[] {
  const { deployment, evaluation, rules, nowUs, mostAgeMs } = input;
  const unmet: Unmet[] = [];
  const say = (code: string, message: string) => unmet.push({ code, message });
  if (nextStage(deployment) === null) {
    say('stage', `It is in ${deployment.stage}: only staging and the canary are promoted.`);
    return unmet;
  }
  for (const { why, reason } of deployment.paused) say(`paused:${why}`, `It is paused (${why}): ${reason}`);
  sayEvaluation();
  for (const message of heldBy(rules, nowUs)) unmet.push(message);
  return unmet;

  function sayEvaluation(): void {
    if (evaluation === null || evaluation.stage !== deployment.stage) {
      say('evaluation', 'It has not been evaluated in this stage.');
      return;
    }
    // An evaluation from the future is one of a clock that stepped back: its age cannot be told, so it is too old.
    const ageMs = (nowUs - evaluation.atUs) / 1_000;
    if (ageMs > mostAgeMs || ageMs < -mostAgeMs)
      say(
        'evaluation-age',
        `Its last evaluation (${formatIsoUs(evaluation.atUs)}) is not of now: is the monitor running?`,
      );
    const needed = requiredMs(deployment) ?? 0;
    if (evaluation.observedMs < needed)
      say('observed-time', `It was observed for ${hours(evaluation.observedMs)} of ${hours(needed)} hours.`);
    if (evaluation.verdict !== 'healthy')
      say('verdict', `Its verdict is ${evaluation.verdict}: ${evaluation.reasons[0] ?? 'no reason was given'}`);
    for (const criterion of evaluation.criteria) {
      if (criterion.outcome !== 'ok') say(`criterion:${criterion.gate}:${criterion.id}`, criterion.reason);
    }
    if (!evaluation.criteria.some(({ gate }) => gate === 'promotion'))
      say('criteria', 'No promotion criterion was evaluated.');
  }
}

/** What of the desk's rules holds every promotion back at this instant. */
export function heldBy(rules: PromotionRules, nowUs: number): readonly Unmet[] {
  const held: Unmet[] = [];
  const { stopped } = rules;
  if (stopped) held.push({ code: 'stopped', message: `The line was stopped by ${stopped.by}: ${stopped.reason}` });
  const today = utcDayOf(nowUs);
  for (const { from, to, note } of rules.freezes) {
    if (from <= today && today <= to)
      held.push({ code: 'freeze', message: `Frozen from ${from} to ${to} by ${note.by}: ${note.reason}` });
  }
  if (rules.windows.length > 0 && !rules.windows.some((window) => isOpen(window, nowUs))) {
    const described = rules.windows.map(({ days, from, until }) => `${dayNames(days)} ${from}-${until}`).join('; ');
    held.push({ code: 'window', message: `Promotions are allowed ${described} UTC only.` });
  }
  return held;
}

const names = ['Mon', 'Tue', 'Wed', 'Thu', 'Fri', 'Sat', 'Sun'];
const dayNames = (days: readonly number[]) => days.map((day) => names[day - 1]).join(', ');

/** Monday is 1: the epoch was a Thursday. */
function weekday(atUs: number): number {
  return ((Math.floor(atUs / (1_440 * MINUTE_US)) + 3) % 7) + 1;
}

function isOpen({ days, from, until }: PromotionRules['windows'][number], nowUs: number): boolean {
  const minute = Math.floor(nowUs / MINUTE_US) % 1_440;
  const [first, last] = [minutesOf(from), minutesOf(until)];
  const today = weekday(nowUs);
  if (first < last) return days.includes(today) && minute >= first && minute < last;
  // Over midnight: the part after it belongs to the day before.
  const before = today === 1 ? 7 : today - 1;
  return (days.includes(today) && minute >= first) || (days.includes(before) && minute < last);
}

function minutesOf(clockTime: string): number {
  const [hour, minute] = clockTime.split(':').map(Number);
  return (hour ?? 0) * 60 + (minute ?? 0);
}

const hours = (ms: number) => (ms / 3_600_000).toFixed(1);
