import { parseArgs } from 'node:util';
import { falseAlarmEveryHours } from '../../../shared/canary/drift';
import { looksOfStage, meanHoursToAlarm, measureRates, ratesCases } from './measure';

// `npm run canary-rates -- [--runs N] [--first K]`: false rollbacks of sequential criteria beside tests that allow one look, the time a
// breach of twice the limit takes to be found, and hours between false alarms of drift. Equal options, equal tables.
const { values } = parseArgs({
  options: { runs: { type: 'string', default: '2000' }, first: { type: 'string', default: '1' } },
});
const runs = Number(values.runs);
const first = Number(values.first);
const percent = (share: number) => `${(100 * share).toFixed(1)} %`.padStart(9);

console.log(`${runs} canaries each, ${looksOfStage} looks`);
console.log(`${'criteria'.padEnd(26)} rolled back: at limit    naive | twice the limit  median minutes`);
for (const one of ratesCases) {
  const { falseShare, naiveShare, foundShare, medianMinutes } = measureRates(one, runs, first);
  if (falseShare > 0.05) process.exitCode = 1;
  console.log(
    `${one.name.padEnd(26)} ${percent(falseShare).padStart(21)} ${percent(naiveShare)}  ${percent(foundShare).padStart(15)}  ${medianMinutes.toFixed(0).padStart(14)}`,
  );
}
console.log(
  `\nDrift: hours to a false alarm ${meanHoursToAlarm(runs, first).toFixed(0)}, stated ${falseAlarmEveryHours}; to find a shift of half a deviation ${meanHoursToAlarm(runs, first, 0.5).toFixed(0)}, of one ${meanHoursToAlarm(runs, first, 1).toFixed(0)}`,
);
