import { describe, expect, test } from 'vitest';
import type { ImportJob } from '../../electron/engine/imports/import-service';
import { contentOf, type ImportDesk, importDesk } from '../support/import-desk';
import { unwrapped } from '../support/temporary-desk';

/** One file imported twice with other words: both stay as they are, and it is said. */

const header = 'side,price,quantity,executedAt,tradeId';
const rows = [
  'buy,2000,1,2026-01-05T10:00:00Z,T1',
  'sell,2010,1,2026-01-05T11:00:00Z,T2',
  'buy,1990,2,2026-01-06T10:00:00Z,T3',
];
const csv = (told: readonly string[], symbol: string) =>
  [`symbol,${header}`, ...told.map((row) => `${symbol},${row}`), ''].join('\n');

async function imported(desk: ImportDesk, content: string, overrides: Partial<ImportJob> = {}) {
  const outcome = unwrapped(await desk.import(await desk.file('a.csv', content, overrides)));
  const elsewhere = await desk.store.imports.toldElsewhere(outcome.importId ?? '');
  return { ...outcome, elsewhere, said: outcome.warnings.filter((text) => text.includes('imported twice')) };
}

describe('trades stored under other words as well', () => {
  test('under another strategy', async () => {
    const desk = await importDesk();
    expect((await imported(desk, csv(rows, 'ETH/EUR'))).said).toEqual([]);
    const again = await imported(desk, csv(rows, 'ETH/EUR'), { strategy: 'beta' });
    expect(again.elsewhere).toEqual([{ strategy: 'alpha', symbol: 'ETH/EUR', trades: 3 }]);
    expect(again.said).toEqual([
      expect.stringMatching(/^3 trades of it are stored under strategy alpha, symbol ETH\/EUR as well/),
    ]);
    expect(again.counts).toMatchObject({ executions: 3, duplicates: 0 });
    const [first] = (await desk.store.imports.list({ offset: 1, limit: 1 })).rows;
    expect(await desk.store.imports.toldElsewhere(first!.id)).toEqual([
      { strategy: 'beta', symbol: 'ETH/EUR', trades: 3 },
    ]);
    expect(JSON.stringify(await contentOf(desk.store)).match(/T3/g)).toHaveLength(2);
  });

  test('under another symbol', async () => {
    const desk = await importDesk();
    await imported(desk, csv(rows, 'ETH/EUR'));
    expect((await imported(desk, csv(rows.slice(0, 2), 'ETHE/UR'))).elsewhere).toEqual([
      { strategy: 'alpha', symbol: 'ETH/EUR', trades: 2 },
    ]);
  });

  test.each([
    ['other ids', rows.map((row) => row.replace(',T', ',U')), 'live' as const],
    ['the same ids of other trades', rows.map((row) => row.replace('20', '30')), 'live' as const],
    ['no ids', rows.map((row) => row.replace(/T\d$/, '')), 'live' as const],
    ['the other source', rows, 'backtest' as const],
  ])('%s is nothing to be said', async (_, told, source) => {
    const desk = await importDesk();
    await imported(desk, csv(rows, 'ETH/EUR'));
    const other = await imported(desk, csv(told, 'BTC/EUR'), { source, strategy: 'beta' });
    expect([other.elsewhere, other.said]).toEqual([[], []]);
  });
});
