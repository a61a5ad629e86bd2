import {
  CompressionType,
  type DataType,
  setCompressionCodec,
  type Table,
  TimeUnit,
  Type,
  tableFromIPC,
} from '@uwdata/flechette';
import { Decompress } from 'fzstd';
import { parquetMetadataAsync, parquetRead } from 'hyparquet';
import { compressors } from 'hyparquet-compressors';
import { decompress as decompressLz4 } from 'lz4js';
import { FailureError, failure } from '../../../shared/base/errors';
import { formatIsoUs } from '../../../shared/base/time';
import { csvCell } from './workbook';

/**
 * Column files (Arrow IPC, which is Feather version 2, and Parquet) as delimited text with their column names as header. Such files
 * come from other programs and are read whole; what they unpack to is bounded.
 */

export type TableKind = 'arrow' | 'parquet';

const maxUnpackedBytes = 1024 * 1024 * 1024;
const rowsAtOnce = 2_000;

/** Text of the table, header first. Throws `format-damaged` or `limit-exceeded`. */
export async function* tableText(
  kind: TableKind,
  bytes: Buffer,
  name: string,
): AsyncGenerator<Uint8Array, void, undefined> {
  yield* kind === 'arrow' ? arrowText(bytes, name) : parquetText(bytes, name);
}

/** Bytes the table being read has unpacked to so far; tables are read one after the other, each without a pause. */
let unpackedBytes = 0;

function counted(bytes: number): void {
  unpackedBytes += bytes;
  if (unpackedBytes <= maxUnpackedBytes) return;
  throw new FailureError(
    failure(
      'archive-unsafe',
      `The table unpacks to more than ${maxUnpackedBytes / 1024 / 1024} MiB.`,
      'Split it, or save it as CSV, which is read in a stream.',
      { limit: maxUnpackedBytes },
    ),
  );
}

function unpackedZstd(packed: Uint8Array): Uint8Array {
  const pieces: Uint8Array[] = [];
  const stream = new Decompress((piece) => {
    counted(piece.length);
    pieces.push(piece);
  });
  stream.push(packed, true);
  return Buffer.concat(pieces);
}

function unpackedLz4(packed: Uint8Array): Uint8Array {
  const bytes = decompressLz4(packed);
  counted(bytes.length);
  return bytes;
}

const onlyReads = () => {
  throw new Error('column files are only read');
};
setCompressionCodec(CompressionType.LZ4_FRAME, { decode: unpackedLz4, encode: onlyReads });
setCompressionCodec(CompressionType.ZSTD, { decode: unpackedZstd, encode: onlyReads });

function* arrowText(bytes: Buffer, name: string): Generator<Uint8Array, void, undefined> {
  let table: Table;
  let writers: readonly ((row: number) => string)[];
  try {
    unpackedBytes = 0;
    table = tableFromIPC(bytes, { useBigInt: true, useBigIntTimestamp: true });
    writers = table.schema.fields.map(({ type }, index) => {
      const column = table.getChildAt(index);
      return (row) => arrowCell(column.at(row), type);
    });
  } catch (error) {
    throw damaged(error, 'Arrow', name);
  }
  yield* textOf(
    table.schema.fields.map((field) => field.name),
    table.numRows,
    (row) => {
      try {
        return writers.map((write) => write(row));
      } catch (error) {
        throw damaged(error, 'Arrow', name);
      }
    },
  );
}

/** Microseconds in one unit of a timestamp; nanoseconds are divided. */
const timestampUs: Readonly<Record<number, number>> = {
  [TimeUnit.SECOND]: 1_000_000,
  [TimeUnit.MILLISECOND]: 1_000,
  [TimeUnit.MICROSECOND]: 1,
};

function arrowCell(value: unknown, type: DataType): string {
  if (value === null || value === undefined) return '';
  if (type.typeId === Type.Dictionary) return arrowCell(value, type.dictionary);
  if (type.typeId === Type.Timestamp && typeof value === 'bigint') {
    const scale = timestampUs[type.unit];
    const us = scale === undefined ? Number(value / 1_000n) : Number(value) * scale;
    return timeText(us, type.timezone !== null && type.timezone !== undefined);
  }
  if (type.typeId === Type.Date && typeof value === 'number') return timeText(value * 1_000, false).slice(0, 10);
  return cellText(value);
}

/** An instant a Parquet file states; whether in UTC, its column says. */
class ReadTime {
  constructor(readonly us: number) {}
}

const parsers = {
  timestampFromMilliseconds: (value: bigint) => new ReadTime(Number(value) * 1_000),
  timestampFromMicroseconds: (value: bigint) => new ReadTime(Number(value)),
  timestampFromNanoseconds: (value: bigint) => new ReadTime(Number(value / 1_000n)),
};

async function* parquetText(bytes: Buffer, name: string): AsyncGenerator<Uint8Array, void, undefined> {
  const file = {
    byteLength: bytes.length,
    slice: (start: number, end?: number) => new Uint8Array(bytes.subarray(start, end)).buffer,
  };
  try {
    const metadata = await parquetMetadataAsync(file);
    const columns = metadata.schema.filter(({ num_children: children = 0 }) => children === 0);
    const names = columns.map((column) => column.name);
    const isNaive = columns.map(
      ({ logical_type: type }) => type?.type === 'TIMESTAMP' && type.isAdjustedToUTC === false,
    );
    const total = metadata.row_groups.reduce((sum, group) => sum + Number(group.total_byte_size), 0);
    unpackedBytes = 0;
    counted(total);
    yield Buffer.from(`${names.map(csvCell).join(',')}\n`);
    let rowStart = 0;
    for (const group of metadata.row_groups) {
      const rowEnd = rowStart + Number(group.num_rows);
      let read: readonly (readonly unknown[])[] = [];
      await parquetRead({
        ...{ file, metadata, compressors, parsers, rowStart, rowEnd },
        onComplete: (rows) => {
          read = rows;
        },
      });
      for (let from = 0; from < read.length; from += rowsAtOnce) {
        const lines = read
          .slice(from, from + rowsAtOnce)
          .map((cells) => cells.map((cell, index) => csvCell(parquetCell(cell, isNaive[index] === true))));
        yield Buffer.from(lines.map((cells) => `${cells.join(',')}\n`).join(''));
      }
      rowStart = rowEnd;
    }
  } catch (error) {
    throw damaged(error, 'Parquet', name);
  }
}

function parquetCell(value: unknown, isNaive: boolean): string {
  return value instanceof ReadTime ? timeText(value.us, !isNaive) : cellText(value);
}

function* textOf(
  names: readonly string[],
  rows: number,
  cellsOf: (row: number) => readonly string[],
): Generator<Uint8Array, void, undefined> {
  let text = `${names.map(csvCell).join(',')}\n`;
  for (let row = 0; row < rows; row++) {
    text += `${cellsOf(row).map(csvCell).join(',')}\n`;
    if (row % rowsAtOnce !== rowsAtOnce - 1) continue;
    yield Buffer.from(text);
    text = '';
  }
  if (text !== '') yield Buffer.from(text);
}

/** ISO time to the microsecond; with `Z` where the column says that it is UTC. */
function timeText(us: number, isUtc: boolean): string {
  if (!Number.isSafeInteger(us) || Math.abs(us) > 8.64e18 / 1_000) return '';
  const text = formatIsoUs(us);
  return isUtc ? text : text.slice(0, -1);
}

function cellText(value: unknown): string {
  switch (typeof value) {
    case 'string':
      return value;
    case 'number':
      // What Python calls "no number" is none.
      return Number.isFinite(value) ? String(value) : '';
    case 'bigint':
    case 'boolean':
      return String(value);
    default:
      if (value === null || value === undefined) return '';
      if (value instanceof Date) return value.toISOString();
      return JSON.stringify(value, (_, part: unknown) => (typeof part === 'bigint' ? String(part) : part));
  }
}

function damaged(error: unknown, kind: string, name: string): FailureError {
  if (error instanceof FailureError) return error;
  return new FailureError(
    failure(
      'format-damaged',
      `${name} is no readable ${kind} table: ${error instanceof Error ? error.message : String(error)}.`,
      'Write it again, or save it as CSV and import that; nothing was stored.',
    ),
  );
}
