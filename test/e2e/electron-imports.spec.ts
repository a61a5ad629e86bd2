import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from './consoles';

/** In the desktop console a file keeps its path, and what was imported is there after a restart. */
test('a chosen file is imported from where it is, and a restart keeps it', async ({ openElectron, dataDirectory }) => {
  const path = join(dataDirectory, 'fills.csv');
  const fills = Array.from(
    { length: 15 },
    (_, row) => `BTC/USDT,buy,${50_000 + row},0.01,2026-01-05T10:${10 + row}:00Z`,
  );
  await writeFile(path, `symbol,side,price,quantity,executedAt\n${fills.join('\n')}\n`);

  const { app, page } = await openElectron();
  await page.getByRole('link', { name: 'Imports', exact: true }).click();
  await page.getByLabel('Files to import').setInputFiles(path);
  const card = page.getByRole('article', { name: 'fills.csv' });
  await card.getByRole('button', { name: 'Live', exact: true }).click();
  await card.getByLabel('Strategy').fill('carry');
  await page.getByRole('button', { name: 'Import', exact: true }).click();
  await expect(card).toContainText('15 new of 15 rows');
  await app.close();

  const again = await openElectron();
  await again.page.getByRole('link', { name: 'Imports', exact: true }).click();
  await again.page.getByRole('grid', { name: 'Imports so far' }).getByText('fills.csv').click();
  await expect(again.page.getByText(path)).toBeVisible();
  await expect(again.page.getByText('Every row was read.')).toBeVisible();
});
