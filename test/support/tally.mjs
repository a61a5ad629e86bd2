// How the runners tell `npm test` what happened: passed and failed as numbers, skipped with name and reason, as JSON in the file that
// LOCKSTEP_TALLY names. Without it the reporters write nothing.

import { writeFileSync } from 'node:fs';

export function writeTally(tally) {
  const file = process.env.LOCKSTEP_TALLY;
  if (file) writeFileSync(file, JSON.stringify(tally));
}
