import { failureSchema } from '../../shared/base/errors';
import { isUtcDay } from '../../shared/base/time';
import { zoneAssumedSchema } from '../../shared/contract/calls';
import { sourceSchema } from '../../shared/market/executions';
import type { ImportRecord, QuarantinedRow } from '../engine/ports';
import type { Row } from './connection';
import { damaged, isNullCell, numberCell, numberOrNullCell, textCell, textOrNullCell, wordCell } from './rows';

/** A row of `imports` as the engine knows it. */
export function importRecordOf(row: Row): ImportRecord {
  return {
    id: textCell(row, 'id'),
    fileName: textCell(row, 'file_name'),
    path: textOrNullCell(row, 'path'),
    sizeBytes: numberCell(row, 'size_bytes'),
    source: wordCell(row, 'source', sourceSchema.options),
    strategy: textCell(row, 'strategy'),
    version: textOrNullCell(row, 'version'),
    account: textOrNullCell(row, 'account'),
    format: textCell(row, 'format'),
    confidence: numberCell(row, 'confidence'),
    reason: textCell(row, 'reason'),
    state: wordCell(row, 'state', ['running', 'done', 'failed', 'cancelled']),
    startedAtUs: numberCell(row, 'started_at_us'),
    endedAtUs: numberOrNullCell(row, 'ended_at_us'),
    counts: {
      rowsRead: numberCell(row, 'rows_read'),
      executions: numberCell(row, 'executions'),
      orderEvents: numberCell(row, 'order_events'),
      otherRows: numberCell(row, 'other_rows'),
      duplicates: numberCell(row, 'duplicates'),
      quarantined: numberCell(row, 'quarantined'),
    },
    merged: numberCell(row, 'merged'),
    cutLine: numberOrNullCell(row, 'cut_line'),
    severalPerRow: numberCell(row, 'several_per_row') === 1,
    otherRowNames: countsByName(jsonCell(row, 'other_row_names')),
    firstUs: numberOrNullCell(row, 'first_us'),
    lastUs: numberOrNullCell(row, 'last_us'),
    symbols: textList(jsonCell(row, 'symbols')),
    zoneAssumed: isNullCell(row, 'zone_assumed') ? null : zoneAssumedOf(jsonCell(row, 'zone_assumed')),
    failure: isNullCell(row, 'failure') ? null : failureOf(jsonCell(row, 'failure')),
  };
}

/** A quarantined row with the id of its import. */
export function quarantinedRowOf(row: Row): QuarantinedRow {
  const day = textOrNullCell(row, 'day');
  if (day !== null && !isUtcDay(day)) throw damaged(`"${day}" is not a day`);
  return {
    id: String(numberCell(row, 'id')),
    importId: textCell(row, 'import_id'),
    member: textOrNullCell(row, 'member'),
    line: numberCell(row, 'line'),
    day,
    symbol: textOrNullCell(row, 'symbol'),
    reason: textCell(row, 'reason'),
    text: textCell(row, 'text'),
    state: wordCell(row, 'state', ['open', 'fixed', 'dismissed']),
    note: textOrNullCell(row, 'note'),
  };
}

export function jsonCell(row: Row, column: string): unknown {
  try {
    return JSON.parse(textCell(row, column));
  } catch (error) {
    if (error instanceof SyntaxError) throw damaged(`column "${column}" of an import is not JSON`);
    throw error;
  }
}

export function countsByName(value: unknown): Readonly<Record<string, number>> {
  if (typeof value !== 'object' || value === null) throw damaged('the names of other rows of an import');
  return Object.fromEntries(
    Object.entries(value).map(([name, count]: [string, unknown]) => {
      if (typeof count !== 'number') throw damaged(`the count of other rows "${name}" of an import`);
      return [name, count];
    }),
  );
}

export function textList(value: unknown): readonly string[] {
  if (!Array.isArray(value) || !value.every((item) => typeof item === 'string')) {
    throw damaged('the symbols of an import');
  }
  return value;
}

function zoneAssumedOf(value: unknown): ImportRecord['zoneAssumed'] {
  const parsed = zoneAssumedSchema.safeParse(value);
  if (!parsed.success) throw damaged('the assumed zone of an import');
  return parsed.data;
}

function failureOf(value: unknown): ImportRecord['failure'] {
  const parsed = failureSchema.safeParse(value);
  if (!parsed.success) throw damaged('the failure of an import');
  return parsed.data;
}
