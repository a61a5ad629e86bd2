import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { causeOf, causesOf, reasonLike } from '../../electron/engine/imports/causes';

/** Reasons that differ in their values alone are one cause. */

describe('a cause', () => {
  it.each([
    ['price is "abc", which is no number', 'price is "…", which is no number'],
    ['the row has 7 cells, the header 9', 'the row has # cells, the header #'],
    ['executedAt is 2031-01-05T10:00:00Z, in the future', 'executedAt is #, in the future'],
    ['fee is missing', 'fee is missing'],
  ])('of %s', (reason, cause) => {
    expect(causeOf(reason)).toBe(cause);
  });

  it('counts its rows over all its reasons, the commonest first', () => {
    expect(
      causesOf([
        { reason: 'side is "x"', rows: 3 },
        { reason: 'price is "1"', rows: 2 },
        { reason: 'price is "2"', rows: 2 },
      ]),
    ).toEqual([
      { cause: 'price is "…"', rows: 4 },
      { cause: 'side is "…"', rows: 3 },
    ]);
  });

  it('has a pattern that every one of its reasons has', () => {
    const part = fc.oneof(fc.constantFrom('price is ', '"', '%', '_', '\\', ' 12.5', '"a b"', '50 %'), fc.string());
    fc.assert(
      fc.property(fc.array(part), (parts) => {
        const reason = parts.join('');
        expect(isLike(reason, reasonLike(causeOf(reason)))).toBe(true);
      }),
    );
  });
});

/** SQL's LIKE with `\` as its escape, as SQLite does it. */
function isLike(text: string, pattern: string): boolean {
  const source = pattern.replaceAll(/\\([\s\S])|([\s\S])/g, (_, escaped: string | undefined, plain: string) => {
    if (escaped === undefined && plain === '%') return '[\\s\\S]*';
    if (escaped === undefined && plain === '_') return '[\\s\\S]';
    return (escaped ?? plain).replaceAll(/[$()*+.?[\\\]^{|}/-]/g, '\\$&');
  });
  return new RegExp(`^${source}$`).test(text);
}
