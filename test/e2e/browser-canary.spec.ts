import { confirmRollback, createAndStart } from './canary-story';
import { expect, test } from './consoles';

test('a version goes on trial and is rolled back in the window of its own', async ({ openServed, dataDirectory }) => {
  const { page } = await openServed();
  await createAndStart(page, dataDirectory);
  const opened = page.context().waitForEvent('page');
  await page.getByRole('button', { name: 'Roll back…' }).click();
  await confirmRollback(await opened, dataDirectory);
  await expect(page.getByText('Set off by the operator: Rehearsed by hand')).toBeVisible();
});
