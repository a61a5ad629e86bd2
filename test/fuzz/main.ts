import { exampleLogs } from './examples';
import { type Finding, prepare, runCase } from './fuzz';

/**
 * One process of the fuzzer: `main.mjs SEED CASES PART PROCESSES [FORMAT [CASE]]` runs its part of that many cases, spread evenly
 * over the formats, and writes a line of JSON for each finding, and one for what it is about to do, so that a hang has a name.
 */
const [seed = '', total = '0', part = '0', processes = '1', format = '', only = ''] = process.argv.slice(2);

const examples = exampleLogs.filter((example) => format === '' || example.format.id === format);
const each = Math.ceil(Number(total) / examples.length);
const [first, end] = only === '' ? [Number(part), each] : [Number(only), Number(only) + 1];
const say = (message: object) => process.stdout.write(`${JSON.stringify(message)}\n`);
let cases = 0;
for (const example of examples) {
  const fuzzed = await prepare(example);
  if (fuzzed.original.refused !== null) {
    say({
      finding: {
        format: example.format.id,
        index: -1,
        mutation: 'none',
        what: `the example is refused: ${fuzzed.original.refused.message}`,
      },
    });
    continue;
  }
  for (let index = first; index < end; index += Number(processes)) {
    if (cases % 200 === 0) say({ at: { format: example.format.id, index, cases } });
    const found: Finding | null = await runCase(fuzzed, seed, index);
    cases++;
    if (found !== null) {
      const { bytes, ...rest } = found;
      say({ finding: { ...rest, bytes: Buffer.from(bytes).toString('base64') } });
    }
  }
}
say({ done: { cases } });
