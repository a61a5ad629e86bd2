import { expectAccessible } from './access';
import { confirmRollback, createAndStart } from './canary-story';
import { expect, test } from './consoles';
import { goTo } from './desk-story';

test('a version goes on trial and is rolled back in the window of its own', async ({ openServed, dataDirectory }) => {
  const { page } = await openServed();
  await createAndStart(page, dataDirectory);
  const opened = page.context().waitForEvent('page');
  await page.getByRole('button', { name: 'Roll back…' }).click();
  await confirmRollback(await opened, dataDirectory);
  await expect(page.getByText('Set off by the operator: Rehearsed by hand')).toBeVisible();
});

test('a console without a keychain says where secrets go instead', async ({ openServed }) => {
  const { page } = await openServed();
  await goTo(page, '#/canary');
  await page.getByRole('link', { name: 'Secrets' }).click();
  await expect(page.getByText(/name an environment variable in the playbook/)).toBeVisible();
  await expect(page.getByRole('button', { name: 'Set a secret…' })).toBeDisabled();
  await expectAccessible(page);
});
