/// <reference path="./fonts.d.ts" />
import regularFont from 'dejavu-fonts-ttf/ttf/DejaVuSansCondensed.ttf?inline';
import boldFont from 'dejavu-fonts-ttf/ttf/DejaVuSansCondensed-Bold.ttf?inline';
import PDFDocument from 'pdfkit';
import { formatCount } from '../../../shared/base/format';
import { type Drawing, inks, visibleText } from './drawing';
import { type FigureLine, type Sheet, type SheetCauses, type SheetFacts, type SheetList, stateWords } from './sheet';

/**
 * The sheet as a PDF of one page: text that can be selected and searched, charts as vectors, one font embedded that knows Latin, Greek,
 * Cyrillic and the signs of the figures. The same sheet gives the same bytes.
 */

export type Paper = 'A4' | 'LETTER';

const margin = 30;
const gap = 12;
const decode = (dataUrl: string) => Buffer.from(dataUrl.slice(dataUrl.indexOf(',') + 1), 'base64');
/** Decoded once: a month of reports is hundreds of pages. */
let fonts: { readonly regular: Buffer; readonly bold: Buffer } | null = null;

/** @param madeAtUs instant that the file says it was made at; it is part of the bytes */
export function sheetPdf(sheet: Sheet, paper: Paper, madeAtUs: number): Promise<Uint8Array> {
  fonts ??= { regular: decode(regularFont), bold: decode(boldFont) };
  const document = new PDFDocument({
    size: paper,
    margin,
    // No default font: the standard ones know no minus sign and no Greek.
    font: '',
    lang: 'en',
    displayTitle: true,
    pdfVersion: '1.7',
    info: {
      Title: visibleText(`${sheet.status} ${sheet.name}`),
      Subject: 'Parity report',
      Creator: 'Lockstep',
      Producer: 'Lockstep',
      CreationDate: new Date(madeAtUs / 1_000),
    },
  });
  const chunks: Uint8Array[] = [];
  const ended = new Promise<Uint8Array>((resolve, reject) => {
    document.on('data', (chunk: Uint8Array) => chunks.push(chunk));
    document.on('end', () => resolve(Uint8Array.from(Buffer.concat(chunks))));
    document.on('error', reject);
  });
  document.registerFont('regular', fonts.regular).registerFont('bold', fonts.bold);
  new Page(document).draw(sheet);
  document.end();
  return ended;
}

interface TextOptions {
  readonly size: number;
  readonly bold?: boolean;
  readonly ink?: string;
  readonly width?: number;
  readonly align?: 'left' | 'right';
  /** Most lines; what is beyond ends in an ellipsis. */
  readonly lines?: number;
}

class Page {
  private readonly left = margin;
  private readonly width: number;
  private readonly bottom: number;
  private y = margin;

  constructor(private readonly document: PDFKit.PDFDocument) {
    this.width = document.page.width - 2 * margin;
    this.bottom = document.page.height - margin;
  }

  draw(sheet: Sheet): void {
    this.head(sheet);
    this.figures(sheet.figures);
    this.drawings(sheet);
    this.causes(sheet.causes);
    this.columns(sheet.facts, 3, (facts, x, width) => this.facts(facts, x, width));
    const footTop = this.foot(sheet.foot);
    if (sheet.notes.length > 0) {
      this.y = this.heading('Notes on the data', this.left, this.y, this.width);
      for (const note of sheet.notes)
        this.y += this.text(`• ${note}`, this.left, this.y, { size: 6.6, width: this.width, lines: 2 }) + 1;
      this.y += gap * 0.5;
    }
    this.columns(sheet.lists, sheet.lists.length, (list, x, width) => this.list(list, x, width, footTop - 6));
  }

  /** Draws the text and returns its height. Never starts another page. */
  private text(words: string, x: number, y: number, options: TextOptions): number {
    const { size, bold = false, ink = inks.text, width, align = 'left', lines } = options;
    const { document } = this;
    document
      .font(bold ? 'bold' : 'regular')
      .fontSize(size)
      .fillColor(ink);
    const text = this.drawable(words);
    if (width === undefined) {
      document.text(text, x, y, { lineBreak: false });
      return document.currentLineHeight(true);
    }
    const most = lines === undefined ? Number.POSITIVE_INFINITY : lines * document.currentLineHeight(true);
    const needed = document.heightOfString(text, { width, align });
    const height = Math.min(needed, most);
    document.text(text, x, y, { width, align, height: height + 0.1, ellipsis: true });
    return height;
  }

  private heightOf(words: string, size: number, width: number, bold = false): number {
    this.document.font(bold ? 'bold' : 'regular').fontSize(size);
    return this.document.heightOfString(this.drawable(words), { width });
  }

  /** What the font has no sign for is shown as unreadable, never left out. */
  private drawable(text: string): string {
    return [...visibleText(text)]
      .map((character) => (hasSign(this.document, character) ? character : '\ufffd'))
      .join('');
  }

  private rule(y: number, ink: string, width = 0.6): void {
    this.document
      .moveTo(this.left, y)
      .lineTo(this.left + this.width, y)
      .lineWidth(width)
      .strokeColor(ink)
      .undash()
      .stroke();
  }

  private heading(title: string, x: number, y: number, width: number): number {
    const height = this.text(title, x, y, { size: 7.6, bold: true, width, lines: 1 });
    const line = y + height + 1.5;
    this.document
      .moveTo(x, line)
      .lineTo(x + width, line)
      .lineWidth(0.7)
      .strokeColor(inks.text)
      .undash()
      .stroke();
    return line + 3;
  }

  private head(sheet: Sheet): void {
    const { status, subject, when, strategy, about, verdict, summary, reasons } = sheet;
    const badge = this.badge(status);
    const x = this.left + badge + gap;
    this.text(`${subject} · ${when}`, x, this.y, { size: 14, bold: true, width: this.width - badge - gap, lines: 1 });
    this.text(`${strategy} · ${about}`, x, this.y + 19, {
      size: 8,
      ink: inks.muted,
      width: this.width - badge - gap,
      lines: 1,
    });
    this.y += 38;
    this.y +=
      this.text(`${verdict}. ${summary}`, this.left, this.y, { size: 9, bold: true, width: this.width, lines: 3 }) + 2;
    for (const reason of reasons)
      this.y += this.text(`• ${reason}`, this.left, this.y, { size: 7.6, width: this.width, lines: 2 });
    this.y += 6;
  }

  /** The status as a word in a frame of its own kind, so that black and white tell it too. Returns its width. */
  private badge(status: Sheet['status']): number {
    const { document } = this;
    const height = 29;
    const looks = {
      PASS: { sign: '✓', ink: inks.gain },
      WARN: { sign: '▲', ink: inks.limit },
      FAIL: { sign: '■', ink: inks.loss },
      UNKNOWN: { sign: '?', ink: inks.muted },
    } as const;
    const { sign, ink } = looks[status];
    const words = `${sign} ${status}`;
    document.font('bold').fontSize(15);
    const width = document.widthOfString(words) + 22;
    document.lineWidth(1.6).strokeColor(ink).undash();
    if (status === 'FAIL') document.rect(this.left, this.y, width, height).fill(ink);
    else {
      if (status === 'UNKNOWN') document.dash(4, { space: 2.5 });
      document.rect(this.left + 0.8, this.y + 0.8, width - 1.6, height - 1.6).stroke();
      document.undash();
      if (status === 'WARN')
        document
          .lineWidth(0.7)
          .rect(this.left + 3, this.y + 3, width - 6, height - 6)
          .stroke();
    }
    this.text(words, this.left + 11, this.y + 5.5, { size: 15, bold: true, ink: status === 'FAIL' ? '#ffffff' : ink });
    return width;
  }

  private figures(lines: readonly FigureLine[]): void {
    const shares = [0.155, 0.125, 0.13, 0.095, 0.085, 0.41];
    const starts = shares.map(
      (_, index) => this.left + this.width * shares.slice(0, index).reduce((sum, share) => sum + share, 0),
    );
    const row = (
      cells: readonly string[],
      size: number,
      looks: readonly (Partial<TextOptions> | undefined)[],
    ): void => {
      const heights = cells.map((cell, index) =>
        this.text(cell, starts[index]!, this.y + 1.6, {
          size,
          width: this.width * shares[index]! - 5,
          lines: index === 5 ? 2 : 1,
          ...looks[index],
        }),
      );
      this.y += Math.max(...heights) + 3;
      this.rule(this.y, inks.rule, 0.5);
    };
    const muted = { ink: inks.muted };
    row(['Figure', 'Value', '95 % interval', 'Warn / limit', 'State', 'Detail'], 6.8, [
      muted,
      muted,
      muted,
      muted,
      muted,
      muted,
    ]);
    for (const { name, value, interval, limits, state, detail } of lines) {
      const loud = state === 'limit' || state === 'critical' ? inks.loss : state === 'warn' ? inks.limit : null;
      row([name, value, interval, limits, state === null ? '—' : stateWords[state], detail], 7.4, [
        { bold: true },
        { bold: true },
        undefined,
        undefined,
        loud === null ? undefined : { bold: true, ink: loud },
        { size: 6.8 },
      ]);
    }
    this.y += gap;
  }

  private causes({ title, rows, rest }: SheetCauses): void {
    this.y = this.heading(title, this.left, this.y, this.width);
    const shares = [0.235, 0.14, 0.075, 0.55];
    const starts = shares.map(
      (_, index) => this.left + this.width * shares.slice(0, index).reduce((sum, share) => sum + share, 0),
    );
    for (const { cause, money, share, detail } of rows) {
      const cell = (index: number, words: string, options: Partial<TextOptions>) =>
        this.text(words, starts[index]!, this.y, {
          size: 7,
          width: this.width * shares[index]! - 8,
          lines: index === 3 ? 2 : 1,
          ...options,
        });
      const heights = [
        cell(0, cause, { bold: true }),
        cell(1, money, { align: 'right' }),
        cell(2, share, { align: 'right' }),
        cell(3, detail, { size: 6.6 }),
      ];
      this.y += Math.max(...heights) + 1.6;
    }
    if (rest !== '') this.y += this.text(rest, this.left, this.y, { size: 6.8, ink: inks.muted, width: this.width });
    this.y += gap * 0.8;
  }

  private drawings({ drawings, noDrawings }: Sheet): void {
    if (drawings.length === 0) {
      this.y += this.text(noDrawings, this.left, this.y, { size: 8, ink: inks.muted, width: this.width }) + gap;
      return;
    }
    this.columns(drawings, 2, (drawing, x, width) => {
      const top = this.heading(drawing.title, x, this.y, width);
      return top + this.drawing(drawing, x, top, width) - this.y;
    });
  }

  private drawing({ shapes, width, height }: Drawing, x: number, y: number, across: number): number {
    const { document } = this;
    const scale = across / width;
    document.save().translate(x, y).scale(scale);
    for (const shape of shapes) {
      const colour = inks[shape.ink];
      switch (shape.kind) {
        case 'line': {
          document.lineWidth(shape.width).strokeColor(colour);
          if (shape.dash) document.dash(shape.dash[0], { space: shape.dash[1] });
          else document.undash();
          for (const [index, [px, py]] of shape.points.entries()) {
            if (index === 0) document.moveTo(px, py);
            else document.lineTo(px, py);
          }
          document.stroke();
          break;
        }
        case 'bar':
          document.undash();
          if (shape.hollow) {
            document.rect(
              shape.x + 0.4,
              shape.y + 0.4,
              Math.max(0, shape.width - 0.8),
              Math.max(0, shape.height - 0.8),
            );
            document.lineWidth(0.8).fillAndStroke('#ffffff', colour);
          } else document.rect(shape.x, shape.y, shape.width, shape.height).fill(colour);
          break;
        case 'text': {
          const { size, bold = false, anchor, text } = shape;
          document.font(bold ? 'bold' : 'regular').fontSize(size);
          const wide = document.widthOfString(this.drawable(text));
          const start = anchor === 'start' ? shape.x : anchor === 'end' ? shape.x - wide : shape.x - wide / 2;
          // `text` places the top of a line, the shape names its baseline.
          this.text(text, start, shape.y - size * 0.93, { size, bold, ink: colour });
          break;
        }
      }
    }
    document.restore().undash();
    return height * scale;
  }

  /** Draws the parts beside each other and goes on below the tallest; `part` returns the height it took. */
  private columns<Part>(
    parts: readonly Part[],
    count: number,
    part: (one: Part, x: number, width: number) => number,
  ): void {
    const width = (this.width - gap * (count - 1)) / count;
    const heights = parts.map((one, index) => part(one, this.left + index * (width + gap), width));
    this.y += Math.max(0, ...heights) + gap * 0.8;
  }

  private facts({ title, facts }: SheetFacts, x: number, width: number): number {
    let y = this.heading(title, x, this.y, width);
    for (const [name, value] of facts) {
      const wide = this.text(name, x, y, { size: 7, ink: inks.muted, width: width * 0.52, lines: 1 });
      const high = this.text(value, x + width * 0.42, y, { size: 7, width: width * 0.58, align: 'right', lines: 2 });
      y += Math.max(wide, high) + 1.4;
    }
    return y - this.y;
  }

  /** As many items as there is room for above `bottom`; the rest is counted. */
  private list({ title, items, empty, more }: SheetList, x: number, width: number, bottom: number): number {
    const size = 7.1;
    let y = this.heading(title, x, this.y, width);
    if (items.length === 0) return y + this.text(empty, x, y, { size, ink: inks.muted, width }) - this.y;
    const lineHeight = this.heightOf('X', size, width);
    let shown = 0;
    for (const { lead, text } of items) {
      const needed = this.heightOf(lead, size, width, true) + this.heightOf(text, size, width) + 2.5;
      const last = shown === items.length - 1 && more === 0;
      if (y + needed + (last ? 0 : lineHeight) > bottom) break;
      y += this.text(lead, x, y, { size, bold: true, width });
      y += this.text(text, x, y, { size, width }) + 2.5;
      shown += 1;
    }
    const rest = items.length - shown + more;
    if (rest > 0)
      y += this.text(`and ${formatCount(rest)} more in the JSON report`, x, y, { size, ink: inks.muted, width });
    return y - this.y;
  }

  /** Stands at the page's end; returns where it begins. */
  private foot(lines: readonly string[]): number {
    const size = 6.2;
    const heights = lines.map((line) => this.heightOf(line, size, this.width));
    const top = this.bottom - heights.reduce((sum, height) => sum + height, 0) - 4;
    this.rule(top, inks.rule);
    let y = top + 3;
    for (const line of lines) y += this.text(line, this.left, y, { size, ink: inks.muted, width: this.width });
    return top;
  }
}

/** pdfkit's typings keep its current font to themselves; fontkit, which it wraps, knows what the font can draw. */
function hasSign(document: PDFKit.PDFDocument, character: string): boolean {
  const { _font } = document as unknown as {
    readonly _font: { readonly font: { hasGlyphForCodePoint(codePoint: number): boolean } };
  };
  return _font.font.hasGlyphForCodePoint(character.codePointAt(0) ?? 0);
}
