import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { beginningOf, parseKeepingDigits } from '../../electron/engine/imports/json-text';

describe('JSON with its digits', () => {
  it.each([
    ['{"id":1234567890123456789}', { id: '1234567890123456789' }],
    ['[ -1234567890123456789, 9007199254740991 ]', ['-1234567890123456789', 9007199254740991]],
    [
      '{"id":9007199254740993,"text":"a 1234567890123456789, \\"9007199254740993"}',
      { id: '9007199254740993', text: 'a 1234567890123456789, "9007199254740993' },
    ],
    [
      '[0.12345678901234567890, 1234567890123456789.5, 1234567890123456789e2]',
      [0.12345678901234568, 1234567890123456800, 123456789012345680000],
    ],
  ])('%s', (text, value) => {
    expect(parseKeepingDigits(text)).toEqual(value);
  });

  it('is JSON.parse wherever nothing would be lost', () => {
    fc.assert(
      fc.property(fc.json(), (text) => {
        fc.pre(!/\d{16}/.test(text));
        expect(parseKeepingDigits(text)).toEqual(JSON.parse(text));
      }),
    );
  });

  it('keeps every whole number', () => {
    fc.assert(
      fc.property(fc.bigInt(), (id) => {
        const parsed = parseKeepingDigits(`{"a":"x","id": ${id}}`);
        expect(parsed).toEqual({ a: 'x', id: Number.isSafeInteger(Number(id)) ? Number(id) : String(id) });
      }),
    );
  });
});

describe('the beginning of JSON', () => {
  it.each([
    ['{"a":[{"b":1,"c":"x,}"},{"b":2,"c', { a: [{ b: 1, c: 'x,}' }, { b: 2 }] }],
    ['{"a":1}\n{"a":2}', { a: 1 }],
    ['[1,2,3', [1, 2]],
    ['{"a"', undefined],
    ['nothing', undefined],
    ['['.repeat(100), undefined],
  ])('%s', (text, value) => {
    expect(beginningOf(text)).toEqual(value);
  });

  it('of a whole document is the document, and cut anywhere it is no error', () => {
    fc.assert(
      fc.property(
        fc.array(fc.dictionary(fc.string(), fc.jsonValue({ maxDepth: 2 })), { minLength: 1 }),
        fc.nat(),
        (value, cut) => {
          const text = JSON.stringify(value);
          expect(beginningOf(text)).toEqual(JSON.parse(text));
          expect(() => beginningOf(text.slice(0, cut % text.length))).not.toThrow();
        },
      ),
    );
  });
});
