/** What of the vectors is not ours, and why. A function is decided on by its name, else by the project it is from. */

const noJudge =
  'Lockstep compares orders and days in pairs and looks at them as often as it likes; a rank test of two unpaired samples does neither';
const noAlerts = 'Lockstep has no alert lifecycle to compare';

export const notOurFunctions: Readonly<Record<string, string>> = {
  replaceNaNs0: 'what is unknown is never made zero',
  IQRDetect: 'outliers are shown, never taken out: a bad fill is what is looked for',
  KSigmaDetect: 'outliers are shown, never taken out: a bad fill is what is looked for',
  removeOutliersKSigma3: 'outliers are shown, never taken out: a bad fill is what is looked for',
  meanRatio: noJudge,
  cohenD: noJudge,
  cles: noJudge,
  wilcoxonDiff: noJudge,
  mannWhitneyUTest: noJudge,
  mannWhitneyIntermediate: noJudge,
  MannWhitney: noJudge,
  MeanInequality: noJudge,
  weightedSumScore: 'the score here loses points by figure, with their reasons; groups and weights do not exist',
  needsNotification: noAlerts,
  isInhibited: noAlerts,
  maxState: noAlerts,
  alertStateSequence: noAlerts,
  alertStateSequenceWithHoldChange: noAlerts,
  restoreForState: noAlerts,
  quantileABPValue: 'two samples are not compared by their quantiles while they grow',
};

/** For functions of a project that nobody has named above. */
export const notOurProjects: Readonly<Record<string, string>> = {
  'spinnaker/kayenta': noJudge,
  'prometheus/alertmanager': noAlerts,
  'prometheus/prometheus': noAlerts,
  'gostevehoward/confseq': 'of the uniform bounds, those for means, counts and probabilities are here',
  'growthbook/growthbook': 'of its tests, those of two means and of the sample ratio are here',
  'stefan-jansen/empyrical-reloaded': 'of its figures, those a desk reads of a strategy are here',
  'QuantConnect/Lean': 'of its figures, those that can be laid beside ours are here',
  'freqtrade/freqtrade': 'of its figures, those that can be laid beside ours are here',
  'bashtage/arch': 'of its bootstraps, the block length is here',
};

/** For worked examples of web pages. */
export const notOurExample =
  'a worked example in a split against the decision price; here live is split against the backtest';
