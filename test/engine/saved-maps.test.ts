import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import type { Engine } from '../../electron/engine/engine';
import { mapOfDraft } from '../../shared/contract/csv-map';
import { mapsOutputSchema } from '../../shared/contract/output';
import { lockstep } from '../support/command-line';
import { admitted, engineForTest } from '../support/engine';
import { temporaryFolder, unwrapped } from '../support/temporary-desk';

/** Maps a desk keeps: made from a file's columns, recognised by its header from then on, in the console and on the command line. */

const unknownLog = [
  'Zeit,Richtung,Markt,Kurs,Menge',
  '2026-01-05T10:00:00Z,Kauf,ETH/EUR,2000.5,0.5',
  '2026-01-05T10:05:00Z,Verkauf,ETH/EUR,2001,0.5',
].join('\n');

const map = {
  id: 'mein-bot',
  title: 'Mein Bot',
  kind: 'fills',
  header: ['Zeit', 'Richtung', 'Markt', 'Kurs', 'Menge'],
  columns: { time: 'Zeit', side: 'Richtung', symbol: 'Markt', price: 'Kurs', quantity: 'Menge' },
  sides: { buy: ['Kauf'], sell: ['Verkauf'] },
};
const mapText = JSON.stringify(map);

async function desk(): Promise<{ engine: Engine; folder: string; log: string }> {
  const folder = await temporaryFolder();
  const log = join(folder, 'log.csv');
  await writeFile(log, unknownLog);
  return { engine: engineForTest(join(folder, 'desk')), folder, log };
}

const nothingSaid = { format: null, map: null, source: null, strategy: null };

describe('a file no format knows', () => {
  it('is mapped from its columns, and its header is known from then on', async () => {
    const { engine, log } = await desk();
    const { token } = await admitted(engine, log);
    expect(await engine.ask('imports.preview', { token, ...nothingSaid })).toMatchObject({
      ok: false,
      error: { code: 'format-unknown' },
    });
    const seen = unwrapped(await engine.ask('imports.columns', { token }));
    expect(seen).toMatchObject({ delimiter: ',', headerLine: 1, header: map.header, saved: null });
    expect(seen.columns[1]?.words.map(({ text, side }) => [text, side])).toEqual([
      ['Kauf', null],
      ['Verkauf', null],
    ]);
    expect(seen.guess.draft.columns).toEqual({ time: 'Zeit', symbol: 'Markt' });

    const draft = {
      ...seen.guess.draft,
      columns: map.columns,
      words: { ...seen.guess.draft.words, side: { Kauf: 'buy' as const, Verkauf: 'sell' as const } },
    };
    const text = JSON.stringify(mapOfDraft(draft, map));
    const tried = unwrapped(await engine.ask('imports.preview', { token, ...nothingSaid, map: text }));
    expect(tried.executions.map(({ side, price }) => [side, price])).toEqual([
      ['buy', 2000.5],
      ['sell', 2001],
    ]);

    unwrapped(await engine.ask('maps.save', { text, replace: false }));
    const again = unwrapped(await engine.ask('imports.preview', { token, ...nothingSaid }));
    expect(again.recognised).toMatchObject({
      format: 'mein-bot',
      confidence: 1,
      reason: 'your map "Mein Bot", saved for this header',
    });
    expect(unwrapped(await engine.ask('imports.columns', { token })).saved?.id).toBe('mein-bot');

    unwrapped(await engine.ask('maps.remove', { id: 'mein-bot' }));
    expect(unwrapped(await engine.ask('maps.list', {})).maps).toEqual([]);
    expect((await engine.ask('imports.preview', { token, ...nothingSaid })).ok).toBe(false);
  });

  it('has its import named by the map’s title', async () => {
    const { engine, log } = await desk();
    unwrapped(await engine.ask('maps.save', { text: mapText, replace: false }));
    const { token } = await admitted(engine, log);
    const { ids } = unwrapped(
      await engine.ask('imports.start', {
        files: [{ token, source: 'live', strategy: 'alpha', version: null, account: null, format: null, map: null }],
      }),
    );
    await (await engine.desk()).imports.wait(ids[0] ?? '');
    const { imports } = unwrapped(await engine.ask('imports.list', { page: { offset: 0, limit: 10 } }));
    expect(imports[0]).toMatchObject({ format: 'mein-bot', formatTitle: 'Mein Bot', counts: { executions: 2 } });
  });
});

describe('a saved map', () => {
  it('gives way only when that is said, whether its header or its name is taken', async () => {
    const { engine } = await desk();
    const save = (changed: object, replace: boolean) =>
      engine.ask('maps.save', { text: JSON.stringify({ ...map, ...changed }), replace });
    unwrapped(await save({}, false));
    const refused = { ok: false, error: { code: 'conflict', detail: { id: 'mein-bot', replaceable: true } } };
    expect(await save({ title: 'Anders' }, false)).toMatchObject(refused);
    expect(await save({ id: 'other' }, false)).toMatchObject(refused);
    expect(await save({ header: ['x', ...map.header] }, false)).toMatchObject(refused);
    unwrapped(await save({ id: 'other' }, true));
    unwrapped(await save({ id: 'other', header: [...map.header, 'more'] }, true));
    const { maps } = unwrapped(await engine.ask('maps.list', {}));
    expect(maps.map(({ id, header }) => [id, header?.length])).toEqual([['other', 6]]);
  });

  it.each([
    ['conflict', { id: 'kraken-trades-csv' }],
    ['map-invalid', { columns: { time: 'Zeit' } }],
  ])('is refused with %s', async (code, changed) => {
    const { engine } = await desk();
    const answer = await engine.ask('maps.save', { text: JSON.stringify({ ...map, ...changed }), replace: true });
    expect(answer).toMatchObject({ ok: false, error: { code } });
  });

  it('that cannot be read any more stops nothing: it is listed with the reason and can be removed', async () => {
    const { engine, folder } = await desk();
    const { settings } = (await engine.desk()).store;
    await settings.set('map:["old"]', '{"kind":"later"}');
    const lockstepCsv = join(folder, 'fills.csv');
    await writeFile(lockstepCsv, 'symbol,side,price,quantity,executedAt\nBTC/USDT,buy,1,1,2026-01-05T10:00:00Z\n');
    const { token } = await admitted(engine, lockstepCsv);
    const preview = unwrapped(await engine.ask('imports.preview', { token, ...nothingSaid }));
    expect(preview.executions).toHaveLength(1);
    expect(preview.warnings[0]).toMatch(/^A saved map was left out\. The map cannot be used: kind/);
    const [broken] = unwrapped(await engine.ask('maps.list', {})).maps;
    expect(broken).toMatchObject({ id: '["old"]', kind: null, failure: { code: 'map-invalid' } });
    unwrapped(await engine.ask('maps.remove', { id: '["old"]' }));
    expect(unwrapped(await engine.ask('maps.list', {})).maps).toEqual([]);
  });

  it('that a certain format claims as well is asked about, and either can be named', async () => {
    const { engine, folder } = await desk();
    const header = ['symbol', 'side', 'price', 'quantity', 'executedAt'];
    const columns = { symbol: 'symbol', side: 'side', price: 'price', quantity: 'quantity', time: 'executedAt' };
    const text = JSON.stringify({ id: 'mine', title: 'Mine', kind: 'fills', header, columns });
    unwrapped(await engine.ask('maps.save', { text, replace: false }));
    const path = join(folder, 'fills.csv');
    await writeFile(path, `${header.join(',')}\nBTC/USDT,buy,1,1,2026-01-05T10:00:00Z\n`);
    const { token } = await admitted(engine, path);
    const answer = await engine.ask('imports.preview', { token, ...nothingSaid });
    expect(answer).toMatchObject({ ok: false, error: { code: 'format-ambiguous' } });
    for (const said of [{ format: 'mine' }, { map: 'mine' }, { format: 'lockstep-csv' }]) {
      const chosen = unwrapped(await engine.ask('imports.preview', { token, ...nothingSaid, ...said }));
      expect(chosen.executions).toHaveLength(1);
    }
  });
});

describe('lockstep maps', () => {
  it('takes a map in, recognises by it, lists, exports and removes it', async () => {
    const { engine, folder, log } = await desk();
    await engine.close();
    const home = join(folder, 'desk');
    const file = join(folder, 'map.json');
    await writeFile(file, mapText);
    const listed = async () =>
      mapsOutputSchema.parse(JSON.parse((await lockstep(home, ['maps', 'list', '--json'])).out));
    expect((await lockstep(home, ['maps', 'import', file])).out).toContain('mein-bot');
    expect((await listed()).maps).toMatchObject([{ id: 'mein-bot', kind: 'fills', failure: null }]);

    for (const words of [
      [],
      ['--dry-run'],
      ['--map', 'mein-bot', '--dry-run'],
      ['--format', 'mein-bot', '--dry-run'],
    ]) {
      const ran = await lockstep(home, ['import', log, '--source', 'live', '--strategy', 'alpha', ...words]);
      expect([ran.code, ran.out]).toEqual([0, expect.stringContaining('mein-bot (your map "Mein Bot"')]);
    }

    const again = await lockstep(home, ['maps', 'import', file, '--json']);
    expect([again.code, JSON.parse(again.err).error.code]).toEqual([1, 'conflict']);
    expect((await lockstep(home, ['maps', 'import', file, '--replace'])).code).toBe(0);
    const out = join(folder, 'out.json');
    expect((await lockstep(home, ['maps', 'export', 'mein-bot', out])).code).toBe(0);
    expect((await lockstep(home, ['maps', 'remove', 'mein-bot'])).code).toBe(0);
    expect((await listed()).maps).toEqual([]);
    const byFile = await lockstep(home, ['import', log, '--source', 'live', '--strategy', 'beta', '--map', out]);
    expect([byFile.code, byFile.out]).toEqual([0, expect.stringContaining('2 execution rows')]);
    expect((await lockstep(home, ['maps', 'remove', 'mein-bot'])).err).toContain('There is no saved map');
  });
});
