import { chmod, mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import type { DeploymentConfiguration } from '../../../shared/canary/configuration';
import type { DeploymentEvent } from '../../../shared/canary/events';
import type { PlaybookStep } from '../../../shared/canary/playbook';
import { done, failedForGood, type Occasion, type PerformStep, type RollbackParts } from './ports';
import { runSteps, type StepResult } from './run-steps';
import { openStandIn, type StandIn } from './stand-in';
import { performStep, problemOf, stopsEntries, whatStepDoes } from './steps';

/**
 * The playbook against stand-ins of its targets: files go to a folder that is thrown away, webhooks and bots are a server of this process on
 * loopback that speaks their protocols. Steps, secrets, signatures, retries and bounds are the real ones; the market hears nothing.
 */

type Drilled = Extract<DeploymentEvent, { kind: 'drilled' }>;

export async function runDrill(
  drillId: string,
  deploymentId: string,
  configuration: DeploymentConfiguration,
  parts: Omit<RollbackParts, 'journal'>,
): Promise<Drilled> {
  const folder = await mkdtemp(join(tmpdir(), 'lockstep-drill-'));
  await chmod(folder, 0o700);
  const standIn = await openStandIn();
  try {
    const startedAtMs = parts.clock.monotonicMs();
    const occasion: Occasion = {
      deploymentId,
      strategy: configuration.strategy,
      version: configuration.version,
      rollbackId: drillId,
      trigger: 'drill',
      reason: 'This is a drill.',
      kind: 'drill',
      startedAtUs: parts.clock.nowUs(),
    };
    const states = configuration.playbook.map((step) => ({
      step,
      done: false,
      begun: 0,
      failed: 0,
      interrupted: 0,
      running: null,
    }));
    const results = await runSteps(
      states,
      occasion,
      { ...parts, perform: performAgainst(standIn, folder, parts.perform ?? performStep) },
      async () => undefined,
    );
    const passed = results.every(({ step, outcome }) => !step.required || outcome === 'done');
    return {
      kind: 'drilled',
      drillId,
      outcome: passed ? 'passed' : 'failed',
      stoppedMs: lastEnd(
        results.filter(({ step }) => stopsEntries(step)),
        startedAtMs,
      ),
      flatMs: lastEnd(
        results.filter(({ step }) => step.effect === 'flatten'),
        startedAtMs,
      ),
      steps: results.map(({ step, outcome, attempts, durationMs, detail }) => ({
        stepId: step.id,
        outcome,
        attempts,
        durationMs,
        detail,
      })),
    };
  } finally {
    await standIn.close();
    await rm(folder, { recursive: true, force: true });
  }
}

/** From the start to the end of the last of them; null = there is none, or one was not done. */
function lastEnd(results: readonly StepResult[], startedAtMs: number): number | null {
  if (results.length === 0 || results.some(({ outcome }) => outcome !== 'done')) return null;
  return Math.max(...results.map(({ endedAtMs }) => endedAtMs ?? startedAtMs)) - startedAtMs;
}

/** Does each step with a stand-in in the place of its target, and looks afterwards whether the stand-in took the effect. */
function performAgainst(standIn: StandIn, folder: string, perform: PerformStep): PerformStep {
  return async (step, attempt) => {
    // What can be seen to be wrong with the real target is found without touching it.
    const problem = await problemOf(step);
    if (problem !== null) return failedForGood(problem);
    switch (step.kind) {
      case 'kill-switch-file': {
        const inDrill: PlaybookStep = { ...step, path: join(folder, `${step.id}-${basename(step.path)}`) };
        const answer = await perform(inDrill, attempt);
        if (answer.outcome !== 'done') return answer;
        const written = await readFile(inDrill.path, 'utf8');
        return written.includes(attempt.idempotencyKey)
          ? done(`Wrote the file in a folder of the drill; "${step.path}" was not touched.`)
          : failedForGood('The file in the folder of the drill does not hold what was written.');
      }
      case 'command': {
        if (step.understandsDrills !== true) {
          for (const reference of Object.values(step.secrets)) await attempt.reveal(reference);
          return done(
            `"${step.argv[0] ?? ''}" is there and may be executed. It was not run, because it does not understand drills.`,
          );
        }
        return perform(step, attempt);
      }
      case 'webhook': {
        const secret = step.secret === null ? null : await attempt.reveal(step.secret);
        const target = standIn.webhook(secret);
        const answer = await perform({ ...step, url: target.url }, attempt);
        if (answer.outcome !== 'done') return answer;
        const accepted = target.accepted(attempt.idempotencyKey);
        return accepted === 1
          ? done(`${whatStepDoes(step)} In the drill a stand-in took it${secret === null ? '' : ' and its signature'}.`)
          : failedForGood(`The stand-in took the message ${accepted} times.`);
      }
      case 'freqtrade': {
        const target = standIn.freqtrade(step.username, await attempt.reveal(step.password));
        const answer = await perform({ ...step, url: target.url }, attempt);
        if (answer.outcome !== 'done') return answer;
        return target.entriesStopped() && (!step.forceExit || target.openTrades() === 0)
          ? done(`${whatStepDoes(step)} In the drill a stand-in with two open trades did so.`)
          : failedForGood('The stand-in of the bot did not stop.');
      }
    }
  };
}
