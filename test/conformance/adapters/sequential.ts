import { optimalBlockLength } from '../../../shared/base/bootstrap';
import {
  asymptoticHalfWidth,
  asymptoticPValue,
  asymptoticRho,
  bernoulliInterval,
  betaBinomialMixture,
  gammaExponentialMixture,
  gammaPoissonMixture,
  type Mixture,
  mixtureBound,
  normalMixture,
  normalMixtureRho,
  stitchedBound,
} from '../../../shared/base/sequential';
import {
  type Direction,
  type MeanDifference,
  meanDifference,
  sampleRatioPValue,
  welchTest,
} from '../../../shared/base/two-samples';
import { type Adapter, type Inputs, NotOurs } from '../adapter';

/** gostevehoward/confseq, growthbook/growthbook and bashtage/arch: bounds that stay valid, differences of two arms, block lengths. */

const aimOf = (inputs: Inputs) => ({ variance: inputs.number('v_opt'), alpha: inputs.number('alpha_opt', 0.05) });
const sidesOf = (inputs: Inputs) => (inputs.has('oneSided') && inputs.flag('oneSided') ? 'one' : 'two');

const mixtures: Readonly<Record<string, (inputs: Inputs) => Mixture>> = {
  normal: (inputs) => normalMixture(aimOf(inputs), sidesOf(inputs)),
  gammaExponential: (inputs) => gammaExponentialMixture(aimOf(inputs), inputs.number('c')),
  gammaPoisson: (inputs) => gammaPoissonMixture(aimOf(inputs), inputs.number('c')),
  betaBinomial: (inputs) => betaBinomialMixture(aimOf(inputs), inputs.number('g'), inputs.number('h'), sidesOf(inputs)),
};

const mixtureAdapters = Object.entries(mixtures).flatMap(([name, mixtureOf]): [string, Adapter][] => [
  [`${name}LogMixture`, (inputs) => mixtureOf(inputs).logMartingale(inputs.number('s'), inputs.number('v'))],
  [
    `${name}MixtureBound`,
    (inputs) => mixtureBound(mixtureOf(inputs), inputs.number('v'), inputs.number('alpha', 0.05)),
  ],
]);

const stitching: Adapter = (inputs) =>
  stitchedBound(inputs.number('v'), {
    alpha: inputs.number('alpha', 0.05),
    smallestVariance: inputs.number('v_min'),
    scale: inputs.number('c', 0),
    exponent: inputs.number('s', 1.4),
    ratio: inputs.number('eta', 2),
  });

const confseq: Readonly<Record<string, Adapter>> = {
  ...Object.fromEntries(mixtureAdapters),
  twoSidedNormalMixtureRho: (inputs) => normalMixtureRho(aimOf(inputs), 'two'),
  oneSidedNormalMixtureRho: (inputs) => normalMixtureRho(aimOf(inputs), 'one'),
  polyStitchingBound: stitching,
  bernoulliConfidenceInterval: (inputs) => {
    const { lower, upper } = bernoulliInterval(inputs.number('num_successes'), inputs.number('num_trials'), {
      alpha: inputs.number('alpha', 0.05),
      plannedTrials: inputs.number('t_opt'),
      aimAlpha: inputs.number('alpha_opt', 0.05),
    });
    return [lower, upper];
  },
};

/** An arm as GrowthBook sums it up. */
function sampleOf(arm: Inputs) {
  const count = arm.number('n');
  const mean = arm.number('sum') / count;
  switch (arm.text('kind', 'mean')) {
    case 'mean':
      return { count, mean, variance: (arm.number('sum_squares') - arm.number('sum') ** 2 / count) / (count - 1) };
    case 'proportion':
      return { count, mean, variance: mean * (1 - mean) };
    default:
      throw new NotOurs('ratio, quantile and regression-adjusted metrics are no figures of a desk');
  }
}

function differenceInputs(inputs: Inputs): { readonly difference: MeanDifference; readonly count: number } {
  const [control, treatment] = [sampleOf(inputs.record('control')), sampleOf(inputs.record('treatment'))];
  const kind = inputs.text('difference');
  if (kind !== 'absolute' && kind !== 'relative')
    throw new NotOurs(`differences are absolute or relative, not ${kind}`);
  const difference = meanDifference(control, treatment, kind);
  if (Number.isNaN(difference.estimate) || difference.estimate * 0 !== 0) {
    throw new NotOurs('an arm without variance or mean: GrowthBook answers 0 with p = 1, here nothing is known (NaN)');
  }
  return { difference, count: control.count + treatment.count };
}

const fixedTest =
  (direction: Direction): Adapter =>
  (inputs) => {
    const { difference } = differenceInputs(inputs);
    const { lower, upper, pValue } = welchTest(difference, inputs.number('alpha', 0.05), direction);
    return { expected: difference.estimate, stddev: difference.standardError, ci: [lower, upper], pValue };
  };

function sequentialOf(inputs: Inputs, direction: Direction, planned: number) {
  const { difference, count } = differenceInputs(inputs);
  const { estimate, standardError } = difference;
  const alpha = inputs.number('alpha', 0.05);
  const sides = direction === 'two-sided' ? 'two' : 'one';
  const rho = asymptoticRho(alpha, planned, sides);
  const half = asymptoticHalfWidth(count, alpha, rho, sides) * standardError * Math.sqrt(count);
  const ratio = estimate / standardError;
  const pValue = asymptoticPValue(direction === 'lesser' ? -ratio : ratio, count, rho, sides);
  return { estimate, standardError, half, pValue };
}

const sequentialTest =
  (direction: Direction): Adapter =>
  (inputs) => {
    const planned = inputs.number('sequentialTuningParameter', 5_000);
    const { estimate, standardError, half, pValue } = sequentialOf(inputs, direction, planned);
    return {
      expected: estimate,
      stddev: standardError,
      ci: [
        direction === 'lesser' ? Number.NEGATIVE_INFINITY : estimate - half,
        direction === 'greater' ? Number.POSITIVE_INFINITY : estimate + half,
      ],
      // GrowthBook looks for one-sided p values up to 0.4999 only.
      pValue: direction === 'two-sided' ? pValue : Math.min(pValue, 0.4999),
    };
  };

const growthbook: Readonly<Record<string, Adapter>> = {
  two_sided_t: fixedTest('two-sided'),
  one_sided_greater_t: fixedTest('greater'),
  one_sided_lesser_t: fixedTest('lesser'),
  sequential_two_sided: sequentialTest('two-sided'),
  sequential_one_sided_greater: sequentialTest('greater'),
  sequential_one_sided_lesser: sequentialTest('lesser'),
  sequential_two_sided_width_order: (inputs) =>
    inputs
      .list('tuningParameters')
      .map((planned) => ({ planned, half: sequentialOf(inputs, 'two-sided', planned).half }))
      .sort((a, b) => b.half - a.half)
      .map(({ planned }) => `width(${planned})`)
      .join(' > '),
  sampleRatioMismatchPValue: (inputs) => sampleRatioPValue(inputs.list('observed'), inputs.list('weights')),
  difference: (inputs) => {
    const arm = (name: string) => ({ count: 2, mean: inputs.number(name), variance: 1 });
    return meanDifference(arm('baseline'), arm('treatment'), inputs.flag('relative') ? 'relative' : 'absolute')
      .estimate;
  },
};

export const sequentialAdapters: Readonly<Record<string, Adapter>> = {
  ...confseq,
  ...growthbook,
  optimalBlockLength: (inputs) => optimalBlockLength(inputs.list('values')),
};
