import { readFile } from 'node:fs/promises';
import { FailureError, failure } from '../../../shared/base/errors';
import { valueOrThrow } from '../../../shared/base/result';
import { HOUR_MS } from '../../../shared/base/time';
import type { Evaluation } from '../../../shared/canary/evaluation';
import type { Stage } from '../../../shared/canary/events';
import type { CallArgs, CallName, CallResult } from '../../../shared/contract/calls';
import type { DeploymentSummary } from '../../../shared/contract/canary';
import {
  canaryDecisionOutputSchemaId,
  canaryHistoryOutputSchemaId,
  canaryProblemsOutputSchemaId,
  canaryStatusOutputSchemaId,
  type MonitorOutput,
  monitorOutputSchemaId,
} from '../../../shared/contract/output';
import { createEngine, type Engine } from '../../engine/engine';
import type { Session } from '../session';
import { exitCode, usageFailure } from '../terminal';
import { table } from '../text';

/** The canary on the command line: the console's decisions, with the same gates, for scripts and machines without a window. */

export interface DecisionOptions {
  readonly reason?: string;
  /** What has to be typed for a rollback. */
  readonly version?: string;
}

type Ask = <Name extends CallName>(name: Name, args: CallArgs<Name>) => Promise<CallResult<Name>>;

const asking =
  (engine: Engine): Ask =>
  async (name, args) =>
    valueOrThrow(await engine.ask(name, args));

const firstPage = { offset: 0, limit: 1_000 };
const whyHint = 'Say why with --reason "…": it stands in the audit trail.';

const ended: ReadonlySet<string> = new Set(['rolled-back', 'aborted', 'superseded'] satisfies Stage[]);

/**
 * The deployment of this id; of a strategy's name the one on trial, of which there is one at most, else the one in production, else the
 * last that ended.
 */
async function found(ask: Ask, name: string | undefined): Promise<CallResult<'canary.get'>> {
  if (name === undefined) throw new FailureError(usageFailure('Which deployment?', 'Name its id or its strategy.'));
  const { deployments } = await ask('canary.list', { filter: 'all', page: firstPage });
  const rank = ({ stage }: DeploymentSummary) => (ended.has(stage) ? 2 : stage === 'production' ? 1 : 0);
  const [first] = deployments
    .filter(({ strategy }) => strategy === name)
    .sort((a, b) => rank(a) - rank(b) || b.createdAtUs - a.createdAtUs);
  return ask('canary.get', { id: deployments.some(({ id }) => id === name) ? name : (first?.id ?? name) });
}

function requiredReason(reason: string | undefined): string {
  if (reason !== undefined && reason.trim() !== '') return reason;
  throw new FailureError(usageFailure('Why?', whyHint));
}

/** Creates a deployment from a JSON file; with `dryRun` only says what is wrong with it. */
export async function createDeployment(
  session: Session,
  { file, dryRun }: { readonly file: string; readonly dryRun?: boolean },
): Promise<number> {
  const text = await readFile(file, 'utf8').catch((thrown: unknown) => {
    const reason = thrown instanceof Error ? thrown.message : String(thrown);
    throw new FailureError(
      failure('file-missing', `${file} cannot be read: ${reason}.`, 'Name a JSON file.', { path: file }),
    );
  });
  const written = parsedJson(file, text);
  return session.withDesk('create', async (_desk, engine) => {
    const ask = asking(engine);
    const { problems, configuration } = await ask('canary.check', { configuration: written });
    if (configuration === null) {
      const { terminal, json } = session;
      const lines = problems.map(({ path, message }) => `  ${path === '' ? 'configuration' : path}: ${message}\n`);
      if (json) terminal.out(`${JSON.stringify({ schema: canaryProblemsOutputSchemaId, file, problems })}\n`);
      else terminal.err(`lockstep: ${file} describes no deployment:\n${lines.join('')}`);
      return exitCode.error;
    }
    if (dryRun) {
      if (session.json)
        session.terminal.out(`${JSON.stringify({ schema: canaryProblemsOutputSchemaId, file, problems })}\n`);
      else
        session.terminal.out(`${file} describes a deployment of ${configuration.strategy} ${configuration.version}.\n`);
      return exitCode.done;
    }
    const { id } = await ask('canary.create', { configuration });
    return tellDecision(session, ask, 'created', id);
  });
}

function parsedJson(file: string, text: string): unknown {
  try {
    return JSON.parse(text);
  } catch (thrown) {
    const reason = thrown instanceof Error ? thrown.message : String(thrown);
    throw new FailureError(
      failure('invalid-arguments', `${file} is no JSON: ${reason}.`, 'Correct it, then repeat the command.', {
        path: file,
      }),
    );
  }
}

/** The decisions that need nothing but a state and, most of them, a reason. */
export type Decision = 'start-staging' | 'start-canary' | 'promote' | 'pause' | 'resume' | 'abort';

export async function decide(
  session: Session,
  decision: Decision,
  name: string | undefined,
  options: DecisionOptions,
): Promise<number> {
  return session.withDesk('existing', async (_desk, engine) => {
    const ask = asking(engine);
    const { deployment, evaluation } = await found(ask, name);
    const { id, stateVersion, stage } = deployment;
    switch (decision) {
      case 'start-staging':
        await ask('canary.startStaging', { id, stateVersion });
        break;
      case 'start-canary':
      case 'promote': {
        if (decision === 'start-canary' && stage !== 'staging') {
          throw new FailureError(
            failure(
              'not-allowed',
              `The deployment is in ${stage}: only from staging a canary is started.`,
              'Look at "lockstep canary status".',
            ),
          );
        }
        const reason = requiredReason(options.reason);
        // Bound to the evaluation as it is: without one the gate says so.
        await ask('canary.promote', { id, stateVersion, evaluationId: evaluation?.id ?? 'none', reason });
        break;
      }
      case 'pause':
        await ask('canary.pause', { id, stateVersion, reason: requiredReason(options.reason) });
        break;
      case 'resume':
        await ask('canary.resume', { id, stateVersion, reason: requiredReason(options.reason) });
        break;
      case 'abort':
        await ask('canary.abort', { id, stateVersion, reason: requiredReason(options.reason) });
        break;
    }
    return tellDecision(session, ask, decision, id);
  });
}

/** Rolls back and waits for the end; exit code 1 when a required step is not done. */
export async function rollBack(session: Session, name: string | undefined, options: DecisionOptions): Promise<number> {
  const reason = requiredReason(options.reason);
  return session.withDesk('existing', async (desk, engine) => {
    const ask = asking(engine);
    const { deployment } = await found(ask, name);
    if (options.version === undefined) {
      throw new FailureError(
        usageFailure(
          'A rollback names the version it takes out of the market.',
          `Add --version ${deployment.configuration.version} if that is the one.`,
        ),
      );
    }
    const { challengeId, holdMs } = await ask('canary.rollbackChallenge', { id: deployment.id });
    const typedVersion = options.version;
    // Nobody holds a button here: the version, typed, and the reason stand for it.
    await ask('canary.rollback', { challengeId, typedVersion, reason, heldMs: holdMs });
    const interrupted = new AbortController();
    const stop = session.terminal.onInterrupt(() => interrupted.abort());
    // Whoever has the right to evaluate runs it: this process where nobody else does.
    if (!(await desk.canary.monitor.once())) await desk.canary.monitor.rolledBack(deployment.id, interrupted.signal);
    stop();
    const { deployment: after } = await ask('canary.get', { id: deployment.id });
    await tellDecision(session, ask, 'rollback', deployment.id);
    return after.stage === 'rolled-back' ? exitCode.done : exitCode.error;
  });
}

/** Runs the playbook against stand-ins; exit code 1 when it did not pass. */
export async function drill(session: Session, name: string | undefined): Promise<number> {
  return session.withDesk('existing', async (_desk, engine) => {
    const ask = asking(engine);
    const { deployment } = await found(ask, name);
    const { drillId } = await ask('canary.drill', { id: deployment.id });
    const { events } = await ask('canary.events', { id: deployment.id, page: { offset: 0, limit: 50 } });
    const drilled = events
      .map(({ event }) => event)
      .find((event) => event.kind === 'drilled' && event.drillId === drillId);
    if (drilled?.kind !== 'drilled') throw new Error(`the drill ${drillId} left no record`);
    if (session.json) return tellDecision(session, ask, 'drill', deployment.id, drilled.outcome === 'passed');
    const rows = drilled.steps.map(({ stepId, outcome, durationMs, detail }) => [
      stepId,
      outcome,
      `${Math.round(durationMs)} ms`,
      detail,
    ]);
    session.terminal.out(`${table(rows, [0, 1, 3])}\n`);
    session.terminal.out(
      `Drill ${drilled.outcome}. Stopped after ${milliseconds(drilled.stoppedMs)}, flat after ${milliseconds(drilled.flatMs)}.\n`,
    );
    return drilled.outcome === 'passed' ? exitCode.done : exitCode.error;
  });
}

const milliseconds = (ms: number | null) => (ms === null ? 'never: no step does it' : `${Math.round(ms)} ms`);

export interface RecordOptions {
  readonly unit: string;
  readonly sample: string;
  readonly at?: string;
}

/** Records a figure a desk computes elsewhere, for criteria on `recorded.NAME`. */
export async function recordFigure(
  session: Session,
  [name, figure, written]: readonly (string | undefined)[],
  options: RecordOptions,
): Promise<number> {
  const value = Number(written);
  const sample = Number(options.sample);
  const atMs = options.at === undefined ? null : Date.parse(options.at);
  for (const [number, what] of [
    [value, `The value "${written}"`],
    [sample, `--sample "${options.sample}"`],
    [atMs ?? 0, `--at "${options.at}"`],
  ] as const) {
    if (!Number.isFinite(number) || written?.trim() === '')
      throw new FailureError(
        usageFailure(`${what} cannot be read.`, 'Write numbers as 12.5, times as 2026-03-02T10:00:00Z.'),
      );
  }
  return session.withDesk('existing', async (_desk, engine) => {
    const ask = asking(engine);
    const { deployment } = await found(ask, name);
    const atUs = atMs === null ? null : atMs * 1_000;
    await ask('canary.record', { id: deployment.id, name: figure ?? '', value, unit: options.unit, sample, atUs });
    return tellDecision(session, ask, 'record', deployment.id);
  });
}

/** Stops or releases all promotions of the desk. */
export async function line(session: Session, action: 'stop' | 'release', options: DecisionOptions): Promise<number> {
  const reason = requiredReason(options.reason);
  return session.withDesk('existing', async (_desk, engine) => {
    const { rules } = await asking(engine)(action === 'stop' ? 'canary.stopTheLine' : 'canary.releaseTheLine', {
      reason,
    });
    const { terminal, json } = session;
    if (json)
      terminal.out(
        `${JSON.stringify({ schema: canaryDecisionOutputSchemaId, did: `${action}-the-line`, deployment: null, stopped: rules.stopped })}\n`,
      );
    else
      terminal.out(
        rules.stopped === null ? 'Promotions are released.\n' : `No promotions until they are released: ${reason}\n`,
      );
    return exitCode.done;
  });
}

async function tellDecision(session: Session, ask: Ask, did: string, id: string, passed = true): Promise<number> {
  const { deployment } = await ask('canary.get', { id });
  const { deployments } = await ask('canary.list', { filter: 'all', page: firstPage });
  const summary = deployments.find((one) => one.id === id) ?? null;
  const { terminal, json } = session;
  if (json)
    terminal.out(
      `${JSON.stringify({ schema: canaryDecisionOutputSchemaId, did, deployment: summary, stopped: null })}\n`,
    );
  else {
    const { strategy, version } = deployment.configuration;
    const steps = (did === 'rollback' ? (deployment.rollback?.steps ?? []) : []).map(
      ({ stepId, state, detail }) => `  ${stepId}: ${state}${detail ? `, ${detail}` : ''}\n`,
    );
    terminal.out(`${id}: ${strategy} ${version} is in ${deployment.stage}.\n${steps.join('')}`);
  }
  return passed ? exitCode.done : exitCode.error;
}

export interface StatusOptions {
  readonly all?: boolean;
}

/** All deployments, or one with its criteria and what its promotion waits for. */
export async function status(session: Session, name: string | undefined, options: StatusOptions): Promise<number> {
  return session.withDesk('existing', async (_desk, engine) => {
    const ask = asking(engine);
    const { terminal, json } = session;
    const listed = await ask('canary.list', {
      filter: name === undefined && !options.all ? 'active' : 'all',
      page: firstPage,
    });
    if (name === undefined) {
      const { deployments, monitor, rules } = listed;
      if (json)
        terminal.out(
          `${JSON.stringify({ schema: canaryStatusOutputSchemaId, deployments, monitor, stopped: rules.stopped, detail: null })}\n`,
        );
      else terminal.out(listText(deployments, monitor.evaluator, rules.stopped?.reason ?? null));
      return exitCode.done;
    }
    const detail = await found(ask, name);
    const deployments = listed.deployments.filter(({ id }) => id === detail.deployment.id);
    const { monitor, rules } = listed;
    if (json)
      terminal.out(
        `${JSON.stringify({ schema: canaryStatusOutputSchemaId, deployments, monitor, stopped: rules.stopped, detail })}\n`,
      );
    else
      terminal.out(`${listText(deployments, monitor.evaluator, rules.stopped?.reason ?? null)}${detailText(detail)}`);
    return exitCode.done;
  });
}

function listText(
  deployments: readonly DeploymentSummary[],
  evaluator: 'this' | 'other' | 'none',
  stopped: string | null,
): string {
  const head = [
    stopped === null ? '' : `Promotions are stopped: ${stopped}\n`,
    evaluator === 'other' ? '' : 'Nothing evaluates: start the console, or "lockstep monitor".\n',
  ].join('');
  if (deployments.length === 0)
    return `${head}There are no deployments. "lockstep canary create --file FILE" makes one.\n`;
  const rows = deployments.map((one) => [
    one.id,
    `${one.strategy} ${one.version}`,
    one.paused.length > 0 ? `${one.stage}, paused (${one.paused.join(', ')})` : one.stage,
    one.verdict ?? '-',
    one.requiredMs === null ? '-' : `${hours(one.observedMs)} of ${hours(one.requiredMs)} h`,
    one.reason ?? '',
  ]);
  return `${head}${table([['deployment', 'version', 'stage', 'verdict', 'observed', 'because'], ...rows], [0, 1, 2, 3, 4, 5])}\n`;
}

const hours = (ms: number) => (ms / HOUR_MS).toFixed(1);

function detailText({ evaluation, promotion }: CallResult<'canary.get'>): string {
  const rows = (evaluation?.criteria ?? []).map((one) => [one.gate, one.id, one.outcome, one.reason]);
  const criteria =
    rows.length === 0
      ? 'Not evaluated yet.'
      : table([['gate', 'criterion', 'outcome', 'because'], ...rows], [0, 1, 2, 3]);
  const unmet = promotion?.unmet.map(({ message }) => `  ${message}\n`) ?? [];
  const gate =
    promotion === null
      ? ''
      : unmet.length === 0
        ? `It may be promoted to ${promotion.to}.\n`
        : `Before ${promotion.to}:\n${unmet.join('')}`;
  return `\n${criteria}\n\n${gate}`;
}

/** How deployments ended. */
export async function history(session: Session, options: { readonly strategy?: string }): Promise<number> {
  return session.withDesk('existing', async (_desk, engine) => {
    const told = await asking(engine)('canary.history', { strategy: options.strategy ?? null, page: firstPage });
    const { terminal, json } = session;
    if (json) {
      const { deployments, total, rates } = told;
      terminal.out(`${JSON.stringify({ schema: canaryHistoryOutputSchemaId, deployments, total, rates })}\n`);
      return exitCode.done;
    }
    const { rates } = told;
    const rows = told.deployments.map((one) => [
      one.id,
      `${one.strategy} ${one.version}`,
      one.stage,
      one.trigger ?? '-',
    ]);
    if (rows.length > 0) terminal.out(`${table([['deployment', 'version', 'ended', 'by'], ...rows], [0, 1, 2, 3])}\n`);
    terminal.out(
      `${rates.ended} ended: ${rates.rolledBack} rolled back, ${rates.rollbackFailed} rollbacks failed, ${rates.aborted} aborted; ${rates.promotedToProduction} reached production; ${rates.drillsPassed} of ${rates.drills} drills passed.\n`,
    );
    return exitCode.done;
  });
}

export interface MonitorOptions {
  readonly once?: boolean;
  readonly deployment?: string;
}

/** Exit codes of `monitor --once`: the worst deployment decides. */
const monitorExit = { healthy: 0, breach: 2, notProved: 3 } as const;

/** Evaluates: once, with the worst verdict as exit code, or until interrupted. */
export async function monitor(session: Session, options: MonitorOptions): Promise<number> {
  const { terminal } = session;
  if (options.once) {
    return session.withDesk('existing', async (desk, engine) => {
      const ask = asking(engine);
      const watchedIds = await ids(ask, options.deployment);
      const evaluatedHere = await desk.canary.monitor.once();
      return tellMonitor(session, ask, watchedIds, evaluatedHere);
    });
  }
  const log = (text: string) => terminal.err(`${text}\n`);
  const engine = createEngine({ ...session.parts('existing', 'follow'), monitor: true, log });
  try {
    const ask = asking(engine);
    const watchedIds = await ids(ask, options.deployment);
    await engine.desk();
    if (!session.json) terminal.out('Lockstep evaluates the deployments of this desk. Press Ctrl-C to stop.\n');
    const told = new Map<string, string>();
    const tell = async () => {
      const { deployments } = await ask('canary.list', { filter: 'all', page: firstPage });
      for (const one of deployments) {
        if (options.deployment !== undefined && !watchedIds.includes(one.id)) continue;
        const words = `${one.id}: ${one.strategy} ${one.version}, ${one.stage}, ${one.verdict ?? 'not evaluated yet'}${one.reason === null ? '' : `: ${one.reason}`}`;
        const key = `${one.stage} ${one.verdict}`;
        if (told.get(one.id) === key) continue;
        told.set(one.id, key);
        if (session.json)
          terminal.out(
            `${JSON.stringify({ schema: canaryStatusOutputSchemaId, deployments: [one], monitor: null, stopped: null, detail: null })}\n`,
          );
        else terminal.out(`${words}\n`);
      }
    };
    await tell();
    const stop = engine.on('canary.changed', () => void tell().catch((thrown: unknown) => log(String(thrown))));
    await new Promise<void>((resolve) => {
      terminal.onInterrupt(resolve);
    });
    stop();
    return exitCode.done;
  } finally {
    await engine.close();
  }
}

/** Ids of what is evaluated: the one that was named, or all that trade. */
async function ids(ask: Ask, name: string | undefined): Promise<readonly string[]> {
  if (name !== undefined) return [(await found(ask, name)).deployment.id];
  const { deployments } = await ask('canary.list', { filter: 'active', page: firstPage });
  return deployments.filter(({ stage }) => stage !== 'development').map(({ id }) => id);
}

async function tellMonitor(
  session: Session,
  ask: Ask,
  watched: readonly string[],
  evaluatedHere: boolean,
): Promise<number> {
  const deployments: MonitorOutput['deployments'] = [];
  for (const id of watched) {
    const { deployment, evaluation } = await ask('canary.get', { id });
    const { strategy, version } = deployment.configuration;
    deployments.push({
      id,
      strategy,
      version,
      stage: deployment.stage,
      verdict: verdictOf(deployment.stage, evaluation),
      reasons: evaluation?.reasons ?? [],
      evaluation,
    });
  }
  const code = deployments.length === 0 ? monitorExit.notProved : Math.max(...deployments.map(exitOf));
  // 2 is worse than 3.
  const exit = deployments.some((one) => exitOf(one) === monitorExit.breach) ? monitorExit.breach : code;
  const { terminal, json } = session;
  if (json) terminal.out(`${JSON.stringify({ schema: monitorOutputSchemaId, evaluatedHere, exit, deployments })}\n`);
  else if (deployments.length === 0) terminal.out('No deployment trades: there is nothing to evaluate.\n');
  else {
    const rows = deployments.map((one) => [
      one.id,
      `${one.strategy} ${one.version}`,
      one.stage,
      one.verdict,
      one.reasons[0] ?? '',
    ]);
    terminal.out(`${table([['deployment', 'version', 'stage', 'verdict', 'because'], ...rows], [0, 1, 2, 3, 4])}\n`);
  }
  return exit;
}

function verdictOf(stage: string, evaluation: Evaluation | null): MonitorOutput['deployments'][number]['verdict'] {
  if (stage === 'rolling-back' || stage === 'rolled-back' || stage === 'rollback-failed') return 'breach';
  return evaluation !== null && evaluation.stage === stage ? evaluation.verdict : 'no-data';
}

function exitOf({ verdict }: MonitorOutput['deployments'][number]): number {
  if (verdict === 'breach') return monitorExit.breach;
  return verdict === 'healthy' ? monitorExit.healthy : monitorExit.notProved;
}
