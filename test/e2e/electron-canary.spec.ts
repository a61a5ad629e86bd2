import { confirmRollback, createAndStart } from './canary-story';
import { expect, test } from './consoles';

test('a version goes on trial and is rolled back in the view of its own', async ({ openElectron, dataDirectory }) => {
  const { app, page } = await openElectron();
  await createAndStart(page, dataDirectory);
  const opened = app.waitForEvent('window');
  await page.getByRole('button', { name: 'Roll back…' }).click();
  const control = await opened;
  expect(control.url()).toBe('app://guard/');
  await confirmRollback(control, dataDirectory);
  // It is gone before the key is up again.
  await control.keyboard.press('Escape').catch(() => {});
  await expect.poll(() => app.windows().length).toBe(1);
  await expect(page.getByText('Set off by the operator: Rehearsed by hand')).toBeVisible();
});
