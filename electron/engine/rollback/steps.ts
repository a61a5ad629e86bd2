import { assertNever } from '../../../shared/base/result';
import type { PlaybookStep, SecretReference } from '../../../shared/canary/playbook';
import { commandProblem, runCommand } from './command';
import { stopFreqtrade } from './freqtrade';
import { killSwitchProblem, writeKillSwitch } from './kill-switch-file';
import type { PerformStep, StepAnswer } from './ports';
import { postWebhook } from './webhook';

/** The steps by their kind: doing one, and looking whether it could be done. */

export const performStep: PerformStep = (step, attempt) => {
  switch (step.kind) {
    case 'kill-switch-file':
      return writeKillSwitch(step, attempt);
    case 'command':
      return runCommand(step, attempt);
    case 'webhook':
      return postWebhook(step, attempt);
    case 'freqtrade':
      return stopFreqtrade(step, attempt);
    default:
      return assertNever(step);
  }
};

/** Looks for what would stand in the way and does nothing else: no file is written, no program run, nothing sent. */
export const rehearseStep: PerformStep = async (step, attempt): Promise<StepAnswer> => {
  for (const reference of secretsOf(step)) await attempt.reveal(reference);
  const problem = await problemOf(step);
  return problem === null
    ? { outcome: 'dry-run', detail: `${whatStepDoes(step)} Not done: this is a dry run.`, retry: false }
    : { outcome: 'failed', detail: problem, retry: false };
};

/** What can be seen to stand in the way of a step on this machine; null = nothing. */
export async function problemOf(step: PlaybookStep): Promise<string | null> {
  switch (step.kind) {
    case 'kill-switch-file':
      return killSwitchProblem(step);
    case 'command':
      return commandProblem(step);
    case 'webhook':
    case 'freqtrade':
      return null;
    default:
      return assertNever(step);
  }
}

export function secretsOf(step: PlaybookStep): readonly SecretReference[] {
  switch (step.kind) {
    case 'kill-switch-file':
      return [];
    case 'command':
      return Object.values(step.secrets);
    case 'webhook':
      return step.secret === null ? [] : [step.secret];
    case 'freqtrade':
      return [step.password];
    default:
      return assertNever(step);
  }
}

/** One sentence for whoever confirms the rollback. */
export function whatStepDoes(step: PlaybookStep): string {
  switch (step.kind) {
    case 'kill-switch-file':
      return `Writes the file "${step.path}".`;
    case 'command':
      return `Runs ${step.argv.map((part) => (/^[\w@%+=:,./-]+$/.test(part) ? part : JSON.stringify(part))).join(' ')}${
        step.directory === null ? '' : ` in "${step.directory}"`
      }.`;
    case 'webhook':
      return `Tells ${new URL(step.url).host} by a${step.secret === null ? 'n unsigned' : ' signed'} message.`;
    case 'freqtrade':
      return step.forceExit
        ? `Stops the entries of the freqtrade bot at ${new URL(step.url).host} and exits all its open trades.`
        : `Stops the entries of the freqtrade bot at ${new URL(step.url).host}; open trades stay open.`;
    default:
      return assertNever(step);
  }
}

/** Whether the step keeps a version from entering: a freqtrade step that flattens stops entries first. */
export function stopsEntries(step: PlaybookStep): boolean {
  return step.effect === 'stop-entries' || step.kind === 'freqtrade';
}
