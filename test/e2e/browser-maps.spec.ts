import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Page } from '@playwright/test';
import { expectAccessible } from './access';
import { expect, test } from './consoles';

/** The mapping wizard: a file no format knows is mapped by keyboard, imported, and known from then on. */

const header = 'Zeit;Richtung;Markt;Kurs;Menge;Zustand';

function log(day: number): string {
  const rows = Array.from({ length: 12 }, (_, row) => {
    const time = `0${day}.02.2026 10:${String(10 + row)}:00`;
    return `${time};${row % 2 === 0 ? 'Kauf' : 'Verkauf'};SOL/EUR;${150 + row},5;2;${row === 5 ? 'storniert' : 'fertig'}`;
  });
  return `${[header, ...rows].join('\n')}\n`;
}

/** Chooses an option of a select as the keyboard does: focus, then the option's first letters. */
async function pick(page: Page, label: string, option: string): Promise<void> {
  const select = page.getByLabel(label, { exact: true });
  await select.focus();
  await page.keyboard.type(option);
  await expect(select.locator('option:checked')).toHaveText(option);
}

test('columns are mapped with a live preview, saved, and the next file of that header is known', async ({
  openServed,
  dataDirectory,
}) => {
  const { page } = await openServed();
  await page.evaluate(() => {
    window.location.hash = '#/imports';
  });
  const first = join(dataDirectory, 'january.csv');
  await writeFile(first, log(1));
  await page.getByLabel('Files to import').setInputFiles(first);
  await page.getByRole('link', { name: 'Map its columns…' }).focus();
  await page.keyboard.press('Enter');
  await expect(page.getByRole('heading', { level: 1 })).toHaveText('Map the columns of january.csv');

  const preview = page.getByRole('region', { name: 'Live preview' });
  await expect(preview).toContainText('a column for price');
  await expect(page.getByLabel('Meaning of Zeit')).toHaveValue('time');
  await expectAccessible(page);
  await pick(page, 'Meaning of Richtung', 'Side');
  await pick(page, 'Meaning of Kurs', 'Price');
  await pick(page, 'Meaning of Menge', 'Quantity');
  await pick(page, 'Meaning of Zustand', 'Status');
  await pick(page, 'Meaning of the word Kauf', 'buy');
  await pick(page, 'Meaning of the word Verkauf', 'sell');
  await pick(page, 'Meaning of the word fertig', 'filled');
  await expect(preview).toContainText('whether its dates put the day or the month first');
  await pick(page, 'Written as', 'Day first: 31/12/2026');
  await expect(preview).toContainText('status is "storniert", which the map does not know');
  await pick(page, 'Meaning of the word storniert', 'cancelled');
  await expect(preview).toContainText('First 11 executions');
  await expect(preview.getByRole('row').nth(2)).toContainText('2026-02-01 10:11:00');
  await expect(preview.getByRole('row').nth(2)).toContainText('sell');
  await expectAccessible(page);

  await page.getByLabel('Name of the map').fill('Mein Bot');
  await page.getByRole('button', { name: 'Live', exact: true }).focus();
  await page.keyboard.press('Enter');
  await page.getByLabel('Strategy of this file').fill('carry');
  await page.getByRole('button', { name: 'Save and import' }).focus();
  await page.keyboard.press('Enter');
  const card = (name: string) => page.getByRole('article', { name, exact: true });
  await expect(card('january.csv')).toContainText('11 new of 12 rows');

  const second = join(dataDirectory, 'february.csv');
  await writeFile(second, log(2));
  await page.getByLabel('Files to import').setInputFiles(second);
  await expect(card('february.csv')).toContainText('your map "Mein Bot", saved for this header');

  await page.getByRole('link', { name: 'Saved maps' }).click();
  await expectAccessible(page);
  await page.getByRole('grid', { name: 'Saved maps' }).focus();
  await page.keyboard.press('Enter');
  await expect(page.getByLabel('Meaning of Kurs')).toHaveValue('price');
  await expectAccessible(page);
  await page.getByRole('link', { name: 'Leave' }).click();
  await page.getByRole('button', { name: 'Remove Mein Bot' }).click();
  await page.getByRole('dialog').getByRole('button', { name: 'Remove' }).click();
  await expect(page.getByText('No map is saved yet.')).toBeVisible();
});
