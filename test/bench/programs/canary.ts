import { HOUR_US } from '../../../shared/base/time';
import { evaluate } from '../../../shared/canary/evaluate';
import type { EvaluationInput } from '../../../shared/canary/facts';
import type { Progress } from '../../../shared/canary/progress';
import {
  accountOf,
  configuration,
  deploymentOf,
  evaluationInput,
  goodParity,
  lookAt,
  stageFromUs,
} from '../../support/canary-facts';

/**
 * Evaluations of a canary with all default criteria, error rate and tracking error judged sequentially, after 60 hours: CPU of one look
 * that brings nothing new, of one that brings an order, and of a cycle over 1,000 deployments. Reading the facts is not in it.
 * Prints JSON.
 */

const hours = 60;
const rollback = configuration().rollback.map((criterion) =>
  criterion.figure === 'trackingErrorBps' ? { ...criterion, judgedBy: 'sequential' as const } : criterion,
);
const deployment = deploymentOf('canary', {}, { rollback });
const hourlyDifferencesBps = {
  startUs: Float64Array.from({ length: hours }, (_, hour) => stageFromUs + hour * HOUR_US),
  value: Float64Array.from({ length: hours }, (_, hour) => Math.sin(hour) * 3),
};
const account = accountOf({ rejected: 4 }, hours);
/** Made once: what a test's facts cost to make is no part of a look. */
const facts = evaluationInput({ deployment, account });

function inputAt(minute: number, progress: Progress | null, orders: number): EvaluationInput {
  const look = lookAt(minute % 600);
  return {
    ...facts,
    look,
    progress,
    sources: [{ source: 'executions', heardAtUs: look.atUs }],
    account: { ...account, orders },
    parity: { ...goodParity, asOfUs: look.atUs, hourlyDifferencesBps },
  };
}

/** CPU milliseconds of this process per run: the median of five rounds, after two that do not count. */
function measure(runs: number, run: (index: number) => void): number {
  const rounds: number[] = [];
  for (let round = 0; round < 7; round++) {
    const before = process.cpuUsage();
    for (let index = 0; index < runs; index++) run(index);
    const { user, system } = process.cpuUsage(before);
    if (round >= 2) rounds.push((user + system) / 1_000 / runs);
  }
  return rounds.sort((a, b) => a - b)[rounds.length >> 1]!;
}

let progress: Progress | null = null;
const look = measure(500, (index) => {
  progress = evaluate(inputAt(index, progress, 200)).progress;
});
const order = measure(200, (index) => {
  progress = evaluate(inputAt(index, progress, 200 + index)).progress;
});
const stored: (Progress | null)[] = new Array(1_000).fill(null);
const cycleMs = measure(1, (index) => {
  // A look a minute and an order every 20 minutes: one deployment in twenty has one.
  for (let one = 0; one < stored.length; one++) {
    const orders = 200 + Math.floor((index + one) / 20);
    stored[one] = evaluate(inputAt(index, stored[one]!, orders)).progress;
  }
});
console.log(JSON.stringify({ lookUs: 1_000 * look, orderUs: 1_000 * order, cycleMs }));
