/**
 * Charts of a printed report as plain shapes, in points from the upper left corner: drawn once, written as SVG into the web page and as
 * vectors into the PDF. Every ink keeps its meaning in black and white: what live lost is solid, what it gained is hollow.
 */

export type Ink = 'text' | 'muted' | 'rule' | 'loss' | 'gain' | 'limit';

export const inks: Readonly<Record<Ink, string>> = {
  text: '#111418',
  muted: '#525a66',
  rule: '#c4c9d1',
  loss: '#a8322a',
  gain: '#0e6e7c',
  limit: '#7a4b00',
};

export type Shape =
  | {
      readonly kind: 'line';
      readonly points: readonly (readonly [x: number, y: number])[];
      readonly ink: Ink;
      readonly width: number;
      readonly dash?: readonly [on: number, off: number];
    }
  | {
      readonly kind: 'bar';
      readonly x: number;
      readonly y: number;
      readonly width: number;
      readonly height: number;
      readonly ink: Ink;
      /** Outlined instead of filled. */
      readonly hollow?: boolean;
    }
  | {
      readonly kind: 'text';
      readonly x: number;
      /** Of the baseline. */
      readonly y: number;
      readonly text: string;
      readonly size: number;
      readonly anchor: 'start' | 'middle' | 'end';
      readonly ink: Ink;
      readonly bold?: boolean;
    };

export interface Drawing {
  readonly title: string;
  /** What it shows, in words, for who cannot see it. */
  readonly description: string;
  readonly width: number;
  readonly height: number;
  readonly shapes: readonly Shape[];
}

/** Control characters are no characters of a page, and marks that turn the reading direction could rewrite what stands beside them. */
export function visibleText(text: string): string {
  return text.replaceAll(/[\p{Cc}\p{Cs}\u200e\u200f\u202a-\u202e\u2066-\u2069]/gu, '\ufffd');
}

const entities: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
};

export function escapeMarkup(text: string): string {
  return visibleText(text).replaceAll(/[&<>"']/g, (character) => entities[character] ?? character);
}

export function svgOf({ title, description, width, height, shapes }: Drawing): string {
  const name = escapeMarkup(`${title}. ${description}`);
  return `<svg viewBox="0 0 ${width} ${height}" role="img" aria-label="${name}" xmlns="http://www.w3.org/2000/svg">${shapes.map(svgShape).join('')}</svg>`;
}

function svgShape(shape: Shape): string {
  const colour = inks[shape.ink];
  switch (shape.kind) {
    case 'line': {
      const points = shape.points.map(([x, y]) => `${short(x)},${short(y)}`).join(' ');
      const dash = shape.dash ? ` stroke-dasharray="${shape.dash.join(' ')}"` : '';
      return `<polyline points="${points}" fill="none" stroke="${colour}" stroke-width="${shape.width}"${dash}/>`;
    }
    case 'bar': {
      const inset = shape.hollow ? 0.4 : 0;
      const place = `x="${short(shape.x + inset)}" y="${short(shape.y + inset)}" width="${short(Math.max(0, shape.width - 2 * inset))}" height="${short(Math.max(0, shape.height - 2 * inset))}"`;
      return shape.hollow
        ? `<rect ${place} fill="#ffffff" stroke="${colour}" stroke-width="0.8"/>`
        : `<rect ${place} fill="${colour}"/>`;
    }
    case 'text': {
      const weight = shape.bold ? ' font-weight="700"' : '';
      return `<text x="${short(shape.x)}" y="${short(shape.y)}" font-size="${shape.size}" text-anchor="${shape.anchor}"${weight} fill="${colour}">${escapeMarkup(shape.text)}</text>`;
    }
  }
}

function short(value: number): number {
  return Math.round(value * 100) / 100;
}
