import { readFile } from 'node:fs/promises';
import { expect, test } from './consoles';
import { calibrate, chartsAsTables, drillDown, windowsOfDays } from './parity-story';

test('desk, symbol, day, order, fills, source line in the served console', async ({ openServed }) => {
  test.setTimeout(180_000); // several stories on one desk, whose making takes longest
  const { page } = await openServed();
  await drillDown(page);
  await chartsAsTables(page);
  await calibrate(page);
  await windowsOfDays(page);

  // The window's files: the sheet prints on one page, the document is of the whole window.
  await page.goBack();
  const saved = async (format: string) => {
    const [download] = await Promise.all([
      page.waitForEvent('download'),
      page.getByRole('button', { name: format, exact: true }).click(),
    ]);
    return readFile(await download.path(), 'utf8');
  };
  const { window } = JSON.parse(await saved('JSON'));
  expect(window.days).toBe(30);
  const paper = await page.context().newPage();
  const html = await saved('HTML');
  expect(html).toContain('Why these days differ');
  await paper.setContent(html);
  const pdf = await paper.pdf({ format: 'A4', preferCSSPageSize: true });
  expect(pdf.toString('latin1').match(/\/Type \/Page\b/g)).toHaveLength(1);
});
