import { isUtf8 } from 'node:buffer';

/**
 * Cuts UTF-8 bytes into records and cells, whatever the chunks they come in. Own code, because recognition, quarantine and hostile
 * files need what CSV libraries do not give: the line and the source text of every record, a bound on a record's length, and a
 * quote that is never closed costing one line instead of the rest of the file.
 *
 * Grammar: RFC 4180 with any single-byte delimiter; LF or CRLF; a quote counts only at a cell's start, elsewhere it is text.
 */
export interface ScannerOptions {
  /** One ASCII character; null = every line is one cell and quotes are text (JSON Lines). */
  readonly delimiter: string | null;
  readonly maxRecordBytes?: number;
  /** Lines one quoted record may span. */
  readonly maxRecordLines?: number;
  /** Line number of the first byte. */
  readonly firstLine?: number;
  /**
   * Offered each record before it is cut: takes the record of one line that begins at `start` and returns where the next one begins,
   * or -1 to have it cut and handed over like all others.
   */
  readonly takePlain?: (bytes: Uint8Array, start: number, line: number) => number;
}

/** Why a record's cells cannot be trusted. */
export type RecordProblem =
  /** Longer than `maxRecordBytes`. */
  | 'too-long'
  /** A quoted cell is followed by something else than a delimiter or a line end. */
  | 'stray-quote'
  /** A quote is opened and not closed within the record's bounds. */
  | 'open-quote'
  | 'not-utf8'
  /** It contains NUL bytes. */
  | 'nul-byte';

/** One record, valid only while the callback runs. */
export interface ScannedRecord {
  /** Line the record begins on, from 1. */
  readonly line: number;
  /** Empty when `problem` is set. A new array for every record. */
  readonly cells: readonly string[];
  readonly problem: RecordProblem | null;
  /** False for a last record that ends with the file and not with a line end. */
  readonly ended: boolean;
  readonly sizeBytes: number;
  /** The record as written, without its line end; at most 64 KiB, then a note of what was cut. */
  text(): string;
}

const lineFeed = 10;
const carriageReturn = 13;
const quote = 34;
const textLimitBytes = 64 * 1024;
const noBytes = new Uint8Array(0);

export class RecordScanner {
  private readonly delimiter: number;
  private readonly quotes: boolean;
  private readonly maxRecordBytes: number;
  private readonly maxRecordLines: number;
  /** Bytes at or below it may mean something; all others are plain text. */
  private readonly highestSpecial: number;
  private rest: Uint8Array = noBytes;
  private joined: Buffer = Buffer.alloc(0);
  private line: number;
  /** Whether the bytes that come next belong to a line that was given up as too long. */
  private skipping = false;
  private readonly record = new CurrentRecord();
  private readonly takePlain: ScannerOptions['takePlain'];

  constructor(
    options: ScannerOptions,
    private readonly onRecord: (record: ScannedRecord) => void,
  ) {
    this.delimiter = options.delimiter === null ? -1 : options.delimiter.charCodeAt(0);
    this.quotes = options.delimiter !== null;
    this.maxRecordBytes = options.maxRecordBytes ?? 1024 * 1024;
    this.maxRecordLines = options.maxRecordLines ?? 64;
    this.highestSpecial = Math.max(this.delimiter, quote);
    this.line = options.firstLine ?? 1;
    this.takePlain = options.takePlain;
  }

  /** Scans the next bytes; the caller may reuse the buffer afterwards. */
  push(chunk: Uint8Array): void {
    this.take(chunk, false);
  }

  /** How many of the bytes so far belong to a record that has not ended. */
  get unfinishedBytes(): number {
    return this.rest.length;
  }

  /** Line of the record that begins with the next byte; null when that byte belongs to a record that has begun. */
  get nextLine(): number | null {
    return this.rest.length === 0 && !this.skipping ? this.line : null;
  }

  /** Goes on behind lines that were read elsewhere, each a record. */
  passOver(lines: number): void {
    this.line += lines;
  }

  /** Ends the input: what is left is the last record. */
  end(): void {
    this.take(noBytes, true);
  }

  private take(chunk: Uint8Array, last: boolean): void {
    let data: Uint8Array = chunk;
    if (this.rest.length > 0) {
      const size = this.rest.length + chunk.length;
      if (this.joined.length < size) this.joined = Buffer.allocUnsafeSlow(size * 2);
      // `rest` is a copy of its own, never a view of `joined`.
      this.joined.set(this.rest, 0);
      this.joined.set(chunk, this.rest.length);
      data = this.joined.subarray(0, size);
    }
    const left = this.scan(Buffer.from(data.buffer, data.byteOffset, data.length), last);
    // A copy, because the caller reuses its buffer.
    this.rest = left < data.length ? new Uint8Array(data.subarray(left)) : noBytes;
  }

  /** Scans whole records and returns where the first incomplete one begins. */
  private scan(data: Buffer, last: boolean): number {
    const { record, delimiter, quotes, highestSpecial, takePlain } = this;
    const size = data.length;
    let at = 0;
    if (this.skipping) {
      at = this.skipLine(data, last);
      if (at >= size) return at;
    }
    // One string for all ASCII cells of the chunk: cutting it is several times faster than decoding cell by cell.
    let text = '';
    let origin = -1;
    record.data = data;
    while (at < size) {
      const next = takePlain?.(data, at, this.line) ?? -1;
      if (next >= 0) {
        at = next;
        this.line++;
        continue;
      }
      if (origin < 0) {
        text = data.toString('latin1', at, size);
        origin = at;
      }
      const start = at;
      const cells: string[] = [];
      let bits = 0;
      let nul = false;
      let lines = 1;
      let complete = false;
      let problem: RecordProblem | null = null;
      let end = size;
      let cellStart = at;
      scanning: while (true) {
        if (quotes && at < size && data[at] === quote) {
          // A quoted cell: to the quote that is not doubled.
          let doubled = false;
          at++;
          while (true) {
            while (at < size && data[at] !== quote) {
              const byte = data[at]!;
              bits |= byte;
              if (byte === lineFeed) lines++;
              else if (byte === 0) nul = true;
              at++;
            }
            if (at >= size || lines > this.maxRecordLines) {
              problem = 'open-quote';
              break scanning;
            }
            if (data[at + 1] !== quote || at + 1 >= size) break;
            doubled = true;
            at += 2;
          }
          const cellEnd = at;
          at++;
          if (at >= size && !last) break;
          const next = data[at];
          const afterReturn = next === carriageReturn && (at + 1 >= size || data[at + 1] === lineFeed);
          if (at < size && next !== delimiter && next !== lineFeed && !afterReturn) {
            problem = 'stray-quote';
            break;
          }
          const cell =
            bits < 0x80
              ? text.slice(cellStart + 1 - origin, cellEnd - origin)
              : data.toString('utf8', cellStart + 1, cellEnd);
          cells.push(doubled ? cell.replaceAll('""', '"') : cell);
          if (at < size && next === delimiter) {
            cellStart = ++at;
            continue;
          }
          if (afterReturn) {
            if (at + 1 >= size && !last) break;
            end = at;
            complete = true;
            at = Math.min(size, at + 2);
          } else {
            end = Math.min(at, size);
            complete = at < size || last;
            at = Math.min(size, at + 1);
          }
          break;
        }
        // A plain cell: to the delimiter or the line end.
        let byte = -1;
        while (at < size) {
          byte = data[at]!;
          if (byte <= highestSpecial) {
            if (byte === delimiter || byte === lineFeed) break;
            if (byte === 0) nul = true;
          }
          bits |= byte;
          at++;
        }
        let cellEnd = at;
        const atLineEnd = at >= size || byte === lineFeed;
        if (atLineEnd && cellEnd > cellStart && data[cellEnd - 1] === carriageReturn) cellEnd--;
        if (at >= size && !last) break;
        cells.push(
          bits < 0x80 ? text.slice(cellStart - origin, cellEnd - origin) : data.toString('utf8', cellStart, cellEnd),
        );
        if (!atLineEnd) {
          cellStart = ++at;
          continue;
        }
        end = cellEnd;
        complete = true;
        if (at < size) at++;
        break;
      }

      if (complete && problem === null && end - start <= this.maxRecordBytes) {
        if (nul) problem = 'nul-byte';
        else if (bits >= 0x80 && !isUtf8(data.subarray(start, end))) problem = 'not-utf8';
        this.emit(start, end, problem === null ? cells : [], problem, data[at - 1] === lineFeed);
        this.line += lines;
        continue;
      }
      // What is found must not depend on where the chunks end: the bytes looked at decide, not those at hand.
      const reach = (problem === 'stray-quote' ? at : complete ? end : size) - start;
      const tooLong = reach > this.maxRecordBytes;
      const settled = complete || tooLong || last || problem === 'stray-quote' || lines > this.maxRecordLines;
      if (!settled) return start;
      const firstEnd = data.indexOf(lineFeed, start);
      const firstLineBytes = (firstEnd < 0 ? size : firstEnd) - start;
      if (problem === null || tooLong) problem = firstLineBytes > this.maxRecordBytes ? 'too-long' : 'open-quote';
      if (firstEnd >= 0) {
        // Only the line on which it began is lost; the next one may be sound.
        this.emit(start, firstEnd, [], problem, true);
        this.line++;
        at = firstEnd + 1;
      } else if (last) {
        this.emit(start, size, [], problem, false);
        return size;
      } else if (firstLineBytes > this.maxRecordBytes) {
        this.emit(start, size, [], problem, true);
        this.skipping = true;
        return size;
      } else {
        return start;
      }
    }
    return size;
  }

  /** Passes over the rest of an over-long line; returns where the next one begins. */
  private skipLine(data: Buffer, last: boolean): number {
    const lineEnd = data.indexOf(lineFeed);
    if (lineEnd < 0 && !last) return data.length;
    this.skipping = false;
    this.line++;
    return lineEnd < 0 ? data.length : lineEnd + 1;
  }

  private emit(start: number, end: number, cells: readonly string[], problem: RecordProblem | null, ended: boolean) {
    const { record } = this;
    record.line = this.line;
    record.cells = cells;
    record.problem = problem;
    record.ended = ended;
    record.start = start;
    record.end = end;
    this.onRecord(record);
  }
}

class CurrentRecord implements ScannedRecord {
  line = 0;
  cells: readonly string[] = [];
  problem: RecordProblem | null = null;
  ended = true;
  data: Buffer = Buffer.alloc(0);
  start = 0;
  end = 0;

  get sizeBytes(): number {
    return this.end - this.start;
  }

  text(): string {
    const end = this.end > this.start && this.data[this.end - 1] === carriageReturn ? this.end - 1 : this.end;
    if (end - this.start <= textLimitBytes) return this.data.toString('utf8', this.start, end);
    const kept = this.data.toString('utf8', this.start, this.start + textLimitBytes);
    return `${kept}… (cut after ${textLimitBytes} bytes)`;
  }
}
