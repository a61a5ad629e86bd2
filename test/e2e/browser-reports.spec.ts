import { readFile } from 'node:fs/promises';
import { expect, test } from './consoles';
import { takeReportsAlong } from './reports-story';

test('reports are opened, compared and downloaded in the served console', async ({ openServed }) => {
  test.setTimeout(180_000);
  const { page } = await openServed();
  await takeReportsAlong(page, async (action) => {
    const [download] = await Promise.all([page.waitForEvent('download'), action()]);
    return { name: download.suggestedFilename(), content: await readFile(await download.path()) };
  });
});

test('without data the page says what to do', async ({ openServed }) => {
  const { page } = await openServed();
  await page.getByRole('link', { name: 'Reports', exact: true }).click();
  await expect(page.getByRole('button', { name: 'Open the sample desk' })).toBeVisible();
});
