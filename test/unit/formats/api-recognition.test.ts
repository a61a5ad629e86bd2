import { describe, expect, it } from 'vitest';
import type { Format } from '../../../electron/engine/imports/format';
import { apiMessages } from '../../../electron/engine/imports/formats/api-examples';
import { formatById, formats } from '../../../electron/engine/imports/formats/index';
import { readAs as readWith, recognisedAs } from '../../support/formats';

/** Some records do not name their instrument, which the user does. */
const readAs = (format: Format, text: string) => readWith(format, text, { symbol: 'ETH/USD' });

describe('API records', () => {
  it('has an example of every format', () => {
    const ids = formats.filter(({ reader }) => reader.shape === 'jsonRecords').map(({ id }) => id);
    expect(Object.keys(apiMessages).sort()).toEqual(ids.sort());
  });

  describe.each(Object.entries(apiMessages))('%s', (id, message) => {
    const line = JSON.stringify(message);
    it.each([
      ['one line', line, 1],
      ['a document', JSON.stringify(message, null, 2), 1],
      ['a list of messages', JSON.stringify([message, message], null, 1), 2],
      ['JSON Lines', `${line}\n${line}\n`, 2],
      ['a document longer than the sample', JSON.stringify(Array(600).fill(message), null, 1), 600],
      ['lines longer than the sample', `${JSON.stringify(Array(600).fill(message))}\n${line}\n`, 601],
    ])('is recognised as itself alone and read: %s', async (_, text, messages) => {
      expect(await recognisedAs(text)).toEqual([id]);
      const { outcomes, quarantined } = await readAs(formatById(id)!, text);
      const once = await readAs(formatById(id)!, line);
      expect(quarantined).toEqual([]);
      expect(once.executions.length + once.orderEvents.length).toBeGreaterThan(0);
      expect(outcomes).toHaveLength(messages * once.outcomes.length);
    });

    it('what is no record of it costs a row, not the file', async () => {
      const { outcomes } = await readAs(formatById(id)!, `${line}\n[]\n{"event":"subscribe"}\n["x"]\n[[7]]\n{\n`);
      const kinds = outcomes.slice(-5).map(({ kind }) => kind);
      expect(kinds[0]).toBe('other');
      expect(['other', 'quarantine']).toContain(kinds[1]);
      expect(kinds.slice(2)).toEqual(['quarantine', 'quarantine', 'quarantine']);
    });
  });

  it('a message nested without end is one row', async () => {
    const deep = `${'['.repeat(50_000)}${']'.repeat(50_000)}`;
    const { quarantined } = await readAs(
      formatById('okx-v5-fills')!,
      `${JSON.stringify(apiMessages['okx-v5-fills'])}\n${deep}\n`,
    );
    expect(quarantined).toEqual([expect.stringMatching(/which is no JSON object/)]);
  });
});
