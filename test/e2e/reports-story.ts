import { expect, type Page } from '@playwright/test';
import { unzipSync } from 'fflate';
import { expectAccessible } from './access';

/** What a file was called when it was offered to the user, and what is in it. */
export interface Saved {
  readonly name: string;
  readonly content: Buffer;
}

/** Calendar, a report by keyboard, its files, the month as an archive, two days side by side: the same in Electron and in the browser. */
export async function takeReportsAlong(
  page: Page,
  savedBy: (action: () => Promise<void>) => Promise<Saved>,
): Promise<void> {
  await page.getByRole('link', { name: 'Reports', exact: true }).click();
  await page.getByRole('button', { name: 'Open the sample desk' }).click();
  await expect(page.getByRole('region', { name: 'Verdict' })).toBeVisible({ timeout: 60_000 });
  await page.getByRole('heading', { level: 1 }).focus();
  await page.keyboard.press('g');
  await page.keyboard.press('r');
  const calendar = page.getByRole('table', { name: /^Reports by symbol and day/ });
  await expect(calendar.getByRole('link').first()).toBeVisible({ timeout: 60_000 });
  await expectAccessible(page);

  // One stop for Tab; arrows go on, Enter opens.
  const last = calendar.getByRole('link', { name: /^Portfolio / }).last();
  await last.focus();
  await page.keyboard.press('ArrowDown');
  await expect(calendar.locator('a:focus')).toHaveAttribute(
    'aria-label',
    /^\S+\/\S+ \d{4}-\d\d-\d\d: (PASS|WARN|FAIL|UNKNOWN)/,
  );
  await page.keyboard.press('Enter');
  await expect(page).toHaveURL(/#\/reports\/[^/]+\/symbol\/[^/]+\/\d{4}-\d\d-\d\d$/);
  const sheet = page.getByRole('region', { name: 'The report as it is printed' });
  await expect(sheet.getByRole('img', { name: /^Where the money goes/ })).toBeVisible();
  await expectAccessible(page);

  const file = (format: string) => savedBy(() => page.getByRole('button', { name: format, exact: true }).click());
  const pdf = await file('PDF');
  expect(pdf.name).toMatch(/^[\w-]+_[\w-]+_\d{4}-\d\d-\d\d\.pdf$/);
  expect(pdf.content.subarray(0, 5).toString('latin1')).toBe('%PDF-');
  expect(pdf.content.toString('latin1')).toMatch(/\/Count 1\b/);
  const json = JSON.parse((await file('JSON')).content.toString('utf8'));
  expect(json.schema).toBe('lockstep.report/1');
  const html = (await file('HTML')).content.toString('utf8');
  expect(html).toContain(`<h1>${json.key.symbol} · ${json.key.from}</h1>`);
  const lines = (await file('CSV')).content.toString('utf8').trimEnd().split('\r\n');
  expect(lines[0]).toMatch(/^strategy,symbol,day,/);
  expect(lines.filter((line) => line.includes(',matched,'))).toHaveLength(json.matches.matched);

  // On paper there is the report alone.
  await page.emulateMedia({ media: 'print' });
  await expect(page.getByRole('navigation', { name: 'Pages' })).toBeHidden();
  await expect(sheet).toBeVisible();
  await page.emulateMedia({ media: null });

  // Beside the day before.
  await page.getByRole('link', { name: 'Compare', exact: true }).click();
  await expect(page.getByRole('heading', { level: 1 })).toHaveText('Side by side');
  const before = new Date(Date.parse(`${json.key.from}T00:00:00Z`) - 86_400_000).toISOString().slice(0, 10);
  await page.getByLabel('First day A').fill(before);
  await page.getByLabel('Last day A').fill(before);
  await page.keyboard.press('Enter');
  await expect(page.getByRole('row', { name: /^Tracking difference/ })).toContainText(/within|beyond/);
  await expect(page).toHaveURL(new RegExp(`a-from=${before}`));
  await expectAccessible(page);

  // The month, as one archive.
  await page.getByRole('navigation', { name: 'Pages' }).getByRole('link', { name: 'Reports' }).click();
  await page.getByLabel('As', { exact: true }).selectOption('json');
  const archive = await savedBy(() => page.getByRole('button', { name: /^Export \d+ files as zip$/ }).click());
  const members = Object.entries(unzipSync(archive.content));
  expect(members.length).toBeGreaterThan(0);
  for (const [name, content] of members) {
    expect(name).toMatch(/_portfolio_\d{4}-\d\d-\d\d\.json$/);
    expect(JSON.parse(Buffer.from(content).toString('utf8')).key.symbol).toBeNull();
  }
}
