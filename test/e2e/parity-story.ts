import { expect, type Page } from '@playwright/test';
import { expectAccessible } from './access';

/** From the desk down to a line of a log, as an operator goes: the same steps in Electron and in the browser. */
export async function drillDown(page: Page): Promise<void> {
  await page.getByRole('link', { name: 'Desk', exact: true }).click();
  await page.getByRole('button', { name: 'Open the sample desk' }).click();

  // The desk answers at once, in words.
  const verdict = page.getByRole('region', { name: 'Verdict' });
  await expect(verdict).toContainText(/In parity|Out of parity|Parity unknown/, { timeout: 60_000 });
  await expect(verdict).toContainText('Tracking difference');
  await expectAccessible(page);

  // The worst symbol, by keyboard alone.
  const symbols = page.getByRole('grid', { name: 'Symbols, worst first' });
  await symbols.focus();
  await page.keyboard.press('Enter');
  await expect(page).toHaveURL(/#\/parity\/[^/]+\/symbol\/[^/]+\/\d{4}-\d\d-\d\d$/);
  await expect(page.getByRole('heading', { level: 1 })).toHaveText(/\S+\/\S+ · \d{4}-\d\d-\d\d/);

  // The parts of the page are one press away, and the page is not left.
  const address = page.url();
  await page.getByRole('navigation', { name: 'On this page' }).getByRole('button', { name: 'Data quality' }).focus();
  await page.keyboard.press('Enter');
  await expect(page.getByRole('region', { name: 'Data quality of the day' })).toBeFocused();
  await expect(page.getByRole('heading', { name: 'Data quality' })).toBeInViewport();
  expect(page.url()).toBe(address);

  // The waterfall ends at the gap.
  const waterfall = page.getByRole('table', { name: /The gap between live and backtest by cause/ });
  await expect(waterfall).toBeVisible();
  const steps = await waterfall.locator('tbody tr td:nth-child(3)').allTextContents();
  const [gap] = await waterfall.locator('tfoot td:nth-child(3)').allTextContents();
  const sum = steps.map(amount).reduce((total, value) => total + value, 0);
  expect(Math.abs(sum - amount(gap ?? ''))).toBeLessThan(0.01 * steps.length);
  await expectAccessible(page);

  // Why the day differs, by keyboard: the bars end at the gap, a cause leads to its orders, an order to both sides.
  const causes = page.getByRole('table', { name: /Causes of the gap by money/ });
  const parts = (await causes.locator('tbody tr td:nth-child(3)').allTextContents()).map(amount);
  const [total] = await causes.locator('tfoot td:nth-child(3)').allTextContents();
  expect(Math.abs(parts.reduce((sum, value) => sum + value, 0) - amount(total ?? ''))).toBeLessThan(
    0.01 * parts.length,
  );
  expect(parts.map(Math.abs)).toEqual(parts.map(Math.abs).sort((a, b) => b - a));
  await causes.getByRole('button').nth(1).focus();
  await page.keyboard.press('Enter');
  await expect(page).toHaveURL(/why=/);
  const ofCause = page.getByRole('grid', { name: /^Orders of .*, largest first$/ });
  await ofCause.focus();
  await page.keyboard.press('Enter');
  const why = page.getByRole('region', { name: /^Order \S+ (live|backtest):\d+$/ });
  await expect(why.getByRole('link', { name: /\.(csv|jsonl):\d+$/ }).first()).toBeVisible();
  await expectAccessible(page);
  await why.getByRole('button', { name: 'Close' }).click();
  await expect(why).toHaveCount(0);

  // A part of the waterfall leads to its orders, an order to its fills, a fill to its line.
  await waterfall.getByRole('button', { name: 'Fees' }).click();
  await expect(page.getByRole('heading', { name: 'Orders behind fees, largest first' })).toBeVisible();
  const orders = page.getByRole('grid', { name: 'Orders, live beside backtest' });
  await orders.focus();
  await page.keyboard.press('ArrowDown');
  await page.keyboard.press('Enter');
  const order = page.getByRole('region', { name: /^Order live:\d+$/ });
  await expect(order.getByRole('link', { name: /\.(csv|jsonl):\d+$/ }).first()).toBeVisible();
  const opened = await order.getAttribute('aria-label');

  // The address alone brings it back.
  const withOrder = page.url();
  expect(withOrder).toContain('order=live%3A');
  await page.reload();
  await expect(page.getByRole('region', { name: opened ?? '', exact: true })).toBeVisible();
  expect(page.url()).toBe(withOrder);
  await expectAccessible(page);

  // One key to the day before, and back.
  const title = await page.getByRole('heading', { level: 1 }).textContent();
  await page.getByRole('heading', { level: 1 }).focus();
  await page.keyboard.press('k');
  await expect(page.getByRole('heading', { level: 1 })).not.toHaveText(title ?? '');
  await page.keyboard.press('j');
  await expect(page.getByRole('heading', { level: 1 })).toHaveText(title ?? '');
}

/** Every chart says the same as a table, reached by keyboard. */
export async function chartsAsTables(page: Page): Promise<void> {
  const toggles = page.getByRole('button', { name: 'Table', exact: true });
  const count = await toggles.count();
  expect(count).toBeGreaterThan(0);
  for (let index = 0; index < count; index++) {
    await toggles.nth(index).focus();
    await page.keyboard.press('Enter');
  }
  const tables = page.getByRole('region', { name: 'Figures of the chart' });
  await expect(tables).toHaveCount(count);
  for (const table of await tables.all()) expect(await table.getByRole('row').count()).toBeGreaterThan(1);
  await expectAccessible(page);
}

/** The backtest of a symbol is calibrated by keyboard, and its settings are kept as a file of the browser's downloads. */
export async function calibrate(page: Page): Promise<void> {
  await page.evaluate(() => {
    location.hash = '#/parity/breakout-15m/symbol/BTC%2FUSDT';
  });
  const press = page.getByRole('button', { name: 'Calibrate', exact: true });
  await press.focus();
  await page.keyboard.press('Enter');
  const outcome = page.getByRole('region', { name: 'Calibration', exact: true });
  await expect(outcome).toContainText('settings found', { timeout: 60_000 });
  // The strategy's story: its backtest charges every order 2 bps, live pays 9.6 as taker.
  await expect(outcome.getByRole('row', { name: /^Taker fee/ })).toContainText(/9\.60 bps.*2\.00/);
  await expectAccessible(page);
  const saving = page.waitForEvent('download');
  await outcome.getByRole('button', { name: 'NautilusTrader' }).focus();
  await page.keyboard.press('Enter');
  expect((await saving).suggestedFilename()).toBe('calibration_breakout-15m_BTC-USDT_nautilus.py');
  await expect(outcome.getByRole('status')).toContainText('Saved');
}

/** Of a strategy over windows of days: verdict, worst days, statistics and how they are counted, by keyboard. */
export async function windowsOfDays(page: Page): Promise<void> {
  await page.getByRole('link', { name: 'Parity', exact: true }).first().click();
  const strategies = page.getByRole('grid', { name: 'Strategies' });
  await strategies.focus();
  await page.keyboard.press('Enter');
  const figures = page.getByRole('region', { name: 'Statistics, live beside backtest' });
  await expect(figures.getByRole('row', { name: /^Sharpe ratio/ })).toContainText(/\d/);
  await expect(page.getByText('30 days', { exact: true }).first()).toBeVisible();

  await page.getByText('How these are counted').focus();
  await page.keyboard.press('Enter');
  await expect(page.getByRole('region', { name: 'How figures are counted' })).toContainText('n − 1');
  await page.getByText('As other engines count the same days').focus();
  await page.keyboard.press('Enter');
  await expect(page.getByRole('region', { name: 'As other engines count' })).toContainText('Lean');
  await expectAccessible(page);

  // The window is part of the address, and everything is of its days.
  await page.getByRole('button', { name: '7 days', exact: true }).focus();
  await page.keyboard.press('Enter');
  await expect(page).toHaveURL(/window=7/);
  await expect(page.getByRole('status').filter({ hasText: '7 days with data' })).toBeVisible();
  await expect(page.getByRole('region', { name: 'Verdict' })).toContainText(
    /Tracking error of the window.*95 % interval/,
  );
  await expect(figures).toContainText('Sortino ratio');
  await expect(page.getByText('no interval below 20 days')).toBeVisible();
  await expect(page.getByRole('heading', { name: 'Why these days differ' })).toBeVisible();
  const worst = page.getByRole('table', { name: /^The days that stray most/ });
  await expect(worst.getByRole('row')).toHaveCount(8);
  await expectAccessible(page);

  // A range of its own, by keyboard; one that is none is told and changes nothing.
  const last = await page.getByLabel('Last day').inputValue();
  const first = new Date(Date.parse(`${last}T00:00:00Z`) - 2 * 86_400_000).toISOString().slice(0, 10);
  await page.getByLabel('First day').fill('yesterday');
  await page.keyboard.press('Enter');
  await expect(page.getByRole('status').filter({ hasText: 'Days are written YYYY-MM-DD.' })).toBeVisible();
  await page.getByLabel('First day').fill(first);
  await page.keyboard.press('Enter');
  await expect(page).toHaveURL(new RegExp(`from=${first}&to=${last}`));
  await expect(worst.getByRole('row')).toHaveCount(4);
  await page.reload();
  await expect(worst.getByRole('row')).toHaveCount(4);

  // A range without data says where there is some.
  await page.evaluate(() => {
    location.hash = `${location.hash.split('?')[0]}?from=2001-01-01&to=2001-01-02`;
  });
  await expect(page.getByRole('heading', { name: 'No data from 2001-01-01 to 2001-01-02.' })).toBeVisible();
  await page.getByRole('button', { name: 'Show all days' }).click();
  await expect(page).toHaveURL(/window=all/);

  // A worst day leads to that day.
  await worst.getByRole('link').first().focus();
  await page.keyboard.press('Enter');
  await expect(page).toHaveURL(/\/day\/\d{4}-\d\d-\d\d$/);
}

function amount(text: string): number {
  return Number(text.replace('−', '-').replace(/[+,\s]/g, ''));
}
