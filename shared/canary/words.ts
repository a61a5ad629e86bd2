import { formatDuration, formatMoney, typeset, UNKNOWN_TEXT } from '../base/format';
import type { CriterionOutcome } from './evaluation';
import type { DeploymentEvent, PauseReason, Stage, Verdict } from './events';
import type { PlaybookStep, SecretReference } from './playbook';

/** How the canary's facts read, on screen and elsewhere: one spelling for each. */

const stageWords: Record<Stage, string> = {
  development: 'Development',
  staging: 'Staging',
  canary: 'Production canary',
  production: 'Production',
  'rolling-back': 'Rolling back',
  'rolled-back': 'Rolled back',
  'rollback-failed': 'Rollback failed',
  aborted: 'Aborted',
  superseded: 'Superseded',
};
export const stageWord = (stage: Stage): string => stageWords[stage];

const verdictWords: Record<Verdict, string> = {
  healthy: 'Healthy',
  warning: 'Warning',
  inconclusive: 'Inconclusive',
  'no-data': 'No data',
  breach: 'Breach',
};
export const verdictWord = (verdict: Verdict | null): string =>
  verdict === null ? 'Not evaluated' : verdictWords[verdict];

const outcomeWords: Record<CriterionOutcome, string> = {
  ok: 'OK',
  warning: 'Warning',
  breached: 'Breached',
  inconclusive: 'Inconclusive',
  'no-data': 'No data',
};
export const outcomeWord = (outcome: CriterionOutcome): string => outcomeWords[outcome];

const pauseWords: Record<PauseReason, string> = {
  operator: 'paused by the operator',
  'no-data': 'paused: no data',
  'budget-guard': 'paused by the budget guard',
  overdue: 'paused: overdue',
};
export const pauseWord = (why: PauseReason): string => pauseWords[why];

const effectWords: Readonly<Record<string, string>> = {
  'stop-entries': 'stops entries',
  flatten: 'flattens',
  notify: 'only notifies',
};
export const effectWord = (effect: string): string => effectWords[effect] ?? effect;

const figureWords: Readonly<Record<string, string>> = {
  totalReturnPercent: 'Total return',
  dailyLossPercent: 'Daily loss',
  drawdownPercent: 'Drawdown',
  volatilityPercent: 'Volatility',
  sharpe: 'Sharpe ratio',
  errorRatePercent: 'Error rate',
  orders: 'Orders',
  averageLatencyMs: 'Average latency',
  p95LatencyMs: 'p95 latency',
  grossExposurePercent: 'Gross exposure',
  riskBudgetUsedPercent: 'Risk budget used',
  trackingErrorBps: 'Tracking error',
  trackingDifferenceBps: 'Tracking difference',
  parityScore: 'Parity score',
};
/** Name of a figure; a recorded one keeps the name the desk gave it. */
export const figureWord = (figure: string): string => figureWords[figure] ?? figure.replace(/^recorded\./, '');

const unitWords: Readonly<Record<string, string>> = { percent: '%', ratio: '', count: '', points: '/ 100' };

/** A value in a unit of `figures.ts` (percents as they are: 0.5 reads 0.50 %), or of a recorded figure. */
export function formatValue(
  value: number | null | undefined,
  unit: string,
  options: { readonly signed?: boolean } = {},
): string {
  if (value === null || value === undefined || !Number.isFinite(value)) return UNKNOWN_TEXT;
  const most = unit === 'count' ? 0 : unit === 'percent' || unit === 'ratio' ? 2 : unit === 'ms' ? 0 : 1;
  const known = unit in unitWords || unit === 'ms' || unit.startsWith('bps');
  const digits = Math.abs(value).toLocaleString('en-US', {
    minimumFractionDigits: known ? most : 0,
    maximumFractionDigits: known ? most : 6,
  });
  const sign = !/[1-9]/.test(digits) ? '' : value < 0 ? '−' : options.signed ? '+' : '';
  return `${sign}${digits} ${unitWords[unit] ?? unit}`.trim();
}

/** `≤ 1.00 %` */
export function formatLimit(comparison: 'at-most' | 'at-least', limit: number, unit: string): string {
  return `${comparison === 'at-most' ? '≤' : '≥'} ${formatValue(limit, unit)}`;
}

const secretWord = (secret: SecretReference): string =>
  secret.kind === 'keychain' ? `keychain "${secret.name}"` : `environment variable ${secret.name}`;

/** What a step does, in one sentence; secrets by the name they are kept under. */
export function describeStep(step: PlaybookStep): string {
  switch (step.kind) {
    case 'kill-switch-file':
      return `Writes the file ${step.path}, which the bot takes as its order to stop.`;
    case 'command':
      return `Runs ${step.argv.map((word) => (/\s/.test(word) ? `"${word}"` : word)).join(' ')}${step.directory === null ? '' : ` in ${step.directory}`}, without a shell.`;
    case 'webhook':
      return `Posts to ${step.url}${step.secret === null ? ', unsigned' : `, signed with ${secretWord(step.secret)}`}.`;
    case 'freqtrade':
      return `Logs in to freqtrade at ${step.url} as ${step.username} (${secretWord(step.password)}) and ${step.forceExit ? 'stops entries, then closes all open trades' : 'stops entries; open trades stay open'}.`;
  }
}

/** How long and how often a step is tried. */
export function describeBounds(step: PlaybookStep): string {
  const tries = step.attempts === 1 ? 'once' : `up to ${step.attempts} times`;
  return `${step.required ? 'Required' : 'Best effort'}, tried ${tries}, ${formatDuration(step.timeoutMs)} each`;
}

/** What happened, in one sentence. */
export function describeEvent(event: DeploymentEvent, currency: string): string {
  switch (event.kind) {
    case 'created':
      return `Created: ${event.configuration.strategy} ${event.configuration.version}.`;
    case 'staging-started':
      return `Staging started with ${formatMoney(event.allocatedCapital, currency)}.`;
    case 'promoted':
      return `Promoted to ${stageWord(event.to).toLowerCase()} with ${formatMoney(event.allocatedCapital, currency)}: ${event.reason}`;
    case 'paused':
      return `${capitalised(pauseWord(event.why))}. ${typeset(event.reason)}`;
    case 'resumed':
      return `Resumed (was ${pauseWord(event.why)}). ${typeset(event.reason)}`;
    case 'verdict-changed':
      return `${event.from === null ? 'First verdict' : `${verdictWord(event.from)} →`} ${verdictWord(event.to)}: ${typeset(event.reason)}`;
    case 'evaluation-failed':
      return `The evaluation failed: ${event.message}`;
    case 'gap':
      return event.what === 'clock-jump'
        ? `The wall clock jumped ${event.byMs < 0 ? 'back' : 'ahead'} by ${formatDuration(Math.abs(event.byMs))}; no time was counted for it.`
        : `Nothing was observed for ${formatDuration(event.byMs)}: ${event.what === 'sleep' ? 'the machine slept' : 'the process stood still'}.`;
    case 'figure-recorded':
      return `Recorded ${event.name} = ${formatValue(event.value, event.unit)}.`;
    case 'overdue':
      return 'Overdue: the longest time in the canary passed without a decision.';
    case 'playbook-replaced':
      return `Playbook replaced (${event.playbook.length} steps): ${event.reason}`;
    case 'drift-found':
      return `Drift: ${typeset(event.reason)}`;
    case 'superseded':
      return `Superseded by ${event.by}.`;
    case 'aborted':
      return `Aborted: ${event.reason}`;
    case 'rollback-started':
      return `Rollback started (${event.trigger}): ${typeset(event.reason)}`;
    case 'step-started':
      return `Step ${event.stepId} started${event.attempt > 1 ? `, attempt ${event.attempt}` : ''}.`;
    case 'step-ended':
      return `Step ${event.stepId} ${event.outcome} after ${formatDuration(event.durationMs)}${event.detail === '' ? '.' : `: ${event.detail}`}`;
    case 'rollback-ended':
      return event.outcome === 'rolled-back'
        ? 'Rolled back: every required step is done.'
        : `Rollback failed; not done: ${event.missing.join(', ')}.`;
    case 'drilled':
      return `Drill: ${event.steps.filter(({ outcome }) => outcome === 'done' || outcome === 'dry-run').length} of ${event.steps.length} steps done.`;
  }
}

const capitalised = (text: string): string => text.charAt(0).toUpperCase() + text.slice(1);
