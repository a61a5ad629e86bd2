import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import {
  quarantineChangeOutputSchema,
  quarantineOutputSchema,
  quarantineRetryOutputSchema,
} from '../../shared/contract/output';
import { textAt } from '../../shared/market/text-column';
import { lockstep } from '../support/command-line';
import { csvHeader, csvOf, csvRow, type ImportDesk, importDesk } from '../support/import-desk';
import { dayOf } from '../support/stored-executions';
import { failureOf, temporaryFolder, unwrapped } from '../support/temporary-desk';
import { zipOf } from '../support/zip';

const day = dayOf('2026-01-05');
const everything = { offset: 0, limit: 1_000 };
const open = (desk: ImportDesk) => desk.store.executions.quarantinedRows({ strategy: 'alpha', symbol: null, day });
const rowsOf = async (desk: ImportDesk) => (await desk.store.imports.quarantined(null, everything)).rows;

/** Rows read = executions + order events + other rows + duplicates + quarantined, of every import; and what counts is there. */
async function expectConserved(desk: ImportDesk): Promise<void> {
  for (const { id, counts } of (await desk.store.imports.list(everything)).rows) {
    const { rowsRead, executions, orderEvents, otherRows, duplicates, quarantined } = counts;
    expect(rowsRead).toBe(executions + orderEvents + otherRows + duplicates + quarantined);
    expect(
      (await desk.store.imports.quarantined(id, everything)).rows.filter((row) => row.state !== 'fixed'),
    ).toHaveLength(quarantined);
  }
}

async function imported(desk: ImportDesk, name: string, content: string | Uint8Array): Promise<string> {
  return unwrapped(await desk.import(await desk.file(name, content))).importId ?? '';
}

const badPrice = csvRow({ price: 'x', tradeId: 'bad' });
const good = csvRow({ price: 101, tradeId: 'bad' });

describe('a quarantined row', () => {
  test('that is corrected becomes an execution of its import and line, and is open no more', async () => {
    const desk = await importDesk();
    const importId = await imported(desk, 'a.csv', `${csvOf([{ tradeId: 't1' }])}${badPrice}\n`);
    await expectConserved(desk);
    const [row] = await rowsOf(desk);
    expect(row).toMatchObject({ line: 3, text: badPrice, state: 'open', note: null });
    const refused = unwrapped(await desk.imports.retry([{ id: row!.id, text: csvRow({ price: -1 }) }]));
    expect(refused).toEqual([{ id: row!.id, state: 'open', reason: expect.stringContaining('price'), executions: 0 }]);
    expect(await rowsOf(desk)).toEqual([row]);
    expect(await desk.store.imports.get(importId)).toMatchObject({ counts: { executions: 1, quarantined: 1 } });

    expect(unwrapped(await desk.imports.retry([{ id: row!.id, text: good }]))).toEqual([
      { id: row!.id, state: 'fixed', reason: null, executions: 1 },
    ]);
    expect(await rowsOf(desk)).toEqual([{ ...row, state: 'fixed', note: '1 execution' }]);
    expect((await desk.store.imports.get(importId))?.counts).toMatchObject({
      rowsRead: 2,
      executions: 2,
      quarantined: 0,
    });
    await expectConserved(desk);
    const columns = (await desk.store.executions.readSegment({
      ...{ source: 'live', strategy: 'alpha', symbol: 'BTC/USDT', day },
    }))!;
    const at = [0, 1].find((index) => textAt(columns.tradeId, index) === 'bad')!;
    expect(columns.line[at]).toBe(3);
    expect(columns.dictionaries.importIds[columns.importIndex[at]!]).toBe(importId);
    expect(await desk.store.executions.strategies()).toMatchObject([{ liveExecutions: 2 }]);
    expect((await desk.store.imports.list(everything)).rows).toHaveLength(1);
    expect(await failureOf(desk.imports.retry([{ id: row!.id, text: good }]))).toMatchObject({ code: 'conflict' });
  });

  test.each([
    ['a duplicate', csvRow({ tradeId: 't1' }), { duplicates: 1 }],
    ['no row', ' ', { otherRows: 1 }],
    ['the header again', csvHeader, { otherRows: 1 }],
  ])('that turns out to be %s counts as that', async (_what, text, counts) => {
    const desk = await importDesk();
    const importId = await imported(desk, 'a.csv', `${csvOf([{ tradeId: 't1' }])}${badPrice}\n`);
    const [row] = await rowsOf(desk);
    expect(unwrapped(await desk.imports.retry([{ id: row!.id, text }]))).toMatchObject([
      { state: 'fixed', executions: 0 },
    ]);
    expect((await desk.store.imports.get(importId))?.counts).toMatchObject({
      executions: 1,
      quarantined: 0,
      ...counts,
    });
    await expectConserved(desk);
  });

  test.each([
    ['two rows', `${good}\n${csvRow({ tradeId: 'third' })}`, 'holds 2 rows'],
    ['an open quote', `"${good}`, 'never closed'],
    ['too few cells', 'BTC/USDT,buy', 'cells'],
  ])('corrected to %s stays open', async (_what, text, reason) => {
    const desk = await importDesk();
    await imported(desk, 'a.csv', `${csvOf([{ tradeId: 't1' }])}${badPrice}\n${badPrice.replace('bad', 'worse')}\n`);
    const rows = await rowsOf(desk);
    const other = good.replace('bad', 'worse');
    expect(
      unwrapped(
        await desk.imports.retry([
          { id: rows[0]!.id, text },
          { id: rows[1]!.id, text: other },
        ]),
      ),
    ).toMatchObject([{ state: 'open', reason: expect.stringContaining(reason) }, { state: 'fixed' }]);
    await expectConserved(desk);
  });

  test('is open in the quality of its day until it is fixed or dismissed; who dismissed it, when and why is kept', async () => {
    const desk = await importDesk();
    await imported(desk, 'a.csv', `${csvOf([{ tradeId: 't1' }])}${badPrice}\n`);
    const [row] = await rowsOf(desk);
    expect(await open(desk)).toBe(1);
    await desk.store.imports.changeQuarantine([row!.id], 'open', 'dismissed', 'by somebody: known');
    expect(await open(desk)).toBe(0);
    expect(await rowsOf(desk)).toEqual([{ ...row, state: 'dismissed', note: 'by somebody: known' }]);
    await expectConserved(desk);
    expect(await failureOf(desk.imports.retry([{ id: row!.id, text: good }]))).toMatchObject({
      code: 'conflict',
      hint: expect.stringContaining('Reopen'),
    });
    await desk.store.imports.changeQuarantine([row!.id], 'dismissed', 'open', 'reopened');
    expect(await open(desk)).toBe(1);
    unwrapped(await desk.imports.retry([{ id: row!.id, text: good }]));
    expect(await open(desk)).toBe(0);
  });

  test('changes state together with the others asked for, or not at all', async () => {
    const desk = await importDesk();
    await imported(desk, 'a.csv', `${csvOf([{ tradeId: 't1' }])}${badPrice}\n${badPrice}\n`);
    const [one, two] = await rowsOf(desk);
    await desk.store.imports.changeQuarantine([one!.id], 'open', 'dismissed', 'known');
    const before = await rowsOf(desk);
    const both = [one!.id, two!.id];
    for (const [ids, from, to, code] of [
      [both, 'open', 'dismissed', 'conflict'],
      [[two!.id], 'dismissed', 'open', 'conflict'],
      [[two!.id, '999'], 'open', 'dismissed', 'not-found'],
      [['1 OR 1=1'], 'open', 'dismissed', 'not-found'],
    ] as const) {
      expect(await failureOf(desk.store.imports.changeQuarantine(ids, from, to, 'again'))).toMatchObject({ code });
    }
    expect(await rowsOf(desk)).toEqual(before);
  });
});

describe('a corrected row is read by the format, header and settings of its file', () => {
  const kraken = '"txid","refid","time","type","subtype","aclass","asset","amount","fee","balance"';
  const leg = (id: string, asset: string, amount: number | string) =>
    `"${id}","T1","2025-03-01 04:05:06","trade","","currency","${asset}",${amount},0,1`;

  test('legs of one trade are corrected together', async () => {
    const desk = await importDesk();
    const other = leg('X', 'XETH', 1).replaceAll('T1', 'T0');
    const lines = [
      kraken,
      other,
      leg('Y', 'ZEUR', -5).replaceAll('T1', 'T0'),
      leg('A', 'XETH', '"?"'),
      leg('B', 'ZEUR', -100),
      '',
    ];
    const importId = await imported(desk, 'ledger.csv', lines.join('\n'));
    const rows = await rowsOf(desk);
    expect(rows.map(({ line }) => line).sort()).toEqual([4, 5]);
    const [first, second] = [...rows].sort((a, b) => a.line - b.line);
    const alone = unwrapped(await desk.imports.retry([{ id: first!.id, text: leg('A', 'XETH', 2) }]));
    expect(alone).toMatchObject([{ state: 'open' }]);
    expect(
      unwrapped(
        await desk.imports.retry([
          { id: first!.id, text: leg('A', 'XETH', 2) },
          { id: second!.id, text: second!.text },
        ]),
      ),
    ).toMatchObject([
      { state: 'fixed', executions: 1 },
      { state: 'fixed', executions: 0 },
    ]);
    expect(await desk.store.imports.get(importId)).toMatchObject({
      counts: { executions: 2, otherRows: 2, quarantined: 0 },
      otherRowNames: { 'further leg of a fill': 2 },
    });
    await expectConserved(desk);
  });

  test('in files of an archive, each by its own', async () => {
    const desk = await importDesk();
    const semicolons = csvOf([{ tradeId: 's1' }, { tradeId: 's2', price: 'x' }]).replaceAll(',', ';');
    await imported(
      desk,
      'both.zip',
      zipOf([
        { name: 'one.csv', content: csvOf([{ tradeId: 'o1' }, { tradeId: 'o2', price: 'x' }]) },
        { name: 'two.csv', content: semicolons },
      ]),
    );
    const rows = await rowsOf(desk);
    expect(rows.map(({ member, line }) => [member, line])).toEqual([
      ['one.csv', 3],
      ['two.csv', 3],
    ]);
    const corrected = rows.map(({ id, text }) => ({ id, text: text.replace(/([,;])x([,;])/, '$1102$2') }));
    expect(unwrapped(await desk.imports.retry(corrected))).toMatchObject([
      { state: 'fixed', executions: 1 },
      { state: 'fixed', executions: 1 },
    ]);
    await expectConserved(desk);
  });

  test('JSON Lines and FIX, line by line', async () => {
    const desk = await importDesk();
    const json = (tradeId: string, price: number | string) =>
      JSON.stringify({
        ...{ symbol: 'BTC/USDT', side: 'buy', price, quantity: 1, executedAt: '2026-01-05T10:00:00Z', tradeId },
      });
    await imported(desk, 'a.jsonl', `${json('j1', 100)}\n${json('j2', 'x')}\n{"symbol":\n`);
    const fix = (id: string, price: string) =>
      [
        ...['8=FIX.4.4', '9=100', '35=8', '49=BROKER', '56=DESK', '52=20250203-04:05:07.250', `37=o${id}`, `17=${id}`],
        ...['150=F', '39=1', '55=BTC/USDT', '54=2', '38=10', '32=4', `31=${price}`, '14=4', '151=6', '15=USDT'],
        ...['60=20250203-04:05:06.123456', '10=000', ''],
      ].join('\u0001');
    await imported(desk, 'a.fix', `${fix('e1', '100')}\n${fix('e2', 'x')}\n`);
    const rows = await rowsOf(desk);
    expect(rows).toHaveLength(3);
    const corrected = rows.map(({ id, text }) => ({
      id,
      text: text.startsWith('8=')
        ? fix('e2', '103')
        : text.startsWith('{"symbol":"')
          ? json('j2', 101)
          : json('j3', 102),
    }));
    expect(unwrapped(await desk.imports.retry(corrected)).map(({ state, executions }) => [state, executions])).toEqual(
      rows.map(() => ['fixed', 1]),
    );
    await expectConserved(desk);
  });
});

describe('lockstep quarantine', () => {
  test('lists, corrects, dismisses and reopens', async () => {
    const folder = await temporaryFolder();
    const desk = join(folder, 'desk');
    const file = join(folder, 'a.csv');
    await writeFile(file, `${csvOf([{ tradeId: 't1' }])}${badPrice}\n${badPrice.replace('bad', 'worse')}\n`);
    expect((await lockstep(desk, ['import', file, '--source', 'live', '--strategy', 'alpha', '--quiet'])).code).toBe(0);
    const list = async (...words: readonly string[]) =>
      quarantineOutputSchema.parse(JSON.parse((await lockstep(desk, ['quarantine', 'list', '--json', ...words])).out))
        .rows;
    const [one, two] = await list('--state', 'open');
    expect(one).toMatchObject({ fileName: 'a.csv', line: 3, day, symbol: 'BTC/USDT', state: 'open' });
    const retried = await lockstep(desk, ['quarantine', 'retry', one!.id, '--text', good, '--json']);
    expect(retried.code).toBe(0);
    expect(quarantineRetryOutputSchema.parse(JSON.parse(retried.out)).results).toMatchObject([{ state: 'fixed' }]);
    const dismissed = await lockstep(desk, ['quarantine', 'dismiss', two!.id, '--reason', 'test order', '--json']);
    expect(quarantineChangeOutputSchema.parse(JSON.parse(dismissed.out))).toMatchObject({ state: 'dismissed' });
    expect(await list('--state', 'dismissed')).toMatchObject([
      { note: expect.stringMatching(/^dismissed by .+: test order$/) },
    ]);
    expect((await lockstep(desk, ['quarantine', 'reopen', two!.id])).code).toBe(0);
    const corrections = join(folder, 'corrections.jsonl');
    await writeFile(corrections, `${JSON.stringify({ id: two!.id, text: badPrice })}\n`);
    const again = await lockstep(desk, ['quarantine', 'retry', '--file', corrections]);
    expect([again.code, again.out]).toEqual([1, expect.stringContaining('price')]);
    expect((await lockstep(desk, ['quarantine', 'retry', one!.id])).err).toContain('corrected text');
    expect((await lockstep(desk, ['quarantine', 'dismiss', one!.id, '--reason', 'late'])).err).toContain('fixed');
    expect(await list()).toHaveLength(2);
  });
});

describe('quarantined rows of a file that is imported again', () => {
  const rows = csvOf([{ tradeId: 't1' }, { tradeId: 't2', price: 102 }]);

  test('are listed once, in whatever state they are, and count as duplicates of the later import', async () => {
    const desk = await importDesk();
    await imported(desk, 'a.csv', `${rows}${badPrice}\nnonsense\n`);
    const [one] = await rowsOf(desk);
    await desk.store.imports.changeQuarantine([one!.id], 'open', 'dismissed', 'known');
    const before = await rowsOf(desk);
    expect(before).toHaveLength(2);
    const outcome = unwrapped(
      await desk.import(
        await desk.file('again.csv', `${rows}${badPrice}\nnonsense\n${csvRow({ tradeId: 't3' })}\nworse\n`),
      ),
    );
    expect(outcome.counts).toMatchObject({ rowsRead: 6, executions: 1, duplicates: 4, quarantined: 1 });
    expect((await rowsOf(desk)).map(({ text }) => text).sort()).toEqual([badPrice, 'nonsense', 'worse'].sort());
    await expectConserved(desk);
  });

  test('are listed apart when it is another file that has the same bad line', async () => {
    const desk = await importDesk();
    await imported(desk, 'a.csv', `${rows}${badPrice}\n`);
    await imported(desk, 'b.csv', `${csvOf([{ tradeId: 'u1' }, { tradeId: 'u2', price: 102 }])}${badPrice}\n`);
    expect(await rowsOf(desk)).toHaveLength(2);
    await expectConserved(desk);
  });

  test('are fixed by the longer file when they were cut', async () => {
    const cut = badPrice.slice(0, 12);
    const desk = await importDesk();
    const first = await imported(desk, 'a.csv', `${rows}${cut}`);
    expect(await rowsOf(desk)).toMatchObject([{ text: cut, state: 'open' }]);
    // Cut once more at the same place, then another file with a row that begins the same, then the file itself.
    await imported(desk, 'a.csv', `${rows}${cut}`);
    await imported(desk, 'b.csv', `${csvOf([{ tradeId: 'u1' }, { tradeId: 'u2', price: 102 }])}${good}\n`);
    expect(await rowsOf(desk)).toMatchObject([{ text: cut, state: 'open' }]);
    const whole = await imported(desk, 'c.csv', `${rows}${csvRow({ tradeId: 't3', price: 103 })}\n`);
    expect(await rowsOf(desk)).toMatchObject([{ text: cut, state: 'fixed', note: `whole in c.csv (import ${whole})` }]);
    expect(await desk.store.imports.get(first)).toMatchObject({
      counts: { rowsRead: 3, executions: 2, duplicates: 1, quarantined: 0 },
    });
    await expectConserved(desk);
  });
});
