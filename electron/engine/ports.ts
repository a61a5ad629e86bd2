import type { Failure } from '../../shared/base/errors';
import type { Result } from '../../shared/base/result';
import type { UtcDay } from '../../shared/base/time';
import type { ZoneAssumed } from '../../shared/contract/calls';
import type { ExecutionColumns } from '../../shared/market/columns';
import type { Execution, OrderEvent, PricePoint, Source } from '../../shared/market/executions';
import type { TwinRule } from '../../shared/market/identity';
import type { DayPoint } from '../../shared/parity/day-point';
import type { Report } from '../../shared/parity/document';
import type { ParitySettings } from '../../shared/parity/settings';
import type { AuditStore, CanaryStore, MonitorLease } from './canary/ports';
import type { Page, Paged } from './paging';

export type { Page, Paged } from './paging';

/**
 * What the engine needs from the outside. `electron/store` implements the stores on sqlite3; the composition roots (main, cli,
 * server) put the two together. Every method may reject with a `FailureError`; the codes are those of `shared/base/errors`.
 */

export interface SegmentKey {
  readonly source: Source;
  readonly strategy: string;
  readonly symbol: string;
  readonly day: UtcDay;
}

/** What is known of a segment without opening its columns. */
export interface SegmentSummary {
  readonly key: SegmentKey;
  readonly count: number;
  readonly firstUs: number;
  readonly lastUs: number;
  /** Signed sum of side * quantity: the change of position over the day, base units. */
  readonly netQuantity: number;
  readonly lastPrice: number;
  /** How often the segment was written anew because several logs tell its trades; 0 when left out. */
  readonly revision?: number;
}

/** Part of a segment as one import brings it: columns in time order plus the 64-bit content hashes of its rows, ascending. */
export interface SegmentPart {
  readonly summary: SegmentSummary;
  readonly columns: ExecutionColumns;
  readonly hashes: BigUint64Array;
}

/** An execution and the import it came with. */
export interface ImportedExecution extends Execution {
  readonly importId: string;
}

/** Rows that tell the same trades: those that are kept and those that are merged into them, by their places among the logged rows. */
export interface StoredTwins {
  readonly rule: TwinRule;
  readonly kept: readonly number[];
  readonly merged: readonly number[];
  /** Of a bust or correction: the row that says it, the trade id it refers to, and when it was said. */
  readonly change?: { readonly by: number; readonly reference: string; readonly atUs: number };
}

/** A segment that an import shares with earlier ones: what is stored of it, and what the import brings. */
export interface SharedSegment {
  readonly stored: ExecutionColumns | null;
  readonly own: ExecutionColumns | null;
  /** Rows of trades that several logs tell, as they were logged, those included that the stored rows are kept by. */
  readonly logged: ExecutionColumns | null;
  readonly twins: readonly StoredTwins[];
  /** Hashes of all rows ever logged of it. */
  readonly hashes: BigUint64Array;
  /** The imports of these rows that have ended, by id. */
  readonly imports: Readonly<Record<string, Pick<ImportRecord, 'format' | 'severalPerRow' | 'cutLine' | 'sizeBytes'>>>;
}

/** What takes the place of a shared segment at the import's commit. All hashes stay known. */
export interface SegmentReplacement {
  readonly key: SegmentKey;
  /** Rows that stay as they are, ascending. */
  readonly stored: readonly number[];
  readonly own: readonly number[];
  /** Rows that are written anew. */
  readonly added: readonly ImportedExecution[];
  /** All rows of trades that several logs tell, in time order, as `twins` counts them. */
  readonly logged: readonly ImportedExecution[];
  readonly twins: readonly StoredTwins[];
  /** What earlier imports' counts change by: rows that were executions and now are duplicates; `merged` of them by merging. */
  readonly shifts: readonly { readonly importId: string; readonly rows: number; readonly merged: number }[];
}

/** Two rows that tell one trade. */
export interface MergedExecution {
  readonly rule: TwinRule;
  /** The first, where an order's trades were merged into several; of a bust or correction the row that says it. */
  readonly kept: ImportedExecution;
  readonly merged: ImportedExecution;
}

/** Trades of an import that are stored under another strategy or symbol too. */
export interface ToldElsewhere {
  readonly strategy: string;
  readonly symbol: string;
  readonly trades: number;
}

export type ImportState = 'running' | 'done' | 'failed' | 'cancelled';

/** Rows of the source: rowsRead = executions + orderEvents + otherRows + duplicates + quarantined. */
export interface ImportCounts {
  readonly rowsRead: number;
  readonly executions: number;
  readonly orderEvents: number;
  readonly otherRows: number;
  readonly duplicates: number;
  readonly quarantined: number;
}

export interface ImportRecord {
  readonly id: string;
  readonly fileName: string;
  /** Where the file was when it was read; null for a file that came through the browser. */
  readonly path: string | null;
  readonly sizeBytes: number;
  readonly source: Source;
  readonly strategy: string;
  readonly version: string | null;
  readonly account: string | null;
  readonly format: string;
  readonly confidence: number;
  readonly reason: string;
  readonly state: ImportState;
  readonly startedAtUs: number;
  readonly endedAtUs: number | null;
  readonly counts: ImportCounts;
  /** Executions of this import that another row stands for by now: another log tells the same trade, and tells more of it. */
  readonly merged: number;
  /** Whether rows of the source hold several executions: round trips. */
  readonly severalPerRow: boolean;
  /** Line of the last row where no line end follows it: the file may have been cut there. Null = it ends with a line, or is no text. */
  readonly cutLine: number | null;
  /** Rows that are neither executions nor order events, by their name ("deposit": 3). */
  readonly otherRowNames: Readonly<Record<string, number>>;
  readonly firstUs: number | null;
  readonly lastUs: number | null;
  readonly symbols: readonly string[];
  /** The zone naive times were read in although nobody stated it; null = nothing was assumed. */
  readonly zoneAssumed: ZoneAssumed | null;
  readonly failure: Failure | null;
}

/** The last row of a file, quarantined, that may be the beginning of a row only. */
export interface CutRow {
  readonly id: string;
  readonly line: number;
  readonly text: string;
}

export type QuarantineState = 'open' | 'fixed' | 'dismissed';

/** A row that could not be used. It is kept for good: what changes is its state. */
export interface QuarantinedRow {
  readonly id: string;
  readonly importId: string;
  /** The file inside the archive; null = the imported file itself. */
  readonly member: string | null;
  readonly line: number;
  /** UTC day the row belongs to where that can be told, so that it counts in the day's data quality. */
  readonly day: UtcDay | null;
  readonly symbol: string | null;
  readonly reason: string;
  /** The source text of the row, at most 64 KiB, with a note of what was cut. */
  readonly text: string;
  readonly state: QuarantineState;
  /** What a fixed row became; who dismissed or reopened it, when and why; null while nobody touched it. */
  readonly note: string | null;
}

export type NewQuarantinedRow = Pick<QuarantinedRow, 'line' | 'day' | 'symbol' | 'reason' | 'text'> & {
  readonly member?: string | null;
};

/** What a file, or a file of an archive, was read by, so that one of its rows can be read again. */
export interface StoredReading {
  readonly member: string | null;
  /** JSON of the engine's making; the store only keeps it. */
  readonly document: string;
}

/** What is added to an import that has ended: how much each of its counts grows (or shrinks) by. */
export interface ImportAddition {
  readonly counts: ImportCounts;
  readonly merged: number;
  readonly otherRowNames: Readonly<Record<string, number>>;
  readonly firstUs: number | null;
  readonly lastUs: number | null;
  readonly symbols: readonly string[];
  /** Quarantined rows of the import that are used now, with the text that could be read and what became of them. */
  readonly fixed: readonly { readonly id: string; readonly text: string; readonly note: string }[];
}

/**
 * An import in the making. Nothing it adds is visible before `commit`, which is one short transaction; `abandon`, or the death of
 * the process, leaves the store as it was. One import at a time holds the store's import lease (`busy` otherwise).
 */
export interface ImportSession {
  readonly importId: string;
  /**
   * For each key the hash columns of what the segment already holds (committed parts, and parts this session added), each ascending.
   * One question for many segments, because an import touches hundreds at a time.
   */
  existingHashes(keys: readonly SegmentKey[]): Promise<readonly (readonly BigUint64Array[])[]>;
  addParts(parts: readonly SegmentPart[]): Promise<void>;
  /** Returns how many were new; equal events are kept once. */
  addOrderEvents(events: readonly OrderEvent[]): Promise<number>;
  addPrices(points: readonly PricePoint[]): Promise<void>;
  addQuarantined(rows: readonly NewQuarantinedRow[]): Promise<void>;
  /** Segments in which this session has added parts and earlier imports have rows. */
  sharedSegments(): Promise<readonly SegmentKey[]>;
  sharedSegment(key: SegmentKey): Promise<SharedSegment>;
  /** Writes a segment anew; only the last one that was asked for by `sharedSegment` can be. Shows, as all else, with the commit. */
  replaceSegment(replacement: SegmentReplacement): Promise<void>;
  /** Wanted for every file of which a row is quarantined. */
  addReading(reading: StoredReading): Promise<void>;
  /** Open quarantined rows that earlier files of the source end with, cut inside them. */
  cutRows(): Promise<readonly CutRow[]>;
  /**
   * @param wholeRows ids of {@link cutRows} that this file has whole; those of files it goes on with are fixed by that
   * @returns how many rows are not quarantined again, since the file repeats one whose rows they are; they count as duplicates
   */
  commit(record: Omit<ImportRecord, 'id' | 'state' | 'startedAtUs'>, wholeRows?: readonly string[]): Promise<number>;
  abandon(state: 'failed' | 'cancelled', failure: Failure): Promise<void>;
}

/** More rows for an import that has ended; as with a new one, nothing shows before the commit. */
export interface ResumedImport extends Omit<ImportSession, 'commit' | 'cutRows'> {
  commit(added: ImportAddition): Promise<void>;
}

export interface ImportStore {
  begin(
    start: Pick<ImportRecord, 'fileName' | 'path' | 'sizeBytes' | 'source' | 'strategy' | 'version' | 'account'>,
  ): Promise<ImportSession>;
  list(page: Page): Promise<Paged<ImportRecord>>;
  get(id: string): Promise<ImportRecord | null>;
  /** Adds to an import that is done; `not-found` otherwise. Takes the import lease, as `begin` does. */
  resume(importId: string): Promise<ResumedImport>;
  /**
   * Rows of one import or of all, in one state or in any.
   * @param reasonLike pattern of SQL's LIKE with `\` as its escape; null or left out = whatever the reason
   */
  quarantined(
    importId: string | null,
    page: Page,
    state?: QuarantineState | null,
    reasonLike?: string | null,
  ): Promise<Paged<QuarantinedRow>>;
  /** How many rows were set aside for each reason, the commonest first, at most `limit` reasons. */
  quarantineReasons(
    importId: string | null,
    state: QuarantineState | null,
    limit: number,
  ): Promise<readonly { readonly reason: string; readonly rows: number }[]>;
  /** The rows of these ids, in their order; throws `not-found` when one is missing. */
  quarantinedById(ids: readonly string[]): Promise<readonly QuarantinedRow[]>;
  /** Moves rows from one state to the other, all or none; throws `conflict` when one is in another state. */
  changeQuarantine(
    ids: readonly string[],
    from: QuarantineState,
    to: 'open' | 'dismissed',
    note: string,
  ): Promise<void>;
  reading(importId: string, member: string | null): Promise<string | null>;
  /** Where trades of the import are stored under another strategy or symbol as well, and how many at least, the most first. */
  toldElsewhere(importId: string): Promise<readonly ToldElsewhere[]>;
  /** Trades that several logs tell, of one import (on either side) or of all. */
  merged(importId: string | null, page: Page): Promise<Paged<MergedExecution>>;
}

/** How the files of a watch are read; null = the content must tell. */
export interface WatchSettings {
  readonly source: Source;
  readonly strategy: string | null;
  readonly account: string | null;
  readonly version: string | null;
  readonly format: string | null;
  /** Id of a ready-made map, or the text of a map file. */
  readonly map: string | null;
  readonly zone: string | null;
  readonly symbol: string | null;
}

export type WatchKind = 'folder' | 'file';
export type WatchState = 'watching' | 'unreachable' | 'failed';

export interface WatchRecord extends WatchSettings {
  readonly id: string;
  /** Absolute. */
  readonly path: string;
  readonly kind: WatchKind;
  readonly paused: boolean;
  readonly state: WatchState;
  readonly reason: string | null;
  readonly sinceUs: number;
  readonly files: number;
  readonly executions: number;
  readonly lastRecordUs: number | null;
  readonly lastReadUs: number | null;
  /** From the latest execution to its reading, at the last reading. */
  readonly delayMs: number | null;
}

/** `stream` = read on from its position; `whole` = read anew whenever it changed; null = not told yet. */
export type FollowedMode = 'stream' | 'whole' | null;
export type FollowedState = 'following' | 'writing' | 'failed' | 'gone';

/** What is known of a followed file. Everything is as of the last commit. */
export interface FollowedFile {
  readonly id: string;
  readonly watchId: string;
  /** The watch's path to it, with `/`; the file's own name where the watch is that file. */
  readonly name: string;
  readonly mode: FollowedMode;
  /** The import record its rows are counted in; null before the first. */
  readonly importId: string | null;
  /** Device and inode where it was last seen, as `dev:ino`. */
  readonly identity: string;
  /** Bytes from its beginning whose rows are stored. */
  readonly positionBytes: number;
  readonly sizeBytes: number;
  /** Fingerprint of the content before the position; null while that is empty. */
  readonly print: string | null;
  /** Bytes from the beginning by which the format was told, so that it is told alike after a restart; null = not yet. */
  readonly sampleBytes: number | null;
  readonly format: string | null;
  readonly state: FollowedState;
  readonly reason: string | null;
  /** Whether an earlier file's end belongs to it: see `FollowedOrigin`. */
  readonly continues: boolean;
}

/** What a file that continues another one needs of it: the earlier file may be gone by the next start. */
export interface FollowedOrigin {
  /** The beginning the earlier file was recognised by; its header holds where this file has none. */
  readonly beginning: Uint8Array;
  /** Bytes of the unfinished row at the earlier file's end. */
  readonly carry: Uint8Array;
  /** Counts of equal executions without a trade id, as the reader packs them. */
  readonly occurrences: Uint8Array;
}

export interface FollowedFileView extends FollowedFile {
  readonly executions: number;
  readonly quarantined: number;
}

/** Rows of one reading of a followed file. */
export interface FollowBatch extends Omit<ImportSession, 'commit' | 'cutRows' | 'abandon' | 'importId'> {
  /** Nothing was added to it. */
  readonly empty: boolean;
  /** What is to be written with the rows when all are; a batch without it is left out. */
  commit(outcome: {
    readonly file: FollowedFile;
    /** The file's record with these rows counted in, made of what it is in the transaction; of null before its first. */
    readonly record: (before: Omit<ImportRecord, 'id' | 'state'> | null) => Omit<ImportRecord, 'id' | 'state'>;
    /** `replace`: the file was read as a whole, and quarantined rows of its earlier readings are void. */
    readonly quarantine: 'add' | 'replace';
    readonly read: { readonly lastRecordUs: number | null; readonly delayMs: number | null };
  }): void;
}

/**
 * Readings of one file or of several, one after the other, that go in together. Each knows what those before it added, so a batch that
 * added something may only be left out together with all.
 */
export interface FollowBatches {
  begin(): FollowBatch;
  /**
   * Writes rows, positions and counts of all batches in one transaction; before it nothing is written. False when another import came
   * between, so that what was taken for new may not be: nothing is written, and the rows must be read again. Throws `busy` while an
   * import runs, `conflict` when this process does not follow any more.
   */
  commit(): Promise<boolean>;
}

/** The right to follow: one process of all that have the desk open holds it. Everything throws `conflict` once it is lost. */
export interface Follower {
  /** Says that this process is alive; false when another one took over. */
  renew(): Promise<boolean>;
  files(watchId: string): Promise<readonly FollowedFile[]>;
  origin(fileId: string): Promise<FollowedOrigin | null>;
  /** Writes changed files; `origins` only where a file begins to continue another one. */
  save(
    files: readonly FollowedFile[],
    removedIds?: readonly string[],
    origins?: ReadonlyMap<string, FollowedOrigin>,
  ): Promise<void>;
  setState(watchId: string, state: WatchState, reason: string | null): Promise<void>;
  batches(): FollowBatches;
  /** Segments that followed files share with other logs and that got rows of theirs since they were last merged, by import. */
  unmerged(): Promise<readonly { readonly importId: string; readonly segments: readonly SegmentKey[] }[]>;
  release(): Promise<void>;
}

export interface WatchStore {
  list(): Promise<readonly WatchRecord[]>;
  /** Throws `conflict` when the path is watched already. */
  add(path: string, kind: WatchKind, settings: WatchSettings): Promise<string>;
  /** Throws `not-found`. */
  remove(id: string): Promise<void>;
  /** Throws `not-found`. */
  setPaused(id: string, paused: boolean): Promise<void>;
  /** Throws `not-found`. */
  files(id: string, page: Page): Promise<Paged<FollowedFileView>>;
  /** Takes the right to follow when it is free or its holder is gone; null while another process follows. */
  follow(): Promise<Follower | null>;
  follower(): Promise<'this' | 'other' | 'none'>;
}

/** One symbol's day: each figure is what the question of the same name answers for it, the last fill being that before the day. */
export interface DayFacts {
  readonly orderEvents: readonly OrderEvent[];
  readonly positionBefore: Readonly<Record<Source, number>>;
  readonly lastFillBefore: { readonly price: number; readonly atUs: number } | null;
  readonly quarantinedRows: number;
}

export interface ExecutionStore {
  /** Segments that match, ordered by strategy, symbol, day, source. Absent filters match all. */
  segments(filter: {
    readonly strategy?: string;
    readonly symbol?: string;
    readonly from?: UtcDay;
    readonly to?: UtcDay;
  }): Promise<readonly SegmentSummary[]>;
  /** All executions of the segment in time order, or null when there is none. */
  readSegment(key: SegmentKey): Promise<ExecutionColumns | null>;
  /** The same of many segments in their order, few questions for all of them and never more than a few megabytes ahead; those gone meanwhile are left out. */
  readSegments(
    segments: readonly Pick<SegmentSummary, 'key' | 'count'>[],
  ): AsyncIterable<{ readonly key: SegmentKey; readonly columns: ExecutionColumns }>;
  orderEvents(filter: {
    readonly strategy: string;
    readonly symbol: string;
    readonly day: UtcDay;
  }): Promise<readonly OrderEvent[]>;
  /** What the store knows of a day of each symbol besides executions and prices, in the order of the symbols. */
  dayFacts(strategy: string, symbols: readonly string[], day: UtcDay): Promise<readonly DayFacts[]>;
  /** Net position in base units from all executions before the day. */
  positionBefore(source: Source, strategy: string, symbol: string, day: UtcDay): Promise<number>;
  /** Last fill price of either source of that strategy and symbol before the instant. */
  lastFillPriceBefore(
    strategy: string,
    symbol: string,
    beforeUs: number,
  ): Promise<{ readonly price: number; readonly atUs: number } | null>;
  /** Imported prices of the symbol in [fromUs, toUs), plus the last one before fromUs, in time order. */
  prices(
    symbol: string,
    fromUs: number,
    toUs: number,
  ): Promise<{ readonly atUs: Float64Array; readonly price: Float64Array }>;
  /** The same for many symbols and ranges at once, in their order. */
  pricesOf(
    wanted: readonly { readonly symbol: string; readonly fromUs: number; readonly toUs: number }[],
  ): Promise<readonly { readonly atUs: Float64Array; readonly price: Float64Array }[]>;
  /**
   * Every symbol of the strategy with its last days with executions, oldest first and at most `limit`, and how many there are in all.
   * @param upTo the last day to be listed; null = the last there is
   */
  symbolDays(
    strategy: string,
    limit: number,
    upTo: UtcDay | null,
  ): Promise<readonly { readonly symbol: string; readonly days: number; readonly last: readonly UtcDay[] }[]>;
  /** How far each source of each strategy reaches, and when something of it was last imported. */
  feeds(): Promise<
    readonly {
      readonly source: Source;
      readonly strategy: string;
      readonly lastExecutionUs: number;
      readonly lastImportUs: number | null;
    }[]
  >;
  /** First and last instant the source's imports of this strategy cover (all symbols), null when nothing is stored. */
  coverage(source: Source, strategy: string): Promise<{ readonly firstUs: number; readonly lastUs: number } | null>;
  /** Rows of the day that are still open in quarantine; a row that was dismissed or fixed leaves nothing open. */
  quarantinedRows(filter: {
    readonly strategy: string;
    readonly symbol: string | null;
    readonly day: UtcDay;
  }): Promise<number>;
  strategies(): Promise<
    readonly {
      readonly strategy: string;
      readonly symbols: number;
      readonly firstDay: UtcDay;
      readonly lastDay: UtcDay;
      readonly liveExecutions: number;
      readonly backtestExecutions: number;
    }[]
  >;
}

export interface StoredReport {
  readonly report: Report;
  /** Fingerprint of everything the report was made from; another fingerprint means it must be made again. */
  readonly inputHash: string;
  readonly madeAtUs: number;
}

/** What is known of a stored daily report without opening it. */
export interface ReportHead {
  /** Null = portfolio. */
  readonly symbol: string | null;
  readonly day: UtcDay;
  readonly revision: number;
  readonly inputHash: string;
  readonly madeAtUs: number;
  /** Made by the present method; what another one made counts as not made. */
  readonly present: boolean;
}

/** A day marked because something its reports may rest on was touched; the mark names this touch and no later one. */
export interface TouchedDay {
  readonly strategy: string;
  readonly day: UtcDay;
  readonly importNumber: number;
  readonly mark: number;
}

/**
 * Days whose reports may be out of date, marked in the transaction that touches what they rest on, by whichever process. A day that
 * has a report of the present method and no mark is current, but for the clock that closes it.
 */
export interface TouchedDays {
  list(): Promise<readonly TouchedDay[]>;
  /** Takes back marks of days that were looked at after the marks were read and found current. */
  looked(days: readonly TouchedDay[]): Promise<void>;
}

export interface ReportStore {
  /** Latest revision of the day's report; symbol null = portfolio. */
  latest(strategy: string, symbol: string | null, day: UtcDay): Promise<StoredReport | null>;
  /** Latest revisions in the range, by day. */
  range(strategy: string, symbol: string | null, from: UtcDay, to: UtcDay): Promise<readonly StoredReport[]>;
  /** The same of several, symbol by symbol as they are named: one question, however many there are. */
  ranges(
    strategy: string,
    symbols: readonly (string | null)[],
    from: UtcDay,
    to: UtcDay,
  ): Promise<readonly StoredReport[]>;
  revisions(strategy: string, symbol: string | null, day: UtcDay): Promise<readonly StoredReport[]>;
  /** The points of the latest revisions in the range, by day: what is read of thousands of days at once. */
  points(strategy: string, symbol: string | null, from: UtcDay, to: UtcDay): Promise<readonly DayPoint[]>;
  /** Latest revisions in the range, symbol by symbol as they are named and by day, without their documents. */
  heads(
    strategy: string,
    symbols: readonly (string | null)[],
    from: UtcDay,
    to: UtcDay,
  ): Promise<readonly ReportHead[]>;
  /** Heads of the portfolio's reports in the range that another method made, or that were made until so long after the end of their day. */
  unsettled(strategy: string, from: UtcDay, to: UtcDay, graceMs: number): Promise<readonly ReportHead[]>;
  /** Stores the reports as the next revisions and takes back the marks of their days, in one transaction. */
  save(reports: readonly StoredReport[], looked?: readonly TouchedDay[]): Promise<void>;
}

export interface SettingsStore {
  /** Settings of the strategy and symbol: symbol over strategy over desk over defaults. */
  parity(strategy: string, symbol: string | null): Promise<ParitySettings>;
  get(key: string): Promise<string | null>;
  set(key: string, value: string): Promise<void>;
  /** Every setting whose key begins so, by key. */
  list(
    prefix: string,
  ): Promise<readonly { readonly key: string; readonly value: string; readonly changedAtUs: number }[]>;
  /** Does nothing when there is no such setting. */
  remove(key: string): Promise<void>;
}

export interface StoreHealth {
  readonly path: string;
  readonly sizeBytes: number;
  readonly schemaVersion: number;
  readonly sqliteVersion: string;
  readonly integrity: 'ok' | string;
  readonly freeBytes: number | null;
  readonly backups: readonly { readonly path: string; readonly sizeBytes: number; readonly madeAtUs: number }[];
}

export type StoreChange = 'data' | 'executions' | 'reports' | 'canary';

/** One open desk: the stores of one `lockstep.db`. */
export interface DeskStore {
  readonly directory: string;
  readonly imports: ImportStore;
  readonly executions: ExecutionStore;
  readonly reports: ReportStore;
  readonly touched: TouchedDays;
  readonly settings: SettingsStore;
  readonly watches: WatchStore;
  readonly canary: CanaryStore;
  readonly audit: AuditStore;
  readonly monitorLease: MonitorLease;
  health(): Promise<StoreHealth>;
  /** Writes a consistent copy (`VACUUM INTO`) and returns its path. */
  backup(toFile: string | null): Promise<string>;
  /**
   * Calls back when this or another process changed what is stored; returns the function that stops it. `reports` = this process saved
   * reports and nothing else, `executions` = it stored rows of a log and no settings, `canary` = this or another process wrote of deployments
   * or to the audit trail; everything else is `data`.
   */
  onChange(listener: (what: StoreChange) => void): () => void;
  close(): Promise<void>;
}

export type OpenDeskStore = (directory: string, mode: 'create' | 'existing') => Promise<Result<DeskStore>>;

/** Reads tables of an SQLite file of somebody else, without ever writing beside it. */
export interface ForeignDatabase {
  tables(): Promise<ReadonlyMap<string, readonly string[]>>;
  /** Rows of the table in rowid order from `offset`, as plain records. */
  rows(table: string, offset: number, limit: number): Promise<readonly Readonly<Record<string, unknown>>[]>;
  /** Something the reader should tell the user, for example a missing write-ahead log. */
  readonly warnings: readonly string[];
  close(): Promise<void>;
}

export type OpenForeignDatabase = (path: string) => Promise<Result<ForeignDatabase>>;
