import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, type Page } from '@playwright/test';
import { utcDayOf } from '../../shared/base/time';
import { tradeLogs } from '../support/trade-logs';

/** What an operator does, in the words of the page; the same for every console. */

/** Three days of one strategy, forty orders a day, of which live misses two: 120 backtest fills against 114 live ones. */
export async function writeLogs(folder: string): Promise<readonly [live: string, backtest: string]> {
  const logs = tradeLogs(utcDayOf(Date.UTC(2026, 10, 3) * 1_000), { days: 3, missed: [2] });
  const files = [join(folder, 'live.csv'), join(folder, 'backtest.csv')] as const;
  await writeFile(files[0], logs.live);
  await writeFile(files[1], logs.backtest);
  return files;
}

export async function goTo(page: Page, hash: string): Promise<void> {
  await page.evaluate((to) => {
    location.hash = to;
  }, hash);
}

/** Drops the files from outside, as a file manager does: with their paths, which no script of the page could make up. */
export async function dropFiles(page: Page, files: readonly string[]): Promise<void> {
  const session = await page.context().newCDPSession(page);
  for (const type of ['dragEnter', 'dragOver', 'drop'] as const) {
    await session.send('Input.dispatchDragEvent', {
      type,
      x: 600,
      y: 400,
      data: { items: [], files: [...files], dragOperationsMask: 1 },
    });
  }
  await session.detach();
}

/** Drops both logs on the Imports page, says what they are, imports them, and waits until both are in. */
export async function importLogs(page: Page, files: readonly [live: string, backtest: string]): Promise<void> {
  await goTo(page, '#/imports');
  await expect(page.getByRole('heading', { name: 'Imports', level: 1 })).toBeVisible();
  await dropFiles(page, files);
  for (const name of ['live.csv', 'backtest.csv'])
    await expect(page.getByRole('article', { name })).toContainText('Lockstep CSV');
  await page.getByRole('form', { name: 'For all files' }).getByLabel('Strategy').fill('pairs');
  await page.getByRole('button', { name: 'Apply to all' }).click();
  await page.getByRole('group', { name: 'Source of live.csv' }).getByRole('button', { name: 'Live' }).click();
  await page.getByRole('group', { name: 'Source of backtest.csv' }).getByRole('button', { name: 'Backtest' }).click();
  await page.getByRole('button', { name: 'Import all 2' }).click();
  await expectImported(page);
}

/** The history says that both logs went in whole. */
export async function expectImported(page: Page): Promise<void> {
  const history = page.getByRole('grid', { name: 'Imports so far' });
  await expect(
    history.getByRole('row', { name: /Done .*backtest\.csv Backtest pairs Lockstep CSV 120 0 0/ }),
  ).toBeVisible();
  await expect(history.getByRole('row', { name: /Done .*live\.csv Live pairs Lockstep CSV 114 0 0/ })).toBeVisible();
}

/** The report of both logs is on the Desk, on the symbol's day, and down to the file a fill came from. */
export async function expectReport(page: Page): Promise<void> {
  await goTo(page, '#/desk');
  await expect(page.getByRole('heading', { name: 'pairs', level: 1 })).toBeVisible();
  await expect(page.getByRole('region', { name: 'Verdict' })).toContainText('38 matched, 2 missed, 0 extra');

  await page
    .getByRole('grid', { name: /Symbols/ })
    .getByRole('row', { name: /BTC\/USDT/ })
    .click();
  await expect(page.getByRole('heading', { name: /BTC\/USDT/, level: 1 })).toBeVisible();

  await goTo(page, '#/parity/pairs/symbol/BTC%2FUSDT/2026-11-05');
  await expect(page.getByRole('heading', { level: 1 })).toContainText('BTC/USDT');
  const orders = page.getByRole('grid', { name: /[Oo]rders/ });
  await orders.getByRole('row').nth(1).click();
  await expect(page.getByText(/live\.csv|backtest\.csv/).first()).toBeVisible();
}
