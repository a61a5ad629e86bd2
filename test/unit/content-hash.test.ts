import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { ContentHash } from '../../shared/base/hash';

function hashOf(...parts: readonly (string | number | null)[]): string {
  const hash = new ContentHash();
  for (const part of parts) typeof part === 'number' ? hash.addNumber(part) : hash.addText(part);
  hash.finish();
  return `${hash.high.toString(16).padStart(8, '0')}${hash.low.toString(16).padStart(8, '0')}`;
}

describe('content hash', () => {
  test('is what it was when desks were first written', () => {
    expect([
      hashOf(),
      hashOf(''),
      hashOf(null),
      hashOf('BTC/USDT', 0.5),
      hashOf('é\ud83d\ude00'),
    ]).toMatchInlineSnapshot(`
      [
        "0000000000000000",
        "cb929102b02d51af",
        "2f24b0a09fcba15b",
        "7cabe7d272a8b467",
        "279c5722c5992955",
      ]
    `);
  });

  test('cuts between texts count, and so does null', () => {
    const different = [hashOf('ab', 'c'), hashOf('a', 'bc'), hashOf('abc'), hashOf('abc', ''), hashOf('abc', null)];
    expect(new Set(different).size).toBe(different.length);
  });

  test('-0 is 0 and null is no number', () => {
    expect(hashOf(-0)).toBe(hashOf(0));
    const hash = new ContentHash().addNumber(null).finish();
    expect(`${hash.high}${hash.low}`).not.toBe(hashOf(0));
  });

  test('bytes count by content, length and place, wherever they lie', () => {
    const bytes = Buffer.from('xxabcdefgxx');
    const of = (start: number, end: number) => {
      const hash = new ContentHash().addBytes(bytes, start, end).finish();
      return `${hash.high} ${hash.low}`;
    };
    expect(new Set([of(2, 2), of(2, 3), of(2, 4), of(2, 5), of(2, 6), of(2, 7), of(3, 7), of(2, 9)]).size).toBe(8);
    expect(of(2, 8)).toBe(`${Object.values(halves('abcdef')).join(' ')}`);
    expect(of(2, 9)).toMatchInlineSnapshot(`"2158398856 2797146076"`);
  });

  function halves(text: string): { high: number; low: number } {
    const { high, low } = new ContentHash().addBytes(Buffer.from(text), 0, text.length).finish();
    return { high, low };
  }

  test('begins from the state of another', () => {
    const begun = new ContentHash().addText('live').state();
    const hash = new ContentHash().reset(begun).addNumber(3).finish();
    expect(`${hash.high.toString(16).padStart(8, '0')}${hash.low.toString(16).padStart(8, '0')}`).toBe(
      hashOf('live', 3),
    );
  });

  test('two hundred thousand near contents have two hundred thousand hashes', () => {
    const seen = new Set<string>();
    for (let index = 0; index < 200_000; index++)
      seen.add(hashOf(`T${index}`, 1_767_225_600_000_000 + index, index / 8));
    expect(seen.size).toBe(200_000);
  });

  test('any one changed bit of a number or letter of a text changes the hash', () => {
    fc.assert(
      fc.property(fc.string({ minLength: 1 }), fc.double({ noNaN: true, min: 0 }), fc.nat(63), (text, value, bit) => {
        const bits = new BigUint64Array([0n]);
        const number = new Float64Array(bits.buffer);
        number[0] = value;
        bits[0]! ^= 1n << BigInt(bit);
        if (!Number.isNaN(number[0]) && number[0] !== value)
          expect(hashOf(text, number[0]!)).not.toBe(hashOf(text, value));
        expect(hashOf(`${text.slice(0, -1)}\u0001`, value) === hashOf(text, value)).toBe(text.endsWith('\u0001'));
      }),
    );
  });
});
