import type { UtcDay } from '../../../shared/base/time';
import type { DateOrder, ImportQuestion } from '../../../shared/contract/calls';
import type { CsvMap } from '../../../shared/contract/csv-map';
import type { Execution, Liquidity, OrderEvent, PricePoint, Side, Source } from '../../../shared/market/executions';
import type { ForeignDatabase } from '../ports';
import type { TimeReader } from './times';
import type { TradeChange } from './trade-changes';

/**
 * What a format is. One format is one small file in `formats/` with its table of cases beside the tests; it says how to recognise
 * its content and turns each row of the source into exactly one outcome. Everything else (reading bytes, lines, archives,
 * deduplication, quarantine, storing) is the pipeline's and never the format's.
 */
export interface Format {
  /** Stable id, as in the documentation and in `--format`. */
  readonly id: string;
  readonly title: string;
  /** One sentence: what is read and what is ignored. */
  readonly describes: string;
  readonly kind: 'executions' | 'orders' | 'prices';
  /** A header line as the venue writes it, for the reference; null where the format has none. */
  readonly exampleHeader: string | null;
  /**
   * What follows that header, with values of one's own: rows of every kind. Where there is no header: lines; messages of JSON, each on
   * one line; of a column file its header first; of a database one JSON object of its tables' rows. The reference is worked out by running the reader over them.
   */
  readonly exampleRows?: readonly string[];
  /** What a file with these rows is called, where the reader has to know. */
  readonly exampleName?: string;
  /** What the reference cannot see in the example. */
  readonly reference?: ReferenceNotes;
  /** What such a file is: `backtest` is never taken as live, `live` as backtest only when the user says so; null = either. */
  readonly impliedSource: Source | null;
  /** The map it was made of; absent = none. */
  readonly map?: CsvMap;
  /** How sure the content is this format; null = it is not. Looks at content only, never at the file's name. */
  recognise(sample: Sample): Recognition | null;
  readonly reader: FormatReader;
}

/** Words for the reference page where running the reader over an example cannot tell. */
export interface ReferenceNotes {
  /** Names of rows that are no trades, besides those in the example. */
  readonly otherRows?: readonly string[];
  /** What is read and what is not, of content whose parts cannot be changed one by one. */
  readonly reads?: readonly string[];
  readonly ignores?: readonly string[];
  readonly rows?: string;
  readonly times?: string;
  readonly fees?: string;
  readonly identity?: string;
}

export interface Recognition {
  /** 0 to 1; 1 = the signature is unique to this format. */
  readonly confidence: number;
  /** What was seen, in words a trader understands: "header of Kraken's trade export, 13 columns". */
  readonly reason: string;
  readonly strategies?: readonly string[];
  /** By a map the desk saved. Where a format is certain of the content as well, the user is asked which it is. */
  readonly saved?: true;
}

/** The first records of a delimited source. */
export interface DelimitedSample {
  readonly kind: 'delimited';
  readonly delimiter: ',' | ';' | '\t' | '|';
  /** Header cells as `normaliseHeader` (formats/header.ts) leaves them. */
  readonly header: readonly string[];
  /** Header cells as written. */
  readonly rawHeader: readonly string[];
  /** 0 = the file has no header: `header` and `rawHeader` are `#1`, `#2` …, and the first line is a row. */
  readonly headerLine: number;
  /** The kind of column file the text was made of; absent = text. */
  readonly table?: 'arrow' | 'parquet';
  /** The records that follow the header, at most 50. */
  readonly rows: readonly (readonly string[])[];
}

/** The first bytes of the source, already decoded and split where its kind allows. */
export type Sample =
  | DelimitedSample
  | { readonly kind: 'jsonLines'; readonly values: readonly unknown[] }
  /** `text` is the first 64 KiB; `value` its first JSON value as far as it shows it, undefined when it shows none. */
  | { readonly kind: 'json'; readonly text: string; readonly value: unknown }
  /** Any text by its lines, at most 50. */
  | { readonly kind: 'lines'; readonly lines: readonly string[] }
  | { readonly kind: 'sqlite'; readonly tables: ReadonlyMap<string, readonly string[]> };

/** What the user said, or null where the content must tell. */
export interface ReadContext {
  readonly source: Source;
  /** Time zone of naive times where the format does not fix one: IANA name or offset `+05:30`; null = the format's default. */
  readonly zone: string | null;
  readonly symbol: string | null;
  /** Order of day and month where no date of a column tells it; null or absent = it is asked. */
  readonly dateOrder?: DateOrder | null;
  /** Units of a lot where sizes are in lots, as the user says them: `100000`, or `XAUUSD=100,US30=1`; null or absent = not said. */
  readonly lotSize?: string | null;
  /**
   * What the file is called, the innermost name first: the member of an archive, then the archive. Only a stated guess may rest on
   * it, or what a format writes nowhere else.
   */
  readonly names?: readonly string[];
  /** The log is read while it grows and its end never comes: what only the end could settle is not waited for. */
  readonly growing?: boolean;
  /** Says what the content leaves open. An open question without an assumed answer is thrown instead (see questions.ts). */
  readonly ask?: (question: ImportQuestion) => void;
  /**
   * Tells the user something about the file as a whole ("times without a zone are read as UTC"). The pipeline keeps each text
   * once and shows it with the import's result; it stops nothing.
   */
  readonly warn: (message: string) => void;
  /**
   * Runs the check when all of the source has been read, after the last row's outcome and not when reading stops before: for what
   * only the whole file shows, such as how many balances do not follow from the rows.
   */
  readonly atEnd: (check: () => void) => void;
}

/** A row of a delimited file. */
export interface DelimitedRow {
  readonly line: number;
  readonly cells: readonly string[];
}

/** A cell of a table in HTML. */
export interface MarkupCell {
  readonly text: string;
  /** Columns it spans. */
  readonly span: number;
  /** What is shown when the pointer rests on it; empty = nothing. */
  readonly title: string;
  readonly hidden: boolean;
}

export type MarkupPiece =
  | { readonly kind: 'element'; readonly name: string; readonly attributes: Readonly<Record<string, string>> }
  | { readonly kind: 'tableRow'; readonly cells: readonly MarkupCell[] }
  | { readonly kind: 'title'; readonly text: string };

/**
 * How the content is walked. `open` is called once per source file and returns a function that is called for each row in file
 * order. It may throw a `FailureError` when the file as a whole cannot be read (a missing column).
 */
export type FormatReader =
  | {
      readonly shape: 'delimited';
      /** Rows may have more or fewer cells than the header, and the format decides; otherwise such rows go to quarantine. */
      readonly ragged?: true;
      /** Reads files without a header, whose columns it knows by their place. */
      readonly headerless?: true;
      /** `sample` is what the file was recognised by: decimal mark and date order of a column are judged over it, once. */
      open(
        header: readonly string[],
        context: ReadContext,
        sample: DelimitedSample,
      ): (row: DelimitedRow) => RowOutcome | HeldRow;
      /**
       * Where the executions of plain rows lie, so that they are read without going through `open`'s function; it must say of such
       * a row the same. Null, or no such method = every row goes through that function. Called after `open`, and only of
       * use where rows are not held.
       */
      layout?(header: readonly string[], context: ReadContext, sample: DelimitedSample): ExecutionLayout | null;
    }
  /** Any text, one row a line. */
  | { readonly shape: 'lines'; open(context: ReadContext): (text: string, line: number) => RowOutcome | HeldRow }
  | { readonly shape: 'jsonLines'; open(context: ReadContext): (value: unknown, line: number) => RowOutcome }
  /** The whole document is parsed at once; the format's documents are small compared with memory (limit 512 MiB). Rows are numbered from 1. */
  | {
      readonly shape: 'json';
      rows(
        document: unknown,
        context: ReadContext,
      ): Iterable<{ readonly line: number; readonly text: () => string; readonly outcome: RowOutcome }>;
      /** Reads one row of the document by itself, as `text` gave it; left out where a row needs the rest of the document. */
      again?(row: unknown, context: ReadContext, line: number): RowOutcome;
    }
  /**
   * Records of a venue's API, in one JSON document or one message a line. `records` cuts a message (a page of a list, an event of a
   * stream) into the records it holds; each is a row. Whole numbers too large for a float64 arrive as text. Rows of a document are
   * numbered from 1, rows of a line have the line's number.
   */
  | {
      readonly shape: 'jsonRecords';
      records(message: unknown): Iterable<unknown>;
      open(context: ReadContext): (record: unknown, line: number) => RowOutcome;
    }
  | {
      readonly shape: 'sqlite';
      rows(
        database: ForeignDatabase,
        context: ReadContext,
      ): AsyncIterable<{ readonly line: number; readonly text: () => string; readonly outcome: RowOutcome }>;
      /** As of a JSON document. */
      again?(row: unknown, context: ReadContext, line: number): RowOutcome;
    }
  /**
   * XML or HTML in a stream: of XML each element, of HTML each row of a table and the title, in file order. null = the piece is no row
   * (a wrapper, a heading). Nothing a document declares or refers to is loaded or expanded.
   */
  | {
      readonly shape: 'markup';
      readonly dialect: 'xml' | 'html';
      open(context: ReadContext): (piece: MarkupPiece, line: number) => RowOutcome | HeldRow | null;
    }
  /** A file that is known and holds no trades: it is refused with what it is and what to import in its place. */
  | {
      readonly shape: 'nothing';
      /** What the file is, as the rest of a sentence that begins with its name; sees the sample it was recognised by. */
      is(sample: Sample): string;
      /** What to do instead. */
      instead(sample: Sample): string;
    };

/**
 * A row that is a trade only together with others: one balance change of two or three. It waits, and gets its outcome when the
 * group is settled: at the end of the source, or when too many rows wait, the oldest group first (see held-rows.ts).
 */
export interface HeldRow {
  readonly kind: 'held';
  readonly group: RowGroup;
}

/** Rows that wait for each other. A group is settled once; rows that come later belong to another group. */
export interface RowGroup {
  /** One outcome for each row that was held, in the order they were held. */
  settle(): readonly RowOutcome[];
}

type NumberField = 'price' | 'quantity' | 'fee' | 'arrivalPrice' | 'intendedQuantity';
type TimeField = 'executedAtUs' | 'decidedAtUs' | 'submittedAtUs';
type IdField = 'tradeId' | 'orderId' | 'clientOrderId';
type TextField = 'venue' | 'account' | 'strategy' | 'version' | 'symbol' | 'feeCurrency';

/** A value of few different words; each is read once. `read` gives undefined for a word only the format itself can judge. */
interface WordColumn<Field extends string, Value> {
  readonly field: Field;
  readonly read: (word: string) => Value | undefined;
}

/** What one column holds. Of several columns of one instant those that are filled must agree. */
export type ColumnContent =
  | { readonly field: NumberField }
  | { readonly field: TimeField; readonly time: TimeReader }
  | { readonly field: IdField }
  | WordColumn<TextField, string>
  | WordColumn<'side', Side>
  | WordColumn<'liquidity', Liquidity>
  | WordColumn<'paper', boolean>
  /** Something every execution says alike; a row with another word is the format's to judge. */
  | WordColumn<'expected', true>;

export type ExecutionColumn = { readonly index: number } & ColumnContent;

/** Where a delimited log keeps its executions, one a row. Columns that are not named are not read. */
export interface ExecutionLayout {
  readonly columns: readonly ExecutionColumn[];
  /** What a row says that has no such column, or nothing in it. */
  readonly constants: Partial<Record<TextField, string | null>> & { readonly paper?: boolean };
}

/** An execution as the log tells it; the import adds source, strategy, version and account where the log is silent. */
export type ParsedExecution = Omit<Execution, 'source' | 'strategy' | 'line'> & {
  /** null = the log does not say; the user's `--strategy` is used. */
  readonly strategy: string | null;
};

export type ParsedOrderEvent = Omit<OrderEvent, 'source' | 'strategy' | 'line'> & { readonly strategy: string | null };

/** What one row of the source is; exactly one of these, so that no row can get lost. */
export type RowOutcome =
  | {
      readonly kind: 'executions';
      /** One, or several where a row is a whole round trip. */
      readonly executions: readonly ParsedExecution[];
      readonly orderEvents?: readonly ParsedOrderEvent[];
    }
  | { readonly kind: 'orderEvents'; readonly orderEvents: readonly ParsedOrderEvent[] }
  /** A row that is understood and is no trade: `deposit`, `trade summary`, `blank`. */
  | { readonly kind: 'other'; readonly name: string }
  | { readonly kind: 'prices'; readonly points: readonly PricePoint[] }
  /** A bust or a correction of a trade that another row tells; once it is applied, a row that is no trade. */
  | { readonly kind: 'change'; readonly change: TradeChange }
  | {
      readonly kind: 'quarantine';
      /** What is wrong with the row, naming the column and the value. */
      readonly reason: string;
      readonly symbol?: string | null;
      readonly day?: UtcDay | null;
    };

/** Takes each row of the source in file order. `text` gives the row as written and may only be called at once. */
export type RowSink = (line: number, outcome: RowOutcome, text: () => string) => void;
