import { expectAccessible } from './access';
import { expect, test } from './consoles';

/** The Audit page of a real desk: empty, verified, exported, filtered; by keyboard. */

test('an empty trail is said to be empty, is whole, and can be exported', async ({ openServed }) => {
  const { page } = await openServed();
  await page.keyboard.press('g');
  await page.keyboard.press('u');
  await expect(page.getByRole('heading', { name: 'Audit', level: 1 })).toBeVisible();
  await expect(page.getByRole('heading', { name: 'Nothing was decided yet.' })).toBeVisible();
  await page.getByRole('button', { name: 'Verify' }).focus();
  await page.keyboard.press('Enter');
  await expect(page.getByText('The chain is whole')).toBeVisible();
  await expectAccessible(page);
  const download = page.waitForEvent('download');
  await page.getByRole('button', { name: 'Export' }).click();
  expect((await download).suggestedFilename()).toMatch(/^lockstep-audit-\d{4}-\d{2}-\d{2}\.jsonl$/);

  await page.getByLabel('From day, UTC').fill('yesterday');
  await page.keyboard.press('Enter');
  await expect(page.getByText('Write a day as YYYY-MM-DD.')).toBeVisible();
  await page.getByLabel('Subject').fill('nothing of the kind');
  await page.keyboard.press('Enter');
  await expect(page.getByRole('heading', { name: 'No record is like that.' })).toBeVisible();
  await expect(page).toHaveURL(/subject=nothing/);
  await page.getByRole('button', { name: 'Show all' }).click();
  await expect(page).toHaveURL(/#\/audit$/);
});
