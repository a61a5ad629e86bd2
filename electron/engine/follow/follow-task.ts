import type { ZoneAssumed } from '../../../shared/contract/calls';
import type { OrderEvent, PricePoint } from '../../../shared/market/executions';
import type { Collected, ImportHost, ImportTask } from '../imports/import-task';
import type { FollowedOrigin, NewQuarantinedRow, SegmentKey, SegmentPart, StoredReading } from '../ports';
import type { Seen } from './rules';

/**
 * What crosses between the engine and the thread that reads what is followed. The engine opens the file and stores what comes; the
 * thread keeps a reader for each file, so that a batch costs the work of its own bytes. A reader that is lost (a restart, a batch
 * that could not be stored) is made again by reading the file from its beginning, without storing anything twice.
 */

/** Bytes of one batch: what it brings waits in memory for its commit. */
export const batchBytes = 4 * 1024 * 1024;

export interface FollowHost extends ImportHost {
  /** What the file has from the one it continues; asked only when a reader is made. */
  origin(): Promise<FollowedOrigin | null>;
}

export interface FollowTask {
  readonly args: {
    readonly read: ImportTask['args'];
    /** Names the reader. */
    readonly fileId: string;
    /** The open file: threads of a process share descriptors. */
    readonly descriptor: number;
    /** Bytes whose rows are stored. */
    readonly positionBytes: number;
    /** Bytes to read up to. */
    readonly sizeBytes: number;
    /** As `FollowedFile`. */
    readonly sampleBytes: number | null;
    /** Also tell what a file that continues this one needs; nothing more is expected to come. */
    readonly handOver: boolean;
  };
  readonly result: FollowResult;
  readonly progress: never;
  readonly host: FollowHost;
}

export type FollowResult =
  | {
      readonly kind: 'read';
      readonly collected: Collected;
      readonly positionBytes: number;
      readonly print: string;
      readonly sampleBytes: number;
      readonly format: string;
      readonly confidence: number;
      readonly reason: string;
      readonly zoneAssumed: ZoneAssumed | null;
      /** What a continuing file needs, where it was asked for. */
      readonly origin: FollowedOrigin | null;
    }
  /** A document, an archive, a database, or rows that wait for each other: it can only be read as a whole. */
  | { readonly kind: 'whole' }
  /** It was cut off or written anew while it was read; nothing of this reading counts. */
  | { readonly kind: 'changed' }
  /** There is no whole row yet by which the format could be told. */
  | { readonly kind: 'unfinished' };

/** What one small file brought that was read at once with others; {@link FollowTask} otherwise. */
export interface ReadAtOnce {
  readonly seen: Seen;
  readonly read: Extract<FollowResult, { readonly kind: 'read' }>;
  readonly parts: readonly SegmentPart[];
  readonly prices: readonly PricePoint[];
  readonly quarantined: readonly NewQuarantinedRow[];
  readonly readings: readonly StoredReading[];
}

/**
 * Reads small files nothing was read of yet, one after the other: a thread that opens them itself needs no message for each. What one
 * brings is known to the next. A file that is not simply read to its end is null: it is left to its own turn.
 */
export interface FollowManyTask {
  readonly args: {
    /** As for each of them; path, name and import are its own. */
    readonly read: ImportTask['args'];
    readonly files: readonly {
      readonly importId: string;
      readonly path: string;
      readonly name: string;
      /** The file that was seen; another one is left alone. */
      readonly identity: string;
    }[];
  };
  readonly result: readonly (ReadAtOnce | null)[];
  readonly progress: never;
  readonly host: {
    /** What is stored; what the files of this job bring is added here. */
    existingHashes: ImportHost['existingHashes'];
    /** Of the file at the place in the list; how many of them are new. */
    addOrderEvents(events: { readonly place: number; readonly events: readonly OrderEvent[] }): Promise<number>;
  };
}

/** Merges what several logs tell of these segments. */
export interface MergeTask {
  readonly args: { readonly segments: readonly SegmentKey[] };
  readonly result: null;
  readonly progress: never;
  readonly host: Pick<ImportHost, 'sharedSegments' | 'sharedSegment' | 'replaceSegment'>;
}
