import { desk } from './001-desk';
import { zoneAssumed } from './002-zone-assumed';
import { quarantineStates } from './003-quarantine-states';
import { follow } from './004-follow';
import { mergedExecutions } from './005-merged-executions';
import { cutFiles } from './006-cut-files';
import { sharedSegments } from './007-shared-segments';
import { touchedDays } from './008-touched-days';
import { reportPoints } from './009-report-points';
import { canary } from './010-canary';
import type { Migration } from './migration';

/** All steps in order; version n stands at position n - 1. */
export const migrations: readonly Migration[] = [
  desk,
  zoneAssumed,
  quarantineStates,
  follow,
  mergedExecutions,
  cutFiles,
  sharedSegments,
  touchedDays,
  reportPoints,
  canary,
];

export const latestSchemaVersion = migrations.length;
