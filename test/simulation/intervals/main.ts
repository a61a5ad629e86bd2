import { parseArgs } from 'node:util';
import { type Coverage, dayCoverage, windowCoverage } from './measure';
import { pairCoverage, pairKinds } from './pairs';
import { autoregression, heavyKinds, independentKinds } from './series';
import { returnKinds, sharpeCoverage } from './sharpe';

// `npm run coverage -- [--runs N] [--first K] [--part days|windows|pairs|sharpe]`: how often the 95 % intervals contain the truth, as tables.
const { values } = parseArgs({
  options: {
    runs: { type: 'string', default: '2000' },
    first: { type: 'string', default: '0' },
    part: { type: 'string' },
  },
});
const runs = Number(values.runs);
const first = Number(values.first);
const percent = ({ covered, runs: made }: Coverage) => `${((100 * covered) / made).toFixed(1)} %`.padStart(8);
const cautioned = ({ cautioned: some, runs: made }: Coverage) => `${((100 * some) / made).toFixed(0)} %`.padStart(6);
const row = (cells: readonly string[]) => process.stdout.write(`${cells.join('  ')}\n`);
const wanted = (part: string) => values.part === undefined || values.part === part;
const kinds = [
  ...independentKinds,
  ...[-0.4, 0.3, 0.5, 0.6, 0.8].map((rho) => autoregression(rho)),
  autoregression(0.3, 0.5),
  ...heavyKinds,
];

if (wanted('days')) {
  row([`Days, ${runs} runs each`.padEnd(40), 'intervals', 'difference', 'warned', '   error', 'warned']);
  for (const intervals of [24, 96]) {
    for (const kind of kinds) {
      const { difference, error } = dayCoverage(kind, intervals, runs, first);
      const figures = [percent(difference), '', cautioned(difference), percent(error), cautioned(error)];
      row([kind.name.padEnd(40), String(intervals).padStart(9), ...figures]);
    }
  }
}
if (wanted('windows')) {
  row([`\nWindows, ${runs} runs each`.padEnd(41), '     days', '  mean  ', 'deviation']);
  for (const days of [3, 7, 14, 30, 60]) {
    for (const kind of [...independentKinds.slice(0, 1), autoregression(0.3), ...heavyKinds.slice(0, 1)]) {
      const { difference, error } = windowCoverage(kind, days, runs, first);
      row([kind.name.padEnd(40), String(days).padStart(9), percent(difference), percent(error)]);
    }
  }
}
if (wanted('pairs')) {
  row([
    `\nPairs of a day, ${runs} runs each`.padEnd(41),
    '    pairs',
    'slippage',
    'warned',
    '    fees',
    'warned',
    ' latency',
    'warned',
  ]);
  for (const pairs of [10, 20, 32, 100, 1_000]) {
    for (const kind of pairKinds) {
      const { slippage, fees, latency } = pairCoverage(kind, pairs, runs, first);
      const figures = [slippage, fees, latency].flatMap((coverage) => [percent(coverage), cautioned(coverage)]);
      row([kind.name.padEnd(40), String(pairs).padStart(9), ...figures]);
    }
  }
}
if (wanted('sharpe')) {
  row([`\nSharpe ratios, ${runs} runs each`.padEnd(41), '     days', 'difference', 'warned']);
  for (const days of [20, 30, 60, 120, 250]) {
    for (const kind of returnKinds) {
      const coverage = sharpeCoverage(kind, days, runs, first);
      row([kind.name.padEnd(40), String(days).padStart(9), percent(coverage).padStart(10), cautioned(coverage)]);
    }
  }
}
