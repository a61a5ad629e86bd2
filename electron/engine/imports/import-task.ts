import type { DateOrder, ImportQuestion, ZoneAssumed } from '../../../shared/contract/calls';
import type { Execution, OrderEvent, PricePoint, Source } from '../../../shared/market/executions';
import type {
  CutRow,
  ImportCounts,
  NewQuarantinedRow,
  SegmentKey,
  SegmentPart,
  SegmentReplacement,
  SharedSegment,
  StoredReading,
} from '../ports';
import type { Recognition } from './format';

/**
 * What crosses between the engine and the worker that reads a file. The worker reads, parses and deduplicates; the store's import
 * session and foreign databases stay with the engine, and the worker calls them.
 */

/** What the user said about the content; null = the content must tell. */
export interface ReadHints {
  /** Format id. */
  readonly format: string | null;
  /** Id of a ready-made map, or the text of a map file. */
  readonly map: string | null;
  /** Zone of naive times: IANA name or offset `+05:30`. */
  readonly zone: string | null;
  /** Symbol of files that do not name one. */
  readonly symbol: string | null;
  /** Order of day and month where no date of the file tells it; absent = as null. */
  readonly dateOrder?: DateOrder | null;
  /** Units of a lot, where sizes are in lots (see formats/metatrader.ts); absent = as null. */
  readonly lotSize?: string | null;
}

export interface ReadRequest {
  readonly path: string;
  /** What the user calls the file; messages say this name. */
  readonly name: string;
  readonly source: Source;
  readonly strategy: string | null;
  readonly version: string | null;
  readonly account: string | null;
  readonly hints: ReadHints;
  /** Texts of the maps the desk keeps, which are recognised like formats (see saved-maps.ts); left out = none. */
  readonly maps?: readonly string[];
  /** The present, for judging whether a time is sane. */
  readonly nowUs: number;
}

export interface QuarantinedLine {
  /** Line of the source, from 1; inside an archive the line of the member that `reason` names. */
  readonly line: number;
  readonly reason: string;
  readonly text: string;
}

/** What reading a source came to: each of its rows in exactly one count, and what the executions among them span. */
export interface Collected {
  readonly counts: ImportCounts;
  /** Executions the rows made: a round-trip row is one row and two fills. Duplicates are not in it. */
  readonly fills: number;
  /** Executions that a row of another import stands for, since it tells more of the same trade. Its row counts as a duplicate. */
  readonly merged: number;
  /** Whether a row held several executions. */
  readonly severalPerRow: boolean;
  /** As of `ImportRecord`. */
  readonly cutLine: number | null;
  readonly otherRowNames: Readonly<Record<string, number>>;
  /** The first of the quarantined rows; `counts.quarantined` says how many there are. All of them are in the store. */
  readonly quarantined: readonly QuarantinedLine[];
  readonly firstUs: number | null;
  readonly lastUs: number | null;
  readonly symbols: readonly string[];
  readonly strategies: readonly string[];
}

/** What one reading found. */
export interface ReadSummary extends Collected {
  /** Format id; several ids joined with `+` when an archive held several. */
  readonly format: string;
  readonly formatTitle: string;
  readonly confidence: number;
  readonly reason: string;
  /** Ids of the task's cut rows that the file has whole; absent = none. */
  readonly wholeRows?: readonly string[];
  /** Things the user should know that no row shows: a missing write-ahead log, an archive member that was not read. */
  readonly warnings: readonly string[];
  /** null = every time stated its zone, or the user or the format did. */
  readonly zoneAssumed: ZoneAssumed | null;
  /** Why no second thread helped to read the file where one was called, which costs time and nothing else; for the log. */
  readonly readAlone?: string;
}

export interface ReadProgress {
  readonly bytesRead: number;
  readonly rowsRead: number;
}

export type PrintedRow =
  | ({ readonly type: 'execution' } & Execution)
  | ({ readonly type: 'order' } & OrderEvent)
  | ({ readonly type: 'price' } & PricePoint);

/** Pages of the foreign database the request's path names, opened by the engine. */
export interface ForeignHost {
  openDatabase(path: string): Promise<{
    readonly tables: ReadonlyMap<string, readonly string[]>;
    readonly warnings: readonly string[];
  }>;
  databaseRows(page: {
    readonly table: string;
    readonly offset: number;
    readonly limit: number;
  }): Promise<readonly Readonly<Record<string, unknown>>[]>;
}

/** Where the rows of an import go: the store's session, or a printer. */
export interface ImportHost extends ForeignHost {
  /** As `ImportSession.existingHashes`. */
  existingHashes(keys: readonly SegmentKey[]): Promise<readonly (readonly BigUint64Array[])[]>;
  /** The columns of all parts are views of the one buffer that is moved with them. */
  addParts(parts: readonly SegmentPart[], transfer?: readonly ArrayBuffer[]): Promise<void>;
  addOrderEvents(events: readonly OrderEvent[]): Promise<number>;
  addPrices(points: readonly PricePoint[]): Promise<void>;
  addQuarantined(rows: readonly NewQuarantinedRow[]): Promise<void>;
  addReading(reading: StoredReading): Promise<void>;
  sharedSegments(): Promise<readonly SegmentKey[]>;
  sharedSegment(key: SegmentKey): Promise<SharedSegment>;
  replaceSegment(replacement: SegmentReplacement): Promise<void>;
  /** Only called when `print` was asked for; rows in file order, duplicates left out. */
  print(rows: readonly PrintedRow[]): Promise<void>;
}

export interface ImportTask {
  readonly args: ReadRequest & {
    /** Stamped on every execution; null = dry run: nothing is stored and `existingHashes` is not asked. */
    readonly importId: string | null;
    readonly print: boolean;
    /** Quarantined rows that earlier files were cut in; absent = none. */
    readonly cutRows?: readonly CutRow[];
  };
  readonly result: ReadSummary;
  readonly progress: ReadProgress;
  readonly host: ImportHost;
}

/** A quarantined row with its corrected text. */
export interface CorrectedRow {
  readonly line: number;
  readonly text: string;
}

/** What became of a corrected row. */
export type RetriedRow =
  | {
      readonly state: 'fixed';
      /** Executions stored; 0 where the row is a duplicate, an order event or no trade. */
      readonly executions: number;
      /** "2 executions", "a duplicate: it is stored already". */
      readonly became: string;
    }
  | { readonly state: 'open'; readonly reason: string };

/** Reads corrected rows of one file again, as the rows around them were read. */
export interface RetryTask {
  readonly args: {
    /** File the rows are of, for messages. */
    readonly name: string;
    /** Import the executions lead to. */
    readonly importId: string;
    readonly source: Source;
    /** As `addReading` stored it. */
    readonly reading: string;
    readonly rows: readonly CorrectedRow[];
    /** As in {@link ReadRequest}. */
    readonly maps?: readonly string[];
    readonly nowUs: number;
  };
  readonly result: { readonly rows: readonly RetriedRow[]; readonly collected: Collected };
  readonly progress: never;
  readonly host: Omit<ImportHost, keyof ForeignHost | 'addQuarantined' | 'addReading' | 'print'>;
}

export interface Recognised extends Recognition {
  readonly format: string;
  readonly formatTitle: string;
  /** What the content itself says of its source; null = the user must say. */
  readonly impliedSource: Source | null;
}

export interface PreviewResult {
  readonly recognised: Recognised;
  /** Other readings the content allows, best first. */
  readonly alternatives: readonly Recognised[];
  /** The first executions as they would be stored; strategy is empty where neither file nor user says it. */
  readonly executions: readonly Execution[];
  readonly quarantined: readonly QuarantinedLine[];
  readonly warnings: readonly string[];
  /** What the content leaves open. Questions without an assumed answer stop an import. */
  readonly questions: readonly ImportQuestion[];
}

export interface PreviewTask {
  readonly args: Omit<ReadRequest, 'source'> & {
    readonly source: Source | null;
    /** Executions wanted, at most. */
    readonly limit: number;
  };
  readonly result: PreviewResult;
  readonly progress: never;
  readonly host: ForeignHost;
}
