import { checkConfiguration } from '../../../shared/canary/creation';
import { drillDue } from '../../../shared/canary/drill-due';
import type { Evaluation } from '../../../shared/canary/evaluation';
import type { Actor, Stage } from '../../../shared/canary/events';
import { requiredMs } from '../../../shared/canary/promotion';
import type { PromotionRules } from '../../../shared/canary/promotion-rules';
import type { DeploymentSummary } from '../../../shared/contract/canary';
import { type LoadedDeployment, loadDeployment, loadedOf } from '../canary/decided-events';
import { changePromotionRules, readPromotionRules } from '../canary/promotion-rules-setting';
import type { Desk } from '../desk';
import type { Handlers } from '../gate';
import { systemUser } from '../system';
import type { HandlerContext } from './context';

type CanaryCalls = Extract<keyof Handlers, `canary.${string}`>;

const trendLength = 60;
const stagesInOrder = ['development', 'staging', 'canary', 'production'] as const;

export function canaryHandlers(context: HandlerContext): Pick<Handlers, CanaryCalls> {
  const { clock } = context;
  const actor = (): Actor => ({ kind: 'user', name: systemUser() });

  async function changeRules(
    action: string,
    reason: string,
    rules: (before: PromotionRules, note: { by: string; reason: string; atUs: number }) => PromotionRules,
  ) {
    const { store } = await context.desk();
    const atUs = clock.nowUs();
    const who = actor();
    const note = { by: who.name, reason, atUs };
    return {
      rules: await changePromotionRules(store, {
        action,
        actor: who,
        reason,
        atUs,
        rules: (before) => rules(before, note),
      }),
    };
  }

  return {
    async 'canary.list'({ filter, page }) {
      const { store, canary } = await context.desk();
      const asOfUs = clock.nowUs();
      const [{ rows, total }, monitor, rules] = await Promise.all([
        store.canary.list(filter, null, page),
        canary.monitor.status(),
        readPromotionRules(store),
      ]);
      return { deployments: rows.map(loadedOf).map(summaryOf), total, monitor, rules, asOfUs };
    },

    async 'canary.get'({ id }) {
      const { store, canary } = await context.desk();
      const asOfUs = clock.nowUs();
      const loaded = await loadDeployment(store.canary, id);
      const { deployment, lastEvaluation } = loaded;
      const promotion = await canary.service.unmet(loaded);
      return {
        deployment,
        stages: await stagesOf(loaded, (stage) => store.canary.evaluationSeries(id, stage, 1)),
        evaluation: lastEvaluation,
        promotion: promotion && { to: promotion.to, unmet: [...promotion.unmet] },
        drillDue: drillDue(deployment.lastDrillAtUs, asOfUs),
        asOfUs,
      };
    },

    async 'canary.series'({ id, stage, points }) {
      const { store } = await context.desk();
      const asOfUs = clock.nowUs();
      await loadDeployment(store.canary, id);
      const all = await store.canary.evaluationSeries(id, stage, points);
      const trends: Record<string, (number | null)[]> = {};
      for (const { criteria } of all.slice(-trendLength)) {
        for (const { gate, id: criterion, value } of criteria) {
          const name = `${gate}:${criterion}`;
          const trend = trends[name] ?? [];
          trends[name] = trend;
          trend.push(value);
        }
      }
      return {
        atUs: all.map(({ atUs }) => atUs),
        equity: all.map(({ equity }) => equity),
        drawdownPercent: all.map((one) => figureOf(one, 'drawdownPercent')),
        dailyLossPercent: all.map((one) => figureOf(one, 'dailyLossPercent')),
        riskBudgetUsedPercent: all.map((one) => figureOf(one, 'riskBudgetUsedPercent')),
        verdict: all.map(({ verdict }) => verdict),
        trends,
        asOfUs,
      };
    },

    async 'canary.evaluations'({ id, page }) {
      const { store } = await context.desk();
      const asOfUs = clock.nowUs();
      const { rows, total } = await store.canary.evaluations(id, page);
      return { evaluations: [...rows], total, asOfUs };
    },

    async 'canary.events'({ id, page }) {
      const { store } = await context.desk();
      const asOfUs = clock.nowUs();
      const { rows, total } = await store.canary.events(id, page);
      return { events: [...rows], total, asOfUs };
    },

    async 'canary.history'({ strategy, page }) {
      const { store } = await context.desk();
      const asOfUs = clock.nowUs();
      const { rows, total } = await store.canary.list('ended', strategy, page);
      return {
        deployments: rows.map(loadedOf).map(endedOf),
        total,
        rates: await ratesOf(store.canary, strategy),
        asOfUs,
      };
    },

    async 'canary.check'({ configuration }) {
      const checked = checkConfiguration(configuration);
      return { problems: [...checked.problems], configuration: checked.configuration };
    },

    async 'canary.create'({ configuration }) {
      const { canary } = await context.desk();
      return { id: await canary.service.create(configuration) };
    },

    async 'canary.startStaging'({ id, stateVersion }) {
      await (await context.desk()).canary.service.startStaging(id, stateVersion);
      return {};
    },

    async 'canary.promote'({ id, stateVersion, evaluationId, reason }) {
      const { canary } = await context.desk();
      return { stage: await canary.service.promote(id, stateVersion, evaluationId, reason) };
    },

    async 'canary.pause'({ id, stateVersion, reason }) {
      await (await context.desk()).canary.service.pause(id, stateVersion, reason);
      return {};
    },

    async 'canary.resume'({ id, stateVersion, reason }) {
      await (await context.desk()).canary.service.resume(id, stateVersion, reason);
      return {};
    },

    async 'canary.abort'({ id, stateVersion, reason }) {
      await (await context.desk()).canary.service.abort(id, stateVersion, reason);
      return {};
    },

    async 'canary.record'({ id, name, value, unit, sample, atUs }) {
      const { canary } = await context.desk();
      await canary.service.record(id, { name, value, unit, sample, atUs: atUs ?? clock.nowUs() });
      return {};
    },

    async 'canary.replacePlaybook'({ id, stateVersion, playbook, reason }) {
      await (await context.desk()).canary.service.replacePlaybook(id, stateVersion, playbook, reason);
      return {};
    },

    async 'canary.drill'({ id }) {
      return { drillId: await (await context.desk()).canary.drill(id) };
    },

    async 'canary.rollbackChallenge'({ id }) {
      return (await context.desk()).canary.service.challenge(id);
    },

    async 'canary.rollback'(answer, carrier) {
      const { canary } = await context.desk();
      const trigger = carrier === 'direct' ? 'command-line' : 'operator';
      const { rollbackId, deploymentId } = await canary.service.rollback({ ...answer, trigger });
      // Runs here where this process evaluates, else where the other one does; whoever asked sees it by its events.
      void canary.monitor.rolledBack(deploymentId, context.closing);
      return { rollbackId };
    },

    'canary.setWindows': ({ windows, freezes, reason }) =>
      changeRules('promotion.windows-set', reason, (before, note) => ({
        ...before,
        windows: windows.map((window) => ({ ...window, note })),
        freezes: freezes.map((freeze) => ({ ...freeze, note })),
      })),

    'canary.stopTheLine': ({ reason }) =>
      changeRules('promotion.stopped', reason, (before, note) => ({ ...before, stopped: note })),

    'canary.releaseTheLine': ({ reason }) =>
      changeRules('promotion.released', reason, (before) => ({ ...before, stopped: null })),
  };
}

function figureOf(evaluation: Evaluation | null, name: string): number | null {
  return evaluation?.figures.find((figure) => figure.name === name)?.value ?? null;
}

function summaryOf({ deployment, lastEvaluation }: LoadedDeployment): DeploymentSummary {
  const { id, configuration, stage, stateVersion, paused, verdict, allocatedCapital, createdAtUs, stageSinceUs } =
    deployment;
  const ofStage = lastEvaluation?.stage === stage && lastEvaluation.atUs >= stageSinceUs ? lastEvaluation : null;
  return {
    id,
    strategy: configuration.strategy,
    version: configuration.version,
    stage,
    stateVersion,
    paused: paused.map(({ why }) => why),
    verdict,
    reason: ofStage?.reasons[0] ?? null,
    observedMs: ofStage?.observedMs ?? 0,
    requiredMs: requiredMs(deployment),
    allocatedCapital,
    currency: configuration.currency,
    riskBudgetUsedPercent: figureOf(ofStage, 'riskBudgetUsedPercent'),
    dailyLossPercent: figureOf(ofStage, 'dailyLossPercent'),
    drawdownPercent: figureOf(ofStage, 'drawdownPercent'),
    createdAtUs,
    stageSinceUs,
    evaluatedAtUs: lastEvaluation?.atUs ?? null,
  };
}

const ended: ReadonlySet<Stage> = new Set(['rolled-back', 'aborted', 'superseded'] satisfies Stage[]);

function endedOf(loaded: LoadedDeployment) {
  const { stage, stageSinceUs, rollback } = loaded.deployment;
  return {
    ...summaryOf(loaded),
    endedAtUs: ended.has(stage) ? stageSinceUs : null,
    rollbackMs: rollback?.endedAtUs ? (rollback.endedAtUs - rollback.startedAtUs) / 1_000 : null,
    trigger: rollback?.trigger ?? null,
  };
}

/** Observed time of each stage: the present one's, and of those that were left what their last evaluation saw. */
async function stagesOf(
  { deployment, lastEvaluation }: LoadedDeployment,
  lastOf: (stage: Stage) => Promise<readonly Evaluation[]>,
) {
  const present = stagesInOrder.findIndex((stage) => stage === (deployment.leftStage ?? deployment.stage));
  return Promise.all(
    stagesInOrder.map(async (stage, at) => {
      const state = at < present ? ('past' as const) : at === present ? ('present' as const) : ('ahead' as const);
      const seen = state === 'ahead' || stage === 'development' ? [] : await lastOf(stage);
      const last = lastEvaluation?.stage === stage ? lastEvaluation : seen.at(-1);
      return { stage, state, observedMs: last?.observedMs ?? 0, requiredMs: requiredMs({ ...deployment, stage }) };
    }),
  );
}

async function ratesOf(canary: Desk['store']['canary'], strategy: string | null) {
  const rates = {
    ended: 0,
    promotedToProduction: 0,
    rolledBack: 0,
    rollbackFailed: 0,
    aborted: 0,
    drills: 0,
    drillsPassed: 0,
  };
  const stopped: number[] = [];
  const flat: number[] = [];
  const limit = 200;
  for (let offset = 0; ; offset += limit) {
    const { rows } = await canary.list('all', strategy, { offset, limit });
    for (const { deployment, events } of rows.map(loadedOf)) {
      if (ended.has(deployment.stage)) rates.ended += 1;
      if (deployment.stage === 'rolled-back') rates.rolledBack += 1;
      if (deployment.stage === 'rollback-failed') rates.rollbackFailed += 1;
      if (deployment.stage === 'aborted') rates.aborted += 1;
      for (const { event } of events) {
        if (event.kind === 'promoted' && event.to === 'production') rates.promotedToProduction += 1;
        if (event.kind !== 'drilled') continue;
        rates.drills += 1;
        if (event.outcome === 'passed') rates.drillsPassed += 1;
        if (event.stoppedMs !== null) stopped.push(event.stoppedMs);
        if (event.flatMs !== null) flat.push(event.flatMs);
      }
    }
    if (rows.length < limit) break;
  }
  return { ...rates, medianStoppedMs: median(stopped), medianFlatMs: median(flat) };
}

function median(values: readonly number[]): number | null {
  if (values.length === 0) return null;
  const sorted = values.toSorted((a, b) => a - b);
  const middle = Math.floor(sorted.length / 2);
  return sorted.length % 2 === 1 ? sorted[middle]! : (sorted[middle - 1]! + sorted[middle]!) / 2;
}
