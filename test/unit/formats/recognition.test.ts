/** Recognition across all formats: every header a format gives as its example is that format's and no other's. */
import { describe, expect, it } from 'vitest';
import { formats } from '../../../electron/engine/imports/formats/index';
import { recognisedAs } from '../../support/formats';

const headers = formats.flatMap(({ id, exampleHeader }) =>
  exampleHeader === null ? [] : [[id, exampleHeader] as const],
);

describe('recognition', () => {
  it('knows each format by one id', () => {
    expect(new Set(formats.map(({ id }) => id)).size).toBe(formats.length);
  });

  it.each(headers)('%s is recognised by its example header, as nothing else', async (id, header) => {
    expect(await recognisedAs(`${header}\n`)).toEqual([id]);
  });
});
