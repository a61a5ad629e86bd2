import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Page } from '@playwright/test';
import { expectAccessible } from './access';
import { expect, test } from './consoles';

/** The Imports page of the served console, from the first start to the end of every kind of file. */

const header = 'symbol,side,price,quantity,fee,feeCurrency,executedAt,orderId,tradeId,clientOrderId';

/** A Lockstep log of `rows` fills, one a minute; live fills come a moment later and cost a little more. */
function log(source: 'live' | 'backtest', rows: number): string {
  const startMs = Date.UTC(2026, 0, 5);
  const lines = [header];
  for (let row = 0; row < rows; row += 1) {
    const at = new Date(startMs + row * 60_000 + (source === 'live' ? 412 : 0)).toISOString();
    const price = 2_000 + (row % 9) + (source === 'live' ? 0.5 : 0);
    const side = row % 2 === 0 ? 'buy' : 'sell';
    lines.push(`ETH/USDC,${side},${price},0.25,0.2,USDC,${at},${row},${row},signal-${row}`);
  }
  return `${lines.join('\n')}\n`;
}

async function file(folder: string, name: string, content: string | Buffer): Promise<string> {
  const path = join(folder, name);
  await writeFile(path, content);
  return path;
}

const card = (page: Page, name: string) => page.getByRole('article', { name, exact: true });
const choose = (page: Page, ...paths: string[]) => page.getByLabel('Files to import').setInputFiles(paths);

async function say(page: Page, name: string, source: 'Live' | 'Backtest', strategy: string): Promise<void> {
  await card(page, name).getByRole('button', { name: source, exact: true }).click();
  await card(page, name).getByLabel('Strategy').fill(strategy);
}

async function goTo(page: Page, hash: string): Promise<void> {
  await page.evaluate((to) => {
    window.location.hash = to;
  }, hash);
}

test('two logs become a report, and the same files again add nothing', async ({ openServed, dataDirectory }) => {
  const { page } = await openServed();
  await goTo(page, '#/imports');
  await expect(page.getByRole('heading', { name: 'Import your two logs' })).toBeVisible();
  await expect(page.getByRole('button', { name: 'Open the sample desk' })).toBeVisible();

  const damaged = log('live', 40).replace('2002.5,0.25', '2002.5,a quarter');
  const live = await file(dataDirectory, 'october live.csv', damaged);
  const backtest = await file(dataDirectory, 'october backtest.csv', log('backtest', 40));
  await choose(page, live, backtest);
  await expect(card(page, 'october live.csv')).toContainText('Lockstep CSV');
  await expect(card(page, 'october live.csv')).toContainText('Say whether this is a live log or a backtest.');
  await expect(page.getByRole('button', { name: 'Import 0 of 2' })).toBeDisabled();

  await say(page, 'october live.csv', 'Live', 'carry');
  await say(page, 'october backtest.csv', 'Backtest', 'carry');
  await page.getByRole('button', { name: 'Import all 2' }).click();
  await expect(card(page, 'october live.csv')).toContainText('39 new of 40 rows');
  await expect(card(page, 'october live.csv')).toContainText('1 quarantined');
  await expect(card(page, 'october backtest.csv')).toContainText('40 new of 40 rows');
  await expect(page.getByRole('grid', { name: 'Imports so far' }).getByRole('row')).toHaveCount(3);

  await card(page, 'october live.csv').getByRole('link', { name: 'Details' }).click();
  await expect(page.getByRole('heading', { level: 1 })).toHaveText('october live.csv');
  const quarantine = page.getByRole('grid', { name: 'Quarantined rows' }).getByRole('row').nth(1);
  await expect(quarantine).toContainText('quantity');
  await expect(quarantine).toContainText('2002.5,a quarter');
  const address = page.url();

  await choose(page, backtest);
  await say(page, 'october backtest.csv', 'Backtest', 'carry');
  await page.getByRole('button', { name: 'Import', exact: true }).click();
  await expect(card(page, 'october backtest.csv').first()).toContainText('0 new of 40 rows: 40 duplicates');

  await page.goto(address);
  await expect(page.getByRole('heading', { level: 1 })).toHaveText('october live.csv');
});

test('files that cannot be imported say why, and the store stays empty', async ({ openServed, dataDirectory }) => {
  const { page } = await openServed();
  await goTo(page, '#/imports');
  await choose(
    page,
    await file(dataDirectory, 'empty.csv', ''),
    await file(dataDirectory, 'binary.csv', Buffer.from(Array.from({ length: 4_096 }, (_, index) => index % 256))),
    await file(dataDirectory, 'unknown.csv', 'when,what,how\n2026-01-05,ETH,b\n'),
  );
  await expect(card(page, 'empty.csv').getByRole('alert')).toContainText('is empty');
  await expect(card(page, 'binary.csv').getByRole('alert')).toContainText('not text');
  await expect(card(page, 'unknown.csv').getByRole('alert')).toContainText('or say what its columns are.');
  await expect(card(page, 'unknown.csv').getByLabel('Read as')).toBeVisible();
  await expect(page.getByText('3 files cannot be read')).toBeVisible();
  await page.reload();
  await expect(page.getByText('Nothing was imported yet.')).toBeVisible();
});

test('a file that names neither its instrument nor its zone asks for them', async ({ openServed, dataDirectory }) => {
  const { page } = await openServed();
  await goTo(page, '#/imports');
  const trades = [
    'Trade #,Type,Date and time,Signal,Price USDT,Size (qty),Size (value),Net P&L USDT,Net P&L %',
    '1,Entry long,2026-01-05 08:45,go,2000.5,0.5,1000.25,4.5,0.45',
    '1,Exit long,2026-01-05 09:15,stop,2009.5,0.5,1000.25,4.5,0.45',
  ];
  await choose(page, await file(dataDirectory, 'list of trades.csv', `${trades.join('\n')}\n`));
  const questions = page.getByRole('list', { name: 'Questions about list of trades.csv' });
  await expect(questions).toContainText('does not name its instrument');
  await expect(questions).toContainText('It is not imported before you say.');
  await expectAccessible(page);
  await questions.getByLabel('Another symbol').fill('ETH/USDT');
  await page.keyboard.press('Enter');
  await expect(questions).not.toContainText('does not name its instrument');
  await expect(questions).toContainText('Taken as UTC until you say otherwise.');
  const first = card(page, 'list of trades.csv').getByRole('grid').getByRole('row').nth(1);
  await expect(first).toContainText('2026-01-05 08:45:00');
  await questions.getByLabel('Another zone').fill('+08:00');
  await page.keyboard.press('Enter');
  await expect(questions).toBeHidden();
  await expect(first).toContainText('2026-01-05 00:45:00');
  await expect(first).toContainText('ETH/USDT');
});

test('a long import shows how far it is, and leaves nothing behind when cancelled', async ({
  openServed,
  dataDirectory,
}) => {
  const { page } = await openServed();
  await goTo(page, '#/imports');
  await choose(page, await file(dataDirectory, 'long.csv', log('live', 700_000)));
  await say(page, 'long.csv', 'Live', 'carry');
  await page.getByRole('button', { name: 'Import', exact: true }).click();
  await expect(card(page, 'long.csv').getByRole('progressbar')).toBeVisible();
  await expect(card(page, 'long.csv')).toContainText('rows/s');
  await card(page, 'long.csv').getByRole('button', { name: 'Cancel' }).click();
  await expect(card(page, 'long.csv')).toContainText('Nothing of it was stored', { timeout: 2_000 });
  await goTo(page, '#/desk');
  await expect(page.getByRole('main')).toContainText('Nothing is imported yet');
});

test('files dropped anywhere on the window are taken', async ({ openServed }) => {
  const { page } = await openServed();
  await goTo(page, '#/about');
  await page.getByRole('heading', { name: 'About and help' }).waitFor();
  await page.evaluate(
    (text) => {
      const transfer = new DataTransfer();
      transfer.items.add(new File([text], 'dropped.csv'));
      for (const kind of ['dragenter', 'dragover', 'drop']) {
        const event = new DragEvent(kind, { bubbles: true, cancelable: true, dataTransfer: transfer });
        document.querySelector('main')?.dispatchEvent(event);
      }
    },
    log('live', 12),
  );
  await expect(card(page, 'dropped.csv')).toContainText('First 12 executions');
  expect(new URL(page.url()).hash).toBe('#/imports');
});

test('a lost engine is said loudly, and what is on screen stays', async ({ openServed, complaints }) => {
  const { page, server } = await openServed();
  await goTo(page, '#/imports');
  await expect(page.getByText('Nothing was imported yet.')).toBeVisible();
  server.kill('SIGKILL');
  await expect(page.getByRole('alert')).toContainText('Engine out of reach since');
  await expect(page.getByText('Nothing was imported yet.')).toBeVisible();
  complaints.expect(/WebSocket connection/); // the browser itself reports each try that is refused
});

test('everything is reached by keyboard, and axe finds nothing serious', async ({ openServed, dataDirectory }) => {
  const { page } = await openServed();
  await page.keyboard.press('g');
  await page.keyboard.press('i');
  await expect(page.getByRole('heading', { level: 1, name: 'Imports' })).toBeVisible();

  await choose(page, await file(dataDirectory, 'keys.csv', log('live', 60)));
  await expect(card(page, 'keys.csv')).toContainText('First 20 executions');
  await expectAccessible(page);
  await card(page, 'keys.csv').getByRole('button', { name: 'Live', exact: true }).focus();
  await page.keyboard.press('Enter');
  await card(page, 'keys.csv').getByLabel('Strategy').focus();
  await page.keyboard.type('carry');
  await page.getByRole('button', { name: 'Import', exact: true }).focus();
  await page.keyboard.press('Enter');
  await expect(card(page, 'keys.csv')).toContainText('60 new of 60 rows');

  await page.getByRole('grid', { name: 'Imports so far' }).focus();
  await page.keyboard.press('Enter');
  await expect(page.getByRole('heading', { level: 1, name: 'keys.csv' })).toBeFocused();
  await expectAccessible(page);

  await page.keyboard.press('?');
  await expect(page.getByRole('dialog', { name: 'Keyboard' })).toBeVisible();
  await page.keyboard.press('Escape');
  await expect(page.getByRole('heading', { level: 1, name: 'keys.csv' })).toBeFocused();

  await page.keyboard.press('Control+k');
  await page.keyboard.type('about');
  await expectAccessible(page);
  await page.keyboard.press('Enter');
  await expect(page.getByRole('heading', { level: 1, name: 'About and help' })).toBeVisible();
  await expectAccessible(page);
});

test('the look that was chosen is there after a reload, and light passes the same checks', async ({ openServed }) => {
  const { page } = await openServed();
  const theme = () => page.evaluate(() => document.documentElement.getAttribute('data-theme'));
  expect(await theme()).toBe('dark');
  await page.getByRole('button', { name: 'Light look' }).click();
  expect(await theme()).toBe('light');
  await page.reload();
  await page.getByRole('main').waitFor();
  expect(await theme()).toBe('light');
  await goTo(page, '#/imports');
  await expect(page.getByText('Nothing was imported yet.')).toBeVisible();
  await expectAccessible(page);
});

test('at 200 % zoom nothing is cut off sideways', async ({ openServed, dataDirectory }) => {
  const { page } = await openServed();
  await page.setViewportSize({ width: 640, height: 360 }); // what 1280 x 720 leaves of CSS pixels at 200 %
  await goTo(page, '#/imports');
  await choose(page, await file(dataDirectory, 'zoom.csv', log('live', 30)));
  await expect(card(page, 'zoom.csv')).toContainText('First 20 executions');
  const overflow = await page.evaluate(() => {
    const main = document.querySelector('main');
    return [document.documentElement, main].map((box) => (box ? box.scrollWidth - box.clientWidth : -1));
  });
  expect(overflow).toEqual([0, 0]);
});
