import { type Criterion, type DeploymentConfiguration, deploymentConfigurationSchema } from './configuration';
import { moneyFigures } from './figures';

/** Whether a deployment may be created as it is described, with every reason why not. */

export interface ConfigurationProblem {
  /** Where in the configuration, as `rollback.0.limit`; empty = the whole. */
  readonly path: string;
  readonly message: string;
}

/** Capital a stage trades with, in the configuration's currency. Production has all of it. */
export function capitalOf(
  configuration: Pick<DeploymentConfiguration, 'totalCapital' | 'stagingPercent' | 'canaryPercent'>,
  stage: 'staging' | 'canary' | 'production',
): number {
  const { totalCapital, stagingPercent, canaryPercent } = configuration;
  if (stage === 'production') return totalCapital;
  return (totalCapital * (stage === 'staging' ? stagingPercent : canaryPercent)) / 100;
}

/** All that is wrong with what somebody wrote; the configuration only where nothing is. */
export function checkConfiguration(written: unknown): {
  readonly problems: readonly ConfigurationProblem[];
  readonly configuration: DeploymentConfiguration | null;
} {
  const parsed = deploymentConfigurationSchema.safeParse(written);
  if (!parsed.success) {
    const problems = parsed.error.issues.map((issue) => ({
      path: issue.path.map(String).join('.'),
      message: issue.message,
    }));
    return { problems, configuration: null };
  }
  const problems = contradictions(parsed.data);
  return { problems, configuration: problems.length === 0 ? parsed.data : null };
}

/** What no single field shows. */
function contradictions(configuration: DeploymentConfiguration): ConfigurationProblem[] {
  const { promotion, rollback, guards, version, control, canaryPercent, stagingPercent } = configuration;
  const problems: ConfigurationProblem[] = [];
  const say = (path: string, message: string) => problems.push({ path, message });
  for (const [list, criteria] of Object.entries({ promotion, rollback })) {
    for (const [at, criterion] of criteria.entries()) {
      if (moneyFigures.has(criterion.figure) && (criterion.holdEvaluations > 1 || criterion.judgedBy !== 'value'))
        say(`${list}.${at}`, `${criterion.figure} is money: it acts on the first evaluation that sees it`);
      if (!Number.isFinite(criterion.limit)) say(`${list}.${at}.limit`, 'the limit is no finite number');
    }
  }
  for (const [at, wanted] of promotion.entries()) {
    const against = rollback.find(
      ({ figure, comparison }) => figure === wanted.figure && comparison === wanted.comparison,
    );
    if (against && isLaxer(wanted, against))
      say(
        `promotion.${at}.limit`,
        `${wanted.figure} could be promoted at ${wanted.limit} although ${against.limit} is rolled back`,
      );
  }
  for (const [key, figure] of [
    ['dailyLossPercent', 'dailyLossPercent'],
    ['drawdownPercent', 'drawdownPercent'],
  ] as const) {
    const limit = rollback.find((criterion) => criterion.figure === figure && criterion.comparison === 'at-most');
    if (!limit) say('rollback', `no criterion limits ${figure}: losses must be able to end the deployment`);
    else if (guards[key] > limit.limit)
      say(`guards.${key}`, `the guard (${guards[key]} %) warns only after the rollback limit (${limit.limit} %)`);
  }
  if (canaryPercent < stagingPercent)
    say('canaryPercent', `the canary would get less capital (${canaryPercent} %) than staging (${stagingPercent} %)`);
  if (control?.kind === 'version' && control.version === version)
    say('control.version', 'a version cannot be its own control; compare it with its backtest instead');
  return problems;
}

function isLaxer(promotion: Criterion, rollback: Criterion): boolean {
  return promotion.comparison === 'at-most' ? promotion.limit > rollback.limit : promotion.limit < rollback.limit;
}
