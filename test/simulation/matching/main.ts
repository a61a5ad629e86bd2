import { parseArgs } from 'node:util';
import { clockCases, measureClock } from './clocks';
import { difficulties } from './difficulties';
import { measure, type Quality } from './measure';

// `npm run matching -- [--seeds N] [--first K]`: precision and recall of the matching on N days of each difficulty, beside the two obvious
// alternatives, and what is said of the clocks on days that say how they stand. Equal seeds, equal tables.
const { values } = parseArgs({
  options: { seeds: { type: 'string', default: '20' }, first: { type: 'string', default: '1' } },
});
const seeds = Number(values.seeds);
const first = Number(values.first);
const shown = ({ precision, recall }: Quality) => `${precision.toFixed(4)}  ${recall.toFixed(4)}`;
console.log(`${'difficulty'.padEnd(24)} ${'pairs'.padStart(8)}   ours              zip in order      nearest, greedy`);
console.log(`${''.padEnd(24)} ${''.padStart(8)}   prec.   recall    prec.   recall    prec.   recall`);
for (const difficulty of difficulties) {
  const { pairs, ours, zip, greedy } = measure(difficulty, seeds, first);
  const { least, exceedsTolerance = false } = difficulty;
  const below =
    Math.min(ours.precision, ours.recall) < least ||
    ours.precision < Math.max(zip.precision, greedy.precision) ||
    ours.recall < Math.max(exceedsTolerance ? 0 : zip.recall, greedy.recall);
  if (below) process.exitCode = 1;
  console.log(
    `${difficulty.name.padEnd(24)} ${String(pairs).padStart(8)}   ${shown(ours)}    ${shown(zip)}    ${shown(greedy)}${below ? '  BELOW' : ''}`,
  );
}

console.log(
  `\n${'clock'.padEnd(26)} ${'days'.padStart(5)} ${'right'.padStart(6)} ${'error ms, median'.padStart(17)} ${'largest'.padStart(9)} ${'in interval'.padStart(12)} ${'drift ms/day'.padStart(13)}   verdicts`,
);
for (const one of clockCases) {
  const clock = measureClock(one, seeds, first);
  const figure = (value: number) => (Number.isFinite(value) ? value.toFixed(0) : '-');
  const verdicts = [...clock.verdicts].map(([verdict, days]) => `${verdict} ${days}`).join(', ');
  const inside = clock.told === 0 ? '-' : `${clock.covered}/${clock.told}`;
  console.log(
    `${one.name.padEnd(26)} ${String(clock.days).padStart(5)} ${String(clock.right).padStart(6)} ${figure(clock.medianErrorMs).padStart(17)} ${figure(clock.largestErrorMs).padStart(9)} ${inside.padStart(12)} ${figure(clock.medianDriftMsPerDay).padStart(13)}   ${verdicts}`,
  );
}
