import { FailureError, failure } from '../../shared/base/errors';
import type { Row } from './connection';

/**
 * Typed access to the cells of a row. STRICT tables hold what the schema says, so a cell of another type means a damaged file.
 */

export function textCell(row: Row, column: string): string {
  const value = row[column];
  if (typeof value !== 'string') throw damagedCell(column, 'text', value);
  return value;
}

export function numberCell(row: Row, column: string): number {
  const value = row[column];
  if (typeof value !== 'number') throw damagedCell(column, 'a number', value);
  return value;
}

export function bytesCell(row: Row, column: string): Uint8Array {
  const value = row[column];
  if (!(value instanceof Uint8Array)) throw damagedCell(column, 'bytes', value);
  return value;
}

export function isNullCell(row: Row, column: string): boolean {
  return row[column] === null;
}

export function textOrNullCell(row: Row, column: string): string | null {
  return isNullCell(row, column) ? null : textCell(row, column);
}

export function numberOrNullCell(row: Row, column: string): number | null {
  return isNullCell(row, column) ? null : numberCell(row, column);
}

/** A cell whose text is one of a closed list. */
export function wordCell<Word extends string>(row: Row, column: string, words: readonly Word[]): Word {
  const value = row[column];
  const word = words.find((candidate) => candidate === value);
  if (word === undefined) throw damagedCell(column, `one of ${words.join(', ')}`, value);
  return word;
}

export function damaged(what: string): FailureError {
  return new FailureError(
    failure(
      'store-corrupt',
      `The store is damaged: ${what}`,
      'Restore a backup with "lockstep restore"; the damaged file is set aside, not deleted.',
    ),
  );
}

function damagedCell(column: string, expected: string, value: unknown): FailureError {
  const found = typeof value === 'string' ? JSON.stringify(value.slice(0, 40)) : String(value).slice(0, 40);
  return damaged(`column "${column}" must be ${expected}, found ${found}`);
}
