import type { Migration } from './migration';

/** The zone in which an import read naive times although nobody stated it, with the reason, as JSON; NULL = nothing was assumed. */
export const zoneAssumed: Migration = {
  version: 2,
  name: 'zone assumed',
  sql: 'ALTER TABLE imports ADD COLUMN zone_assumed TEXT;',
};
