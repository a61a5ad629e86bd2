/**
 * Walks XML and HTML in a stream. The tokenizer knows no document types: entities a document declares stay text, nothing it refers to is
 * loaded, so that neither its size nor its files can be grown or reached by what it says.
 */
import { Parser } from 'htmlparser2';
import { FailureError, failure } from '../../../shared/base/errors';
import type { Format, MarkupCell, MarkupPiece, ReadContext, RowOutcome, RowSink } from './format';
import { HeldRows } from './held-rows';
import type { Settle } from './row-reader';
import type { TextSource } from './text-source';

/** Text without a tag, and rows, that are longer belong to no report. */
const maxPieceLength = 1024 * 1024;
/** Elements inside each other. No report comes near; it bounds what a hostile file can make us remember. */
const maxDepth = 200;

/** A piece with where it stands. */
export interface PlacedPiece {
  readonly piece: MarkupPiece;
  readonly line: number;
  readonly text: string;
}

/** Cuts markup into pieces as it comes; {@link write} and {@link end} give those that are complete. */
export class MarkupScanner {
  private readonly parser: Parser;
  private pieces: PlacedPiece[] = [];
  /** What was written and may still be needed, and where it begins in the whole. */
  private kept = '';
  private keptFrom = 0;
  /** The line of `countedTo`, from 1. */
  private line = 1;
  private countedTo = 0;
  private row: { readonly start: number; readonly line: number; readonly cells: OpenCell[] } | null = null;
  private title: { readonly start: number; readonly line: number; text: string } | null = null;
  /** Where the tag begins whose name is known and whose end is not. */
  private tagStart: number | null = null;
  private depth = 0;
  private ending = false;
  /** Whether the document ends inside one of its elements. */
  truncated = false;

  constructor(private readonly dialect: 'xml' | 'html') {
    this.parser = new Parser(
      {
        onopentagname: () => {
          this.tagStart = this.parser.startIndex;
        },
        onopentag: (name, attributes) => {
          this.tagStart = null;
          this.opened(name, attributes);
        },
        onclosetag: (name) => this.closed(name),
        ontext: (text) => this.takeText(text),
      },
      { xmlMode: dialect === 'xml' },
    );
  }

  write(text: string): readonly PlacedPiece[] {
    this.kept += text;
    this.parser.write(text);
    const needed = this.row?.start ?? this.title?.start ?? this.tagStart ?? this.parser.endIndex;
    if (this.keptFrom + this.kept.length - needed > maxPieceLength) {
      throw new FailureError(
        failure(
          'format-damaged',
          `A piece of the file that begins on line ${this.lineAt(Math.max(needed, this.keptFrom))} is longer than ${maxPieceLength} characters.`,
          'Export the report again; what is that long belongs to no report.',
        ),
      );
    }
    this.lineAt(Math.max(needed, this.keptFrom));
    this.kept = this.kept.slice(Math.max(0, this.countedTo - this.keptFrom));
    this.keptFrom = Math.max(this.keptFrom, this.countedTo);
    return this.taken();
  }

  end(): readonly PlacedPiece[] {
    this.ending = true;
    this.parser.end();
    return this.taken();
  }

  /** The line on which the document stands now. */
  get lastLine(): number {
    return this.lineAt(this.keptFrom + this.kept.length);
  }

  private taken(): readonly PlacedPiece[] {
    const { pieces } = this;
    this.pieces = [];
    return pieces;
  }

  private lineAt(index: number): number {
    for (; this.countedTo < index; this.countedTo++) {
      if (this.kept.charCodeAt(this.countedTo - this.keptFrom) === 10) this.line++;
    }
    return this.line;
  }

  private textBetween(start: number, end: number): string {
    return this.kept.slice(Math.max(0, start - this.keptFrom), Math.max(0, end - this.keptFrom));
  }

  private opened(name: string, attributes: Readonly<Record<string, string>>): void {
    if (++this.depth > maxDepth) {
      throw new FailureError(
        failure(
          'format-damaged',
          `More than ${maxDepth} elements stand inside each other on line ${this.lineAt(this.parser.startIndex)}.`,
          'Export the report again; no report is nested like that.',
        ),
      );
    }
    const start = this.parser.startIndex;
    if (this.dialect === 'xml') {
      const text = this.textBetween(start, this.parser.endIndex + 1);
      this.pieces.push({ piece: { kind: 'element', name, attributes }, line: this.lineAt(start), text });
      return;
    }
    if (name === 'title') this.title = { start, line: this.lineAt(start), text: '' };
    if (name === 'tr') {
      this.finishRow(start);
      this.row = { start, line: this.lineAt(start), cells: [] };
    }
    if ((name === 'td' || name === 'th') && this.row !== null) {
      this.row.cells.push({
        texts: [],
        span: Math.min(1_000, Math.max(1, Number.parseInt(attributes['colspan'] ?? '1', 10) || 1)),
        title: attributes['title'] ?? '',
        hidden: /\bhidden\b/.test(attributes['class'] ?? ''),
      });
    }
  }

  private closed(name: string): void {
    this.depth--;
    if (this.ending) {
      // Only what was still open is closed by the end itself.
      if (this.dialect === 'xml' || name === 'table') this.truncated = true;
      if (name === 'tr') this.row = null;
      return;
    }
    if (this.dialect === 'xml') return;
    const end = this.parser.endIndex + 1;
    if (name === 'tr' || name === 'table') this.finishRow(end);
    if (name === 'title' && this.title !== null) {
      const { start, line, text } = this.title;
      this.pieces.push({ piece: { kind: 'title', text: tidy(text) }, line, text: this.textBetween(start, end) });
      this.title = null;
    }
  }

  private finishRow(end: number): void {
    if (this.row === null) return;
    const { start, line, cells } = this.row;
    this.row = null;
    if (cells.length === 0) return;
    const tidied = cells.map(({ texts, ...cell }): MarkupCell => ({ ...cell, text: tidy(texts.join('')) }));
    this.pieces.push({ piece: { kind: 'tableRow', cells: tidied }, line, text: this.textBetween(start, end) });
  }

  private takeText(text: string): void {
    if (this.title !== null) this.title.text += text;
    else this.row?.cells.at(-1)?.texts.push(text);
  }
}

interface OpenCell extends Omit<MarkupCell, 'text'> {
  readonly texts: string[];
}

function tidy(text: string): string {
  return text.replace(/\s+/g, ' ').trim();
}

/** Walks a document; pieces that are no rows are not counted. */
export async function readMarkup(
  source: TextSource,
  format: Format,
  context: ReadContext,
  sink: RowSink,
  settle: Settle,
): Promise<void> {
  if (format.reader.shape !== 'markup') throw new Error(`${format.id} does not read XML or HTML`);
  const read = format.reader.open(context);
  const held = new HeldRows(sink);
  const scanner = new MarkupScanner(format.reader.dialect);
  const take = (pieces: readonly PlacedPiece[]): void => {
    for (const { piece, line, text } of pieces) {
      const outcome = read(piece, line);
      if (outcome === null) continue;
      if (outcome.kind === 'held') held.hold(outcome.group, line, text);
      else sink(line, outcome, () => text);
    }
  };
  const decoder = new TextDecoder();
  for await (const chunk of source.chunks) {
    take(scanner.write(decoder.decode(chunk, { stream: true })));
    if (!(await settle(0))) return;
  }
  take(scanner.write(decoder.decode()));
  take(scanner.end());
  if (scanner.truncated) sink(scanner.lastLine, truncated, () => '');
  held.settleAll();
}

const truncated: RowOutcome = {
  kind: 'quarantine',
  reason: 'truncated: the document ends inside an element that is never closed, so that rows are missing',
};
