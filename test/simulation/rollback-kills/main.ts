import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { Random } from '../../../shared/base/random';
import { killRollbacks } from '../../support/rollback-kills';

// `npm run rollback-kills -- [--kills N] [--seed K]`: kill -9 at N random instants of rollbacks in real processes against a real HTTP target.
// Every rollback has to end done once at the target, by its idempotency key, or as failed and loud; anything else is listed.
const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: { kills: { type: 'string', default: '1000' }, seed: { type: 'string', default: '1' } },
});
const folder = await mkdtemp(join(tmpdir(), 'lockstep-kills-'));
const random = new Random(values.seed);
const [program = ''] = positionals;
const { problems, ...tally } = await killRollbacks(
  Number(values.kills),
  folder,
  program,
  () => random.uniform(),
  (done) => console.log(`${done} kills`),
);
await rm(folder, { recursive: true, force: true });
console.log(JSON.stringify(tally));
for (const problem of problems) console.log(problem);
process.exitCode = problems.length === 0 ? 0 : 1;
