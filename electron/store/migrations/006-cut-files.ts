import type { Migration } from './migration';

/**
 * `cut_line`: line of an import's last row where no line end follows it. It may be the beginning of a row only, for which the whole
 * row stands once another import of the format brings it.
 */
export const cutFiles: Migration = {
  version: 6,
  name: 'cut files',
  sql: 'ALTER TABLE imports ADD COLUMN cut_line INTEGER;',
};
