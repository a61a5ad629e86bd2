import { appendFile, mkdir, rename, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expectAccessible } from './access';
import { expect, test } from './consoles';

/** A watched folder on the page: added, read as it grows, lost and found again, paused and removed. */

const header = 'symbol,side,price,quantity,executedAt,orderId\n';
const row = (number: number) => `SOL/USDC,buy,150,2,2026-02-01T10:${10 + number}:00Z,order-${number}\n`;

test('a folder is watched, grows, vanishes, comes back, is paused and removed', async ({
  openServed,
  dataDirectory,
}) => {
  const { page } = await openServed();
  const folder = join(dataDirectory, 'bot logs');
  await mkdir(folder);
  await writeFile(join(folder, 'fills.csv'), header + row(0) + row(1));
  await page.evaluate(() => {
    window.location.hash = '#/imports/watched';
  });
  await page.getByRole('button', { name: 'Watch a folder…' }).click();
  const dialog = page.getByRole('dialog', { name: 'Watch a folder' });
  await expectAccessible(page);
  await dialog.getByLabel('Folder or file on this machine').fill(join(dataDirectory, 'nowhere'));
  await dialog.getByRole('button', { name: 'Live', exact: true }).click();
  await dialog.getByLabel('Strategy').fill('carry');
  await page.keyboard.press('Enter');
  await expect(dialog.getByRole('alert')).toContainText('nowhere is not there');
  await dialog.getByLabel('Folder or file on this machine').fill(folder);
  await page.keyboard.press('Enter');
  await expect(dialog).toBeHidden();

  const watches = page.getByRole('grid', { name: 'Watched folders' });
  await expect(watches.getByRole('row').nth(1)).toContainText('Watching');
  await watches.focus();
  await page.keyboard.press('Enter');
  const files = page.getByRole('grid', { name: 'Files of the watch' });
  await expect(files.getByRole('row').nth(1)).toContainText('fills.csv');
  await expect(files.getByRole('row').nth(1).getByRole('gridcell').nth(4)).toHaveText('2');
  await appendFile(join(folder, 'fills.csv'), row(2) + row(3).slice(0, 20));
  await expect(files.getByRole('row').nth(1).getByRole('gridcell').nth(4)).toHaveText('3');
  await expect(files).toContainText('Being written');
  await expectAccessible(page);

  await rename(folder, `${folder} away`);
  await expect(page.getByText('Unreachable')).toBeVisible({ timeout: 30_000 });
  await rename(`${folder} away`, folder);
  await expect(page.getByText('Watching', { exact: true })).toBeVisible({ timeout: 30_000 });
  await page.getByRole('button', { name: 'Pause' }).click();
  await expect(page.getByRole('button', { name: 'Resume' })).toBeVisible();
  await page.getByRole('button', { name: 'Remove…' }).click();
  await expectAccessible(page);
  await page.getByRole('button', { name: 'Stop watching' }).click();
  await expect(page.getByText('No folder is watched yet.')).toBeVisible();
});
