import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { MarkupScanner, type PlacedPiece } from '../../electron/engine/imports/markup-reader';

function scanned(
  dialect: 'xml' | 'html',
  pieces: readonly string[],
): { pieces: readonly PlacedPiece[]; truncated: boolean } {
  const scanner = new MarkupScanner(dialect);
  const found = pieces.flatMap((text) => scanner.write(text));
  return { pieces: [...found, ...scanner.end()], truncated: scanner.truncated };
}

const xml = '<?xml version="1.0"?>\n<A>\n  <B c="1&amp;2" d=\'3\'/>\n\n<E f="4">text</E></A>\n';
const html =
  '<html><head><title>A &amp;\n B</title></head><body>\n<table>\n<tr><td colspan=2>x<b>y</b> z<td title="[sl]">1\u00a0000<tr><td class="a hidden">h</td></tr>\n</table></body></html>';

describe('markup', () => {
  it('gives each element of XML with its attributes, its line and its text as written', () => {
    expect(scanned('xml', [xml]).pieces).toEqual([
      { piece: { kind: 'element', name: 'A', attributes: {} }, line: 2, text: '<A>' },
      {
        piece: { kind: 'element', name: 'B', attributes: { c: '1&2', d: '3' } },
        line: 3,
        text: '<B c="1&amp;2" d=\'3\'/>',
      },
      { piece: { kind: 'element', name: 'E', attributes: { f: '4' } }, line: 5, text: '<E f="4">' },
    ]);
  });

  it('gives each row of a table in HTML, and the title; rows and cells may be left open', () => {
    const plain = { span: 1, title: '', hidden: false };
    expect(scanned('html', [html]).pieces).toEqual([
      { piece: { kind: 'title', text: 'A & B' }, line: 1, text: expect.stringMatching(/^<title>.*<\/title>$/s) },
      {
        piece: {
          kind: 'tableRow',
          cells: [
            { ...plain, text: 'xy z', span: 2 },
            { ...plain, text: '1 000', title: '[sl]' },
          ],
        },
        line: 4,
        text: expect.stringMatching(/^<tr>/),
      },
      {
        piece: { kind: 'tableRow', cells: [{ ...plain, text: 'h', hidden: true }] },
        line: 4,
        text: '<tr><td class="a hidden">h</td></tr>',
      },
    ]);
  });

  it.each([
    ['xml', xml],
    ['html', html],
  ] as const)('gives the same however %s is cut', (dialect, text) => {
    const whole = scanned(dialect, [text]);
    fc.assert(
      fc.property(fc.array(fc.nat(text.length), { maxLength: 8 }), (cuts) => {
        const ends = [...cuts, text.length].sort((one, other) => one - other);
        let from = 0;
        const pieces = ends.map((end) => {
          const piece = text.slice(from, end);
          from = end;
          return piece;
        });
        expect(scanned(dialect, pieces)).toEqual(whole);
      }),
    );
  });

  it('knows a document that ends inside an element', () => {
    expect(scanned('xml', [xml]).truncated).toBe(false);
    expect(scanned('html', [html]).truncated).toBe(false);
    expect(scanned('xml', [xml.slice(0, -6)]).truncated).toBe(true);
    expect(scanned('html', [html.slice(0, html.indexOf('</table>'))]).truncated).toBe(true);
  });
});
