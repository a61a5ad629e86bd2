/** What readers of venues' API records share: taking messages apart, recognising records by their keys, reading fields by name. */
import type { Liquidity, Side } from '../../../../shared/market/executions';
import type { Format, ParsedExecution, ReadContext, Recognition, RowOutcome, Sample } from '../format';
import { epochReader, isoReader, type TimeReader, utcZone } from '../times';
import { recordOf } from './json';
import { execution, quoted, RowCheck } from './row';

export type JsonRecord = Readonly<Record<string, unknown>>;

export const epochMs = epochReader('ms');
export const epochSeconds = epochReader('s');
export const isoUtc = isoReader({ zone: utcZone });

/** No venue nests deeper; what does is no message of a venue. */
const maxDepth = 16;

/** Cuts a message into records: lists are taken apart and the named wrappers opened, as deep as they go. */
export function* unwrapped(message: unknown, wrappers: readonly string[], depth = 0): Generator<unknown> {
  if (depth < maxDepth) {
    if (Array.isArray(message)) {
      for (const item of message) yield* unwrapped(item, wrappers, depth + 1);
      return;
    }
    const record = recordOf(message);
    const inside = record === null ? [] : wrappers.map((name) => record[name]).filter(isContainer);
    if (inside.length > 0) {
      for (const item of inside) yield* unwrapped(item, wrappers, depth + 1);
      return;
    }
  }
  yield message;
}

function isContainer(value: unknown): boolean {
  return typeof value === 'object' && value !== null;
}

/** Records told under their id, as `{"ID": {…}}`, with the id put into each under `idName`. */
export function* keyedRecords(value: unknown, idName: string): Generator<unknown> {
  for (const [id, entry] of Object.entries(recordOf(value) ?? {})) {
    const record = recordOf(entry);
    yield record === null ? entry : { [idName]: id, ...record };
  }
}

/** Whether the record has all of these keys. */
export function hasKeys(record: JsonRecord, names: readonly string[]): boolean {
  return names.every((name) => name in record);
}

/** Records looked at. */
const sampledRecords = 200;

export interface ApiFormat extends Pick<Format, 'id' | 'title' | 'describes'> {
  readonly kind?: Format['kind'];
  /** What was seen, in words a trader understands. */
  readonly reason: string;
  /** Whether a record is this format's and no other's, by its keys and the shape of their values. */
  readonly isRecord: (record: JsonRecord) => boolean;
  /** Whether a record shows that the log is not this format's after all. */
  readonly isForeign?: (record: JsonRecord) => boolean;
  readonly records: (message: unknown) => Iterable<unknown>;
  readonly open: (context: ReadContext) => (fields: Fields, line: number) => RowOutcome;
}

/** A format of a venue's API records; every such log is of live trading. */
export function apiFormat(definition: ApiFormat): Format {
  const { id, title, describes, kind = 'executions', records, open } = definition;
  return {
    ...{ id, title, describes, kind },
    exampleHeader: null,
    impliedSource: 'live',
    recognise: (sample) => recogniseRecords(sample, definition),
    reader: {
      shape: 'jsonRecords',
      records,
      open(context) {
        const read = open(context);
        const fields = new Fields();
        return (value, line) => {
          const record = recordOf(value);
          if (record === null)
            return { kind: 'quarantine', reason: `the record is ${quoted(value)}, which is no JSON object` };
          return read(fields.of(record), line);
        };
      },
    },
  };
}

function recogniseRecords(sample: Sample, { records, isRecord, isForeign, reason }: ApiFormat): Recognition | null {
  const messages = sample.kind === 'jsonLines' ? sample.values : sample.kind === 'json' ? [sample.value] : [];
  let seen = 0;
  let own = 0;
  for (const message of messages) {
    for (const value of records(message)) {
      const record = recordOf(value);
      if (record !== null) {
        if (isForeign?.(record)) return null;
        if (isRecord(record)) own++;
      }
      if (++seen >= sampledRecords) break;
    }
    if (seen >= sampledRecords) break;
  }
  return own === 0 ? null : { confidence: 0.97, reason };
}

/** The fields of one record; as in {@link RowCheck}, the first thing that is wrong is the record's problem. */
export class Fields {
  constructor(
    readonly check: RowCheck = new RowCheck(),
    private record: JsonRecord = {},
    private readonly prefix = '',
  ) {}

  of(record: JsonRecord): this {
    this.record = record;
    this.check.reset();
    return this;
  }

  /** The fields of a record inside this one; they share its problem. */
  inside(name: string): Fields {
    return new Fields(this.check, recordOf(this.record[name]) ?? {}, `${this.prefix}${name}.`);
  }

  /** The records of a list inside this one; they share its problem. */
  list(name: string): readonly Fields[] {
    const value = this.record[name];
    if (value === undefined || value === null) return [];
    if (!Array.isArray(value)) {
      this.refuseValue(name, 'which is no list');
      return [];
    }
    return value.map((item, index) => new Fields(this.check, recordOf(item) ?? {}, `${this.prefix}${name}[${index}].`));
  }

  get problem(): string | null {
    return this.check.problem;
  }

  has(name: string): boolean {
    return name in this.record;
  }

  raw(name: string): unknown {
    return this.record[name];
  }

  /** The record itself, to be read under other names. */
  all(): JsonRecord {
    return this.record;
  }

  keys(): readonly string[] {
    return Object.keys(this.record);
  }

  refuse(problem: string): void {
    this.check.refuse(problem);
  }

  /** Refuses the value of a field for the reason given. */
  refuseValue(name: string, why: string): void {
    this.check.refuse(`${this.prefix}${name} is ${quoted(this.record[name])}, ${why}`);
  }

  number(name: string): number | null {
    return this.check.number(this.prefix + name, this.record[name]);
  }

  positive(name: string): number {
    return this.check.positive(this.prefix + name, this.record[name]);
  }

  /** A number that is zero where the venue has none, as null. */
  positiveOrNone(name: string): number | null {
    const value = this.number(name);
    if (value !== null && value < 0) this.refuseValue(name, 'but must not be below zero');
    return value !== null && value > 0 ? value : null;
  }

  text(name: string): string | null {
    return this.check.text(this.prefix + name, this.record[name]);
  }

  requiredText(name: string): string {
    return this.check.requiredText(this.prefix + name, this.record[name]);
  }

  side(name: string): Side {
    return this.check.side(this.prefix + name, this.record[name]);
  }

  /** Of a flag that says buy (true) or sell (false). */
  sideOfFlag(name: string): Side {
    const flag = this.flag(name);
    if (flag === null) this.check.refuse(`${this.prefix}${name} is missing`);
    return flag === false ? 'sell' : 'buy';
  }

  flag(name: string): boolean | null {
    const value = this.record[name];
    if (value === undefined || value === null || value === '') return null;
    if (value === true || value === 'true') return true;
    if (value === false || value === 'false') return false;
    this.refuseValue(name, 'but must be true or false');
    return null;
  }

  /** Of a flag that says whether the fill was the maker's; `whenTrue` = who it was where the flag is true. */
  liquidityOfFlag(name: string, whenTrue: Liquidity = 'maker'): Liquidity | null {
    const flag = this.flag(name);
    if (flag === null) return null;
    return flag === (whenTrue === 'maker') ? 'maker' : 'taker';
  }

  /** Of a word; one that is none of the venue's two is unknown, not wrong: liquidations and auctions have words of their own. */
  liquidityOfWord(name: string, maker: RegExp, taker: RegExp): Liquidity | null {
    const word = this.text(name) ?? '';
    return maker.test(word) ? 'maker' : taker.test(word) ? 'taker' : null;
  }

  time(name: string, reader: TimeReader): number | null {
    const raw = this.record[name];
    return raw === 0 || raw === '0' ? null : this.check.time(this.prefix + name, raw, reader);
  }

  requiredTime(name: string, reader: TimeReader): number {
    return this.check.requiredTime(this.prefix + name, this.record[name], reader);
  }

  /** The fill, or what is wrong with the record. */
  fill(known: Parameters<typeof execution>[0]): RowOutcome {
    return this.fills([execution(known)]);
  }

  fills(executions: readonly ParsedExecution[]): RowOutcome {
    const [first] = executions;
    if (this.problem !== null) return this.check.quarantine(first?.symbol, first?.executedAtUs);
    return { kind: 'executions', executions };
  }
}

/** The fee with its currency; a fee that is not told has none. */
export function feeIn(fee: number | null, feeCurrency: string | null): Pick<ParsedExecution, 'fee' | 'feeCurrency'> {
  return { fee, feeCurrency: fee === null ? null : feeCurrency };
}

/** The fee of a venue that writes what is paid as a negative number. */
export function paidOf(signedFee: number | null): number | null {
  return signedFee === null ? null : 0 - signedFee;
}
