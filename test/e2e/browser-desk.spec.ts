import { once } from 'node:events';
import { expectAccessible } from './access';
import { expect, test } from './consoles';
import { expectImported, expectReport, goTo, importLogs, writeLogs } from './desk-story';

/** The served console in Chromium: the same page, the same story, over the loopback. */

test('two logs become a parity report, and a restart keeps it', async ({ openServed, dataDirectory }) => {
  const first = await openServed();
  expect(new URL(first.page.url()).search).toBe(''); // the token does not stay in the address
  await importLogs(first.page, await writeLogs(dataDirectory));
  await expectReport(first.page);
  first.server.kill('SIGINT');
  const [code] = await once(first.server, 'exit');
  expect(code).toBe(0);
  await first.page.close();

  const second = await openServed();
  await goTo(second.page, '#/imports');
  await expectImported(second.page);
  await expectReport(second.page);
});

test('the sample desk opens, is marked as such, and every page is accessible', async ({ openServed }) => {
  const { page } = await openServed();
  await expectAccessible(page);
  await page.getByRole('button', { name: 'Open the sample desk' }).click();
  await expect(page.getByRole('banner')).toContainText(/sample data/i, { timeout: 60_000 });
  await expect(page.getByRole('region', { name: 'Verdict' })).toBeVisible({ timeout: 60_000 });
  for (const hash of [
    '#/desk',
    '#/parity',
    '#/parity/mean-reversion-1m',
    '#/parity/mean-reversion-1m/symbol/BTC%2FUSDT',
    '#/parity/no/such/address',
    '#/imports',
    '#/about',
  ]) {
    await goTo(page, hash);
    await expect(page.getByRole('main').getByRole('heading', { level: 1 })).toBeVisible();
    await expectAccessible(page);
  }
});

test('the address without its token shows nothing, and neither does the same console to another browser', async ({
  openServed,
  complaints,
}) => {
  complaints.expect(/401/);
  const { page, url } = await openServed();
  const answer = await fetch(new URL('/', url));
  expect(answer.status).toBe(401);
  const stranger = await page.context().browser()?.newPage();
  await stranger?.goto(new URL('/', url).href);
  await expect(stranger?.locator('body') ?? page.locator('nothing')).toContainText(
    'Open the address that Lockstep printed',
  );
});

test('a page from elsewhere cannot reach the console, even in the same browser', async ({ openServed }) => {
  const { page, url } = await openServed();
  const { port } = new URL(url);
  const elsewhere = await page.context().newPage();
  await elsewhere.route('http://elsewhere.example/', (route) =>
    route.fulfill({ contentType: 'text/html', body: '<!doctype html><title>elsewhere</title>' }),
  );
  await elsewhere.goto('http://elsewhere.example/');
  const outcome = await elsewhere.evaluate(async (own) => {
    const attempt = (promise: Promise<unknown>) =>
      promise.then(
        () => 'reached',
        () => 'refused',
      );
    return {
      read: await attempt(fetch(`http://127.0.0.1:${own}/`, { credentials: 'include' })),
      upload: await fetch(`http://127.0.0.1:${own}/upload?name=a.csv`, {
        method: 'POST',
        mode: 'no-cors',
        credentials: 'include',
        body: 'x',
      }).then(
        ({ status }) => status, // 0: opaque, and refused on the other side
        () => 'refused',
      ),
      socket: await new Promise((resolve) => {
        const socket = new WebSocket(`ws://127.0.0.1:${own}/socket`);
        socket.onopen = () => resolve('reached');
        socket.onerror = () => resolve('refused');
      }),
    };
  }, port);
  expect(outcome).toEqual({ read: 'refused', upload: expect.anything(), socket: 'refused' });
});
