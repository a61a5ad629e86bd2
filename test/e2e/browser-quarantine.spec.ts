import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expectAccessible } from './access';
import { expect, test } from './consoles';

/** Quarantine by keyboard: one row corrected beside its reason, rows of one cause together, the rest dismissed. */

const header = 'symbol,side,price,quantity,executedAt';

test('rows are fixed one by one, by cause, or dismissed, and each says what became of it', async ({
  openServed,
  dataDirectory,
}) => {
  const { page } = await openServed();
  const goTo = (hash: string) =>
    page.evaluate((to) => {
      window.location.hash = to;
    }, hash);
  const rows = Array.from({ length: 40 }, (_, row) => {
    const quantity = row < 12 ? '2 coins' : row === 20 ? 'two' : '2';
    const side = row >= 30 && row < 33 ? 'swap' : 'buy';
    return `SOL/USDC,${side},${150 + row},${quantity},2026-02-01T10:${10 + row}:00Z`;
  });
  const path = join(dataDirectory, 'fills.csv');
  await writeFile(path, `${[header, ...rows].join('\n')}\n`);
  await goTo('#/imports');
  await page.getByLabel('Files to import').setInputFiles(path);
  const card = page.getByRole('article', { name: 'fills.csv' });
  await card.getByRole('button', { name: 'Live', exact: true }).click();
  await card.getByLabel('Strategy').fill('carry');
  await page.getByRole('button', { name: 'Import', exact: true }).click();
  await card.getByRole('link', { name: 'Details' }).click();

  const grid = page.getByRole('grid', { name: 'Quarantined rows' });
  await expect(page.getByRole('navigation', { name: 'Causes' })).toContainText('quantity is "…"');
  await grid.focus();
  await page.keyboard.press('Enter');
  const text = page.getByLabel('Text of the row');
  await expect(text).toBeFocused();
  await expectAccessible(page);
  await page.keyboard.press('Control+Enter');
  await expect(page.getByRole('status').filter({ hasText: '"2 coins"' })).toBeVisible();
  await expect(page.getByRole('button', { name: 'Read it again' })).toBeEnabled();
  await text.fill('SOL/USDC,buy,150,2,2026-02-01T10:10:00Z');
  await page.keyboard.press('Control+Enter');
  await expect(page.getByText('Fixed: 1 execution stored.')).toBeVisible();
  await page.keyboard.press('Escape');

  await page.getByRole('button', { name: /^quantity is/ }).click();
  await page.getByLabel('Replace in 12 rows').fill(' coins');
  await expect(page.getByText('Changes 11 of the first 12')).toBeVisible();
  await page.getByRole('button', { name: 'Replace and read again' }).focus();
  await page.keyboard.press('Enter');
  await expect(page.getByText('11 rows fixed, 11 executions stored.')).toBeVisible();
  await expect(grid.getByRole('row')).toHaveCount(2);

  await page.getByRole('button', { name: /^side is/ }).click();
  await page.getByLabel('Dismiss 3 rows because').fill('moved between own accounts');
  await page.getByRole('button', { name: 'Dismiss all' }).click();
  await expect(page.getByText('3 rows dismissed.')).toBeVisible();
  await page.getByRole('button', { name: 'Dismissed', exact: true }).click();
  await expect(grid.getByRole('row').nth(1)).toContainText('moved between own accounts');
  await grid.focus();
  await page.keyboard.press('Enter');
  await page.getByRole('button', { name: 'Open it again' }).click();
  await page.getByRole('button', { name: 'All', exact: true }).click();
  await expect(grid.getByRole('row')).toHaveCount(17);
  await expectAccessible(page);

  await goTo('#/imports');
  await page.getByRole('link', { name: 'Quarantine 2' }).click();
  await expect(page.getByRole('grid', { name: 'Quarantined rows' }).getByRole('row')).toHaveCount(3);
  await page.getByRole('link', { name: 'fills.csv' }).first().click();
  await page.getByRole('link', { name: 'Lockstep CSV' }).click();
  await expect(page.getByRole('grid', { name: 'Columns of the format' })).toContainText('must be there');
  await expectAccessible(page);
});
