import { desk } from './001-desk';
import type { Migration } from './migration';

/** All steps in order; version n stands at position n - 1. */
export const migrations: readonly Migration[] = [desk];

export const latestSchemaVersion = migrations.length;
