import { Parser } from 'htmlparser2';
import type { Entry } from 'yauzl';
import { FailureError, failure } from '../../../shared/base/errors';
import { DAY_US, formatIsoUs } from '../../../shared/base/time';

/**
 * Sheets of an Excel workbook (.xlsx, ECMA-376 part 1) as delimited text: one line for each row of the sheet, so that a line's number is
 * the row's. A sheet is read in a stream; only the workbook's texts, which all sheets share, are held in memory.
 */

export interface Sheet {
  readonly name: string;
  /** The sheet as UTF-8 text with commas. */
  chunks(): AsyncGenerator<Uint8Array, void, undefined>;
}

/** Streams one entry of the archive, checked for its size and checksum. */
export type EntryReader = (entry: Entry) => AsyncGenerator<Uint8Array, void, undefined>;

const maxSharedText = 256 * 1024 * 1024;
/** Excel's own limit. */
const maxRows = 1_048_576;
/** Far more than any log has; Excel allows 16,384, and a sheet of empty cells out there is no log. */
const maxColumns = 1_000;
const textAtOnce = 256 * 1024;

/** What kind of Office document the archive is; null = none. */
export function officeKind(entries: readonly Entry[]): 'workbook' | 'binary workbook' | 'other document' | null {
  const names = new Set(entries.map(({ fileName }) => fileName));
  if (!names.has('[Content_Types].xml')) return null;
  if (names.has('xl/workbook.xml')) return 'workbook';
  return names.has('xl/workbook.bin') ? 'binary workbook' : 'other document';
}

/** The workbook's sheets in their order. Charts are no sheets. */
export async function sheetsOf(entries: readonly Entry[], read: EntryReader, name: string): Promise<readonly Sheet[]> {
  const byName = new Map(entries.map((entry) => [entry.fileName, entry]));
  const part = (path: string): Entry | null => byName.get(path) ?? null;
  const workbook = await describedSheets(part, read, name);
  const dates = await dateStyles(part('xl/styles.xml'), read);
  let shared: readonly string[] | null = null;
  return workbook.sheets.map(({ title, path }) => ({
    name: title,
    async *chunks() {
      const entry = part(path);
      if (entry === null) throw damaged(name, `its sheet "${title}" is not in it`);
      shared ??= await sharedTexts(part('xl/sharedStrings.xml'), read, name);
      yield* sheetText(read(entry), { shared, dates, from1904: workbook.from1904 }, `${name}, sheet "${title}"`);
    },
  }));
}

interface Element {
  readonly name: string;
  readonly attributes: Readonly<Record<string, string>>;
}

interface XmlHandler {
  open?(element: Element): void;
  text?(text: string): void;
  close?(name: string): void;
}

/** Walks the XML of one part. Prefixes of namespaces are left off. */
function xmlParser(handler: XmlHandler): Parser {
  const local = (name: string) => name.slice(name.indexOf(':') + 1);
  return new Parser(
    {
      onopentag: (name, attributes) => handler.open?.({ name: local(name), attributes }),
      ontext: (text) => handler.text?.(text),
      onclosetag: (name) => handler.close?.(local(name)),
    },
    { xmlMode: true, decodeEntities: true },
  );
}

async function walkXml(chunks: AsyncGenerator<Uint8Array, void, undefined>, handler: XmlHandler): Promise<void> {
  const parser = xmlParser(handler);
  const decoder = new TextDecoder();
  for await (const chunk of chunks) parser.write(decoder.decode(chunk, { stream: true }));
  parser.end(decoder.decode());
}

async function describedSheets(part: (path: string) => Entry | null, read: EntryReader, name: string) {
  const [workbook, relations] = [part('xl/workbook.xml'), part('xl/_rels/workbook.xml.rels')];
  if (workbook === null || relations === null) throw damaged(name, 'its list of sheets is missing');
  const targets = new Map<string, string>();
  await walkXml(read(relations), {
    open({ name: element, attributes }) {
      if (element !== 'Relationship' || !attributes['Type']?.endsWith('/worksheet')) return;
      const target = attributes['Target'] ?? '';
      targets.set(attributes['Id'] ?? '', target.startsWith('/') ? target.slice(1) : `xl/${target}`);
    },
  });
  const sheets: { readonly title: string; readonly path: string }[] = [];
  let from1904 = false;
  await walkXml(read(workbook), {
    open({ name: element, attributes }) {
      if (element === 'workbookPr') from1904 = isTrue(attributes['date1904']);
      if (element !== 'sheet') return;
      const path = targets.get(attributes['r:id'] ?? attributes['id'] ?? '');
      if (path !== undefined) sheets.push({ title: attributes['name'] ?? '', path });
    },
  });
  if (sheets.length === 0) throw damaged(name, 'it names no sheet');
  return { sheets, from1904 };
}

function isTrue(value: string | undefined): boolean {
  return value === '1' || value === 'true';
}

/** All texts that cells refer to by number. Readings of Japanese texts (`rPh`) are not part of them. */
async function sharedTexts(entry: Entry | null, read: EntryReader, name: string): Promise<readonly string[]> {
  const texts: string[] = [];
  if (entry === null) return texts;
  let size = 0;
  let text = '';
  let [inText, inReading] = [false, false];
  await walkXml(read(entry), {
    open({ name: element }) {
      if (element === 'si') text = '';
      else if (element === 't') inText = true;
      else if (element === 'rPh') inReading = true;
    },
    text(piece) {
      if (inText && !inReading) text += piece;
    },
    close(element) {
      if (element === 't') inText = false;
      else if (element === 'rPh') inReading = false;
      else if (element === 'si') {
        size += text.length;
        if (size > maxSharedText) throw tooLarge(name, `${maxSharedText / 1024 / 1024} MiB of text`);
        texts.push(text);
      }
    },
  });
  return texts;
}

type DateStyle = 'date' | 'time';

/** For each style of a cell whether its numbers are dates (with their time of day) or times of day alone. */
async function dateStyles(entry: Entry | null, read: EntryReader): Promise<ReadonlyMap<string, DateStyle>> {
  const styles = new Map<string, DateStyle>();
  if (entry === null) return styles;
  const codes = new Map<string, string>();
  let inCells = false;
  let style = 0;
  await walkXml(read(entry), {
    open({ name: element, attributes }) {
      if (element === 'numFmt') codes.set(attributes['numFmtId'] ?? '', attributes['formatCode'] ?? '');
      else if (element === 'cellXfs') inCells = true;
      else if (element === 'xf' && inCells) {
        const id = attributes['numFmtId'] ?? '0';
        const kind = dateStyleOf(Number(id), codes.get(id));
        if (kind !== null) styles.set(String(style), kind);
        style += 1;
      }
    },
    close(element) {
      if (element === 'cellXfs') inCells = false;
    },
  });
  return styles;
}

/** Formats 14 to 22, 27 to 36, 45 to 47 and 50 to 58 are dates and times without saying so. */
function dateStyleOf(id: number, code: string | undefined): DateStyle | null {
  if (code === undefined) {
    if ((id >= 18 && id <= 21) || (id >= 45 && id <= 47)) return 'time';
    return (id >= 14 && id <= 22) || (id >= 27 && id <= 36) || (id >= 50 && id <= 58) ? 'date' : null;
  }
  const plain = code.replaceAll(/"[^"]*"|\\.|_.|\*.|\[(?!h+\]|m+\]|s+\])[^\]]*\]/gi, '').toLowerCase();
  if (/[dy]/.test(plain) || /^[^hs]*m[^hs]*$/.test(plain)) return 'date';
  return /[hms]/.test(plain) ? 'time' : null;
}

interface SheetContext {
  readonly shared: readonly string[];
  readonly dates: ReadonlyMap<string, DateStyle>;
  readonly from1904: boolean;
}

async function* sheetText(
  chunks: AsyncGenerator<Uint8Array, void, undefined>,
  context: SheetContext,
  name: string,
): AsyncGenerator<Uint8Array, void, undefined> {
  const writer = new SheetWriter(context, name);
  const parser = xmlParser(writer);
  const decoder = new TextDecoder();
  for await (const chunk of chunks) {
    parser.write(decoder.decode(chunk, { stream: true }));
    if (writer.waiting >= textAtOnce) yield writer.take();
  }
  parser.write(decoder.decode());
  // Before the parser closes what was left open.
  if (!writer.ended) throw damaged(name, 'it ends before its rows do');
  parser.end();
  if (writer.waiting > 0) yield writer.take();
}

/** Takes the XML of a sheet and writes its rows. */
class SheetWriter implements XmlHandler {
  ended = false;
  private lines = '';
  private written = 0;
  private row = 0;
  private cells: string[] = [];
  private column = 0;
  private type = 'n';
  private style = '0';
  private value = '';
  private inValue = false;
  private inReading = false;

  constructor(
    private readonly context: SheetContext,
    private readonly name: string,
  ) {}

  take(): Uint8Array {
    const { lines } = this;
    this.lines = '';
    return Buffer.from(lines);
  }

  /** Characters of whole rows that were not taken yet. */
  get waiting(): number {
    return this.lines.length;
  }

  open({ name, attributes }: Element): void {
    switch (name) {
      case 'row': {
        const row = attributes['r'] === undefined ? this.row + 1 : Number(attributes['r']);
        if (!(Number.isInteger(row) && row > this.row && row <= maxRows)) {
          throw damaged(this.name, `row ${attributes['r']} follows row ${this.row}`);
        }
        this.row = row;
        this.cells = [];
        this.column = 0;
        break;
      }
      case 'c':
        this.column = this.columnOf(attributes['r']);
        this.type = attributes['t'] ?? 'n';
        this.style = attributes['s'] ?? '0';
        this.value = '';
        break;
      case 'v':
      case 't':
        this.inValue = true;
        break;
      case 'rPh':
        this.inReading = true;
        break;
    }
  }

  close(name: string): void {
    switch (name) {
      case 'v':
      case 't':
        this.inValue = false;
        break;
      case 'rPh':
        this.inReading = false;
        break;
      case 'c':
        this.endCell();
        break;
      case 'row':
        this.endRow();
        break;
      case 'sheetData':
        this.ended = true;
        break;
    }
  }

  text(piece: string): void {
    if (this.inValue && !this.inReading) this.value += piece;
  }

  private columnOf(reference: string | undefined): number {
    const letters = reference === undefined ? '' : (/^[A-Z]{1,3}/.exec(reference)?.[0] ?? '');
    let column = 0;
    for (const letter of letters) column = column * 26 + letter.charCodeAt(0) - 64;
    if (letters === '') column = this.column + 1;
    if (column > this.column && column <= maxColumns) return column;
    if (column > maxColumns) throw tooLarge(this.name, `more than ${maxColumns} columns`);
    throw damaged(this.name, `cell ${reference} is out of its place`);
  }

  private endCell(): void {
    if (this.value === '') return;
    const text = this.textOfCell();
    while (this.cells.length < this.column - 1) this.cells.push('');
    this.cells.push(text);
  }

  private textOfCell(): string {
    const { value, type, context } = this;
    switch (type) {
      case 's': {
        const text = context.shared[Number(value)];
        if (text === undefined) throw damaged(this.name, `row ${this.row} refers to a text that is not there`);
        return text;
      }
      case 'b':
        return isTrue(value) ? 'TRUE' : 'FALSE';
      case 'n': {
        const kind = context.dates.get(this.style);
        return kind === undefined ? numberText(value) : dateText(value, kind, context.from1904);
      }
      // Text as it stands: an own text, what a formula came to, an ISO date, an error such as #N/A.
      default:
        return value;
    }
  }

  private endRow(): void {
    if (this.cells.length === 0) return;
    // Rows that are not there are lines without anything in them.
    this.lines += '\n'.repeat(this.row - this.written - 1);
    this.lines += `${this.cells.map(csvCell).join(',')}\n`;
    this.written = this.row;
  }
}

/** A cell of delimited text. A line break inside a cell becomes a blank, so that a row stays a line. */
export function csvCell(text: string): string {
  const line = /[\r\n]/.test(text) ? text.replaceAll(/\s*[\r\n]+\s*/g, ' ') : text;
  return /[",;\t|]/.test(line) || line !== line.trim() ? `"${line.replaceAll('"', '""')}"` : line;
}

/**
 * A number cell as Excel shows it at most: 15 significant digits, which takes off what binary fractions add (`37.380000000000003`).
 * A whole number longer than that has lost its last digits in Excel and is written with an exponent, so that no id is made of it.
 */
export function numberText(value: string): string {
  const number = Number(value);
  if (value.trim() === '' || !Number.isFinite(number)) return value;
  const rounded = Number(number.toPrecision(15));
  return Math.abs(rounded) >= 1e15 ? rounded.toExponential() : String(rounded);
}

const epoch1900Us = Date.UTC(1899, 11, 30) * 1_000;
const epoch1904Us = Date.UTC(1904, 0, 1) * 1_000;

/**
 * Excel's day number as `YYYY-MM-DD HH:MM:SS[.mmm]`, to the millisecond, in the zone of whoever wrote it. Excel takes 1900 for a leap
 * year, so days before March 1900 are one off; no log is that old.
 */
export function dateText(value: string, kind: DateStyle, from1904: boolean): string {
  const days = Number(value);
  if (!Number.isFinite(days) || days < 0 || days > 2_958_466) return value;
  const us = (from1904 ? epoch1904Us : epoch1900Us) + Math.round(days * 86_400_000) * 1_000;
  const [day = '', clock = ''] = formatIsoUs(us).split(/[TZ]/);
  const time = clock.replace(/\.?0+$/, '');
  if (kind === 'time' && days < 1) return time;
  return us % DAY_US === 0 && kind === 'date' ? day : `${day} ${time}`;
}

function damaged(name: string, what: string): FailureError {
  return new FailureError(
    failure(
      'format-damaged',
      `${name} is damaged: ${what}.`,
      'Open it in Excel or LibreOffice, save it again or as CSV, and import that; nothing was stored.',
    ),
  );
}

function tooLarge(name: string, what: string): FailureError {
  return new FailureError(
    failure('limit-exceeded', `${name} holds ${what}.`, 'Save the sheet as CSV and import that.', {}),
  );
}
