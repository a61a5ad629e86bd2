import type { ImportQuestion } from '../../../shared/contract/calls';
import type { OccurrenceHistory } from '../imports/execution-batch';
import type { DelimitedSample, Format, ReadContext, RowOutcome } from '../imports/format';
import { chooseReading, fairlySure, type Reading, readingsOf, textSamples } from '../imports/recognise';
import type { RowCollector } from '../imports/row-collector';
import { type PlainSink, readDelimited, readJsonLines, readLines } from '../imports/row-reader';
import type { TextSource } from '../imports/text-source';
import type { FollowedOrigin } from '../ports';
import { type ReadAt, ReadingPrint } from './fingerprint';
import { packOccurrences, unpackOccurrences } from './occurrences';

/**
 * Reads a growing text as an import reads a whole one: the same walkers, fed piece by piece and never told that the end has come. So
 * what rows come out depends on the bytes alone and not on when they were written, and reading the same bytes again from the
 * beginning brings the reader back to where it was.
 */

/** Thrown when rows wait for each other: only the end of a file settles them, and a log has none. */
export class RowsWait extends Error {}

const pieceBytes = 256 * 1024;
/** A line longer than this is handed on without its end; the scanner gives it up. */
const longestLineBytes = 2 * 1024 * 1024;
const lineFeed = 10;

type Take = (line: number, outcome: RowOutcome, text: () => string) => void;

/** How the content is walked, and what stands before the first byte of the file itself. */
interface Plan {
  readonly reading: Reading;
  /** Header of the file that this one continues, where this one has none of its own. */
  readonly prelude: Uint8Array;
}

export interface StreamOptions {
  readonly formats: readonly Format[];
  readonly named: Format | null;
  readonly name: string;
  readonly context: (format: Format) => ReadContext;
  /** What the reading had to assume so far; grows while it reads. */
  readonly questions: readonly ImportQuestion[];
}

export class StreamReader {
  /** Bytes of the file that were read. */
  positionBytes = 0;
  /** Fingerprint of these bytes. */
  readonly print = new ReadingPrint();

  private constructor(
    private readonly walker: Walker,
    readonly reading: Reading,
    readonly sampleBytes: number,
    readonly history: OccurrenceHistory,
    /** What a continuing file gets as its beginning. */
    private readonly beginning: Uint8Array,
    private readonly origin: FollowedOrigin | null,
    /** Bytes at the file's begin that were dealt with when the reader was made. */
    private skipBytes: number,
    private opening: ((collector: RowCollector) => Promise<void>) | null,
    readonly questions: readonly ImportQuestion[],
  ) {}

  /**
   * Tells the format by the first bytes and stands before the file's first row. Null when there is no whole row yet; `RowsWait` when it is
   * no stream of rows. Throws `FailureError`.
   * @param head the first bytes, ending with a line; just `sampleBytes` of them where the format was told before
   */
  static async open(
    head: Uint8Array,
    sampleBytes: number | null,
    origin: FollowedOrigin | null,
    options: StreamOptions,
  ): Promise<StreamReader | null> {
    const plan = planOf(head, origin, options);
    if (plan === null) return null;
    const { reading, prelude } = plan;
    const { sample } = reading;
    const enough = sampleBytes !== null || prelude.length > 0 || sample.kind !== 'delimited' || sample.rows.length > 0;
    if (!enough) return null;
    const walker = new Walker(reading, options);
    if (prelude.length > 0) await walker.push(prelude);
    walker.linesBefore = linesIn(prelude);
    const markBytes = head[0] === 0xef && head[1] === 0xbb && head[2] === 0xbf ? 3 : 0;
    const beginning = prelude.length > 0 && origin ? origin.beginning : head.slice();
    const history = origin ? unpackOccurrences(origin.occurrences) : new Map();
    const carry = origin?.carry ?? new Uint8Array(0);
    const opened = (skip: number, opening: ((collector: RowCollector) => Promise<void>) | null) =>
      new StreamReader(
        walker,
        reading,
        sampleBytes ?? head.length,
        history,
        beginning,
        origin,
        skip,
        opening,
        options.questions,
      );
    if (carry.length === 0) return opened(markBytes, null);

    const firstLine = head.subarray(0, head.indexOf(lineFeed) + 1);
    const alone = sample.kind === 'delimited' && prelude.length === 0 ? 2 : await worth(plan, firstLine, options);
    const joined = Buffer.concat([carry, firstLine]);
    const together =
      alone === 2 && prelude.length === 0 && sample.kind === 'delimited' ? 0 : await worth(plan, joined, options);
    const text = (bytes: Uint8Array) => () => Buffer.from(bytes).toString().trimEnd();
    if (together > alone || (together === alone && together < 2)) {
      return opened(0, async () => walker.push(carry));
    }
    if (together < alone) {
      const reason = 'truncated: the file before was cut in this row, and this file does not go on with it';
      return opened(markBytes, async (collector) => collector.take(1, { kind: 'quarantine', reason }, text(carry)));
    }
    walker.linesBefore -= 1;
    const reason =
      'the log went on in a new file in the middle of this row, which can be read with and without what the file before ended with';
    return opened(firstLine.length, async (collector) =>
      collector.take(1, { kind: 'quarantine', reason }, text(joined)),
    );
  }

  /** Reads whole lines up to the bound and hands their rows to the collector. */
  async read(readAt: ReadAt, boundBytes: number, collector: RowCollector): Promise<void> {
    this.walker.collector = collector;
    if (this.opening !== null && boundBytes > 0) {
      await this.opening(collector);
      this.opening = null;
    }
    let held: Uint8Array = new Uint8Array(0);
    for (let at = this.positionBytes; at < boundBytes; ) {
      const piece = await readAt(at, Math.min(pieceBytes, boundBytes - at));
      if (piece.length === 0) break;
      at += piece.length;
      const end = piece.lastIndexOf(lineFeed) + 1;
      const givenUp = end === 0 && held.length + piece.length > longestLineBytes;
      const whole = givenUp ? piece.length : end;
      if (whole === 0) {
        held = Buffer.concat([held, piece]);
        continue;
      }
      await this.feed(held.length === 0 ? piece.subarray(0, whole) : Buffer.concat([held, piece.subarray(0, whole)]));
      held = piece.slice(whole);
    }
    for (const [name, columns] of this.history)
      if (columns.length > 32) this.history.set(name, [joinedColumns(columns)]);
  }

  /** What a file needs that continues this one, which ends at the given size. */
  async handOver(readAt: ReadAt, sizeBytes: number): Promise<FollowedOrigin> {
    const from = this.positionBytes - this.walker.unfinishedBytes;
    const own = await readAt(Math.max(0, from), sizeBytes - Math.max(0, from));
    const before =
      this.opening !== null
        ? (this.origin?.carry ?? own.subarray(0, 0))
        : from < 0
          ? (this.origin?.carry.subarray(from) ?? own.subarray(0, 0))
          : own.subarray(0, 0);
    return {
      beginning: this.beginning,
      carry: Buffer.concat([before, own]),
      occurrences: packOccurrences(this.history),
    };
  }

  private async feed(bytes: Uint8Array): Promise<void> {
    const skipped = Math.min(this.skipBytes, bytes.length);
    this.skipBytes -= skipped;
    this.positionBytes += bytes.length;
    this.print.add(bytes);
    await this.walker.push(bytes.subarray(skipped));
  }
}

/** The walker of one text, asleep between two pieces. */
class Walker {
  collector: RowCollector | null = null;
  /** Takes rows in place of the collector, for a look at single rows. */
  take: Take | null = null;
  /** Lines that were pushed before the first of the file. */
  linesBefore = 0;
  unfinishedBytes = 0;
  private deliver: (piece: Uint8Array) => void = () => undefined;
  private asked: Promise<void>;
  private ask: () => void = () => undefined;
  private readonly ended: Promise<void>;

  constructor(reading: Reading, options: StreamOptions) {
    this.asked = new Promise((resolve) => {
      this.ask = resolve;
    });
    this.ended = this.walk(reading, options);
    // Whoever pushes next hears of it.
    this.ended.catch(() => undefined);
  }

  async push(piece: Uint8Array): Promise<void> {
    if (piece.length === 0) return;
    await Promise.race([this.asked, this.ended]);
    this.asked = new Promise((resolve) => {
      this.ask = resolve;
    });
    this.deliver(piece);
    await Promise.race([this.asked, this.ended]);
  }

  private async *pieces(): AsyncGenerator<Uint8Array, void, undefined> {
    while (true) {
      yield await new Promise<Uint8Array>((resolve) => {
        this.deliver = resolve;
        this.ask();
      });
    }
  }

  private async walk(reading: Reading, { formats, context }: StreamOptions): Promise<void> {
    const { sample } = reading;
    const format = refusingToWait(reading.format);
    const source: TextSource = {
      head: new Uint8Array(0),
      whole: false,
      chunks: this.pieces(),
      close: async () => undefined,
    };
    const row: Take = (line, outcome, text) => {
      if (this.take !== null) this.take(line, outcome, text);
      else this.collector?.take(line - this.linesBefore, outcome, text);
    };
    const plain: PlainSink = (line, execution) =>
      this.take === null && this.collector !== null && this.collector.takePlain(line - this.linesBefore, execution);
    const settle = async (unfinishedBytes: number) => {
      this.unfinishedBytes = unfinishedBytes;
      if (this.collector?.due) await this.collector.store(false);
      return true;
    };
    const told = context(format);
    if (format.reader.shape === 'delimited' && sample.kind === 'delimited') {
      return readDelimited(source, { ...reading, format }, sample, formats, told, row, settle, plain);
    }
    if (format.reader.shape === 'lines') return readLines(source, format, told, row, settle);
    const messages = format.reader.shape === 'jsonLines' || format.reader.shape === 'jsonRecords';
    if (messages && sample.kind === 'jsonLines') return readJsonLines(source, format, told, row, settle);
    throw new RowsWait();
  }
}

function planOf(head: Uint8Array, origin: FollowedOrigin | null, options: StreamOptions): Plan | null {
  const { formats, named, name } = options;
  const own = textSamples(withoutMark(head), true);
  if (origin === null) {
    const { reading } = chooseReading(own, formats, named, head, name);
    return { reading, prelude: new Uint8Array(0) };
  }
  const [sure] = readingsOf(own, named === null ? formats : [named]);
  if (sure && sure.recognition.confidence >= fairlySure) return { reading: sure, prelude: new Uint8Array(0) };
  const { reading } = chooseReading(
    textSamples(withoutMark(origin.beginning), true),
    formats,
    named,
    origin.beginning,
    name,
  );
  const prelude =
    reading.sample.kind === 'delimited' ? headerOf(withoutMark(origin.beginning), reading.sample) : new Uint8Array(0);
  return { reading, prelude };
}

/** The lines up to the header's own. */
function headerOf(beginning: Uint8Array, { headerLine }: DelimitedSample): Uint8Array {
  let end = 0;
  for (let line = 0; line < headerLine; line++) end = beginning.indexOf(lineFeed, end) + 1;
  return beginning.subarray(0, end);
}

/** 2 = the line is a trade, an order or a price, 1 = it is known to be none, 0 = it cannot be read. */
async function worth({ reading, prelude }: Plan, line: Uint8Array, options: StreamOptions): Promise<0 | 1 | 2> {
  const walker = new Walker(reading, options);
  let best: 0 | 1 | 2 = 0;
  walker.take = (_line, outcome) => {
    if (outcome.kind === 'executions' || outcome.kind === 'orderEvents' || outcome.kind === 'prices') best = 2;
    else if (outcome.kind === 'other' && !outcome.name.startsWith('blank') && best === 0) best = 1;
  };
  await walker.push(prelude);
  await walker.push(line);
  return best;
}

function refusingToWait(format: Format): Format {
  const { reader } = format;
  if (reader.shape === 'delimited') {
    return {
      ...format,
      reader: {
        ...reader,
        open(header, context, sample) {
          const outcomeOf = reader.open(header, context, sample);
          return (row) => {
            const outcome = outcomeOf(row);
            if (outcome.kind === 'held') throw new RowsWait();
            return outcome;
          };
        },
      },
    };
  }
  if (reader.shape !== 'lines') return format;
  return {
    ...format,
    reader: {
      ...reader,
      open(context: ReadContext) {
        const outcomeOf = reader.open(context);
        return (text: string, line: number) => {
          const outcome = outcomeOf(text, line);
          if (outcome.kind === 'held') throw new RowsWait();
          return outcome;
        };
      },
    },
  };
}

function withoutMark(bytes: Uint8Array): Uint8Array {
  return bytes[0] === 0xef && bytes[1] === 0xbb && bytes[2] === 0xbf ? bytes.subarray(3) : bytes;
}

function linesIn(bytes: Uint8Array): number {
  let lines = 0;
  for (const byte of bytes) if (byte === lineFeed) lines++;
  return lines;
}

function joinedColumns(columns: readonly BigUint64Array[]): BigUint64Array {
  const joined = new BigUint64Array(columns.reduce((sum, { length }) => sum + length, 0));
  let at = 0;
  for (const column of columns) {
    joined.set(column, at);
    at += column.length;
  }
  return joined;
}
