import { expect, test } from './consoles';

/** The served guarded control is of another origin: the console's page can have it opened and can reach nothing of it. */

test('the page opens a window it cannot script, frame or speak for', async ({ openServed, complaints }) => {
  // What the page is made to try here is refused loudly by the browser; the control asks for a deployment that is not there.
  complaints.expect(/Content Security Policy|Refused to|ERR_|Cross-Origin/);
  const { page } = await openServed();
  const answer = await page.evaluate(() =>
    fetch('/guard', { method: 'POST', body: 'no-such' }).then((one) => one.json()),
  );
  const { url } = (answer as { value: { url: string } }).value; // the wire protocol's answer
  expect(new URL(url).origin).not.toBe(new URL(page.url()).origin);

  // A script of the page can neither take the ticket, nor ask a question, nor frame the control.
  const tried = await page.evaluate(async (address) => {
    const { origin } = new URL(address);
    const outcome = async (attempt: Promise<Response>) =>
      attempt.then(
        (one) => one.type,
        () => 'refused',
      );
    return [
      await outcome(fetch(address, { mode: 'no-cors' })),
      await outcome(fetch(`${origin}/challenge`, { method: 'POST', body: 'null' })),
      await new Promise((resolve) => {
        const frame = document.createElement('iframe');
        frame.src = origin;
        document.body.append(frame);
        setTimeout(() => {
          let reached = 'refused';
          try {
            reached = frame.contentWindow?.document.body.textContent || 'refused';
          } catch {
            // another origin: not even its document
          }
          frame.remove();
          resolve(reached);
        });
      }),
    ];
  }, url);
  expect(tried).toEqual(['refused', 'refused', 'refused']);

  const opened = page.context().waitForEvent('page');
  await page.evaluate((address) => {
    Object.assign(globalThis, { held: window.open(address, '_blank', 'popup') });
  }, url);
  const control = await opened;
  await expect(control.getByRole('heading', { level: 1 })).toContainText('Roll back');
  // The address no longer holds the token, and the page's hold on the window is cut.
  expect(new URL(control.url()).hash).toBe('');
  expect(await control.evaluate(() => window.opener)).toBe(null);
  expect(await page.evaluate(() => (globalThis as never as { held: Window }).held.closed)).toBe(true); // set above

  // The ticket was good once.
  const second = await page.context().newPage();
  const replayed = await second.goto(url);
  expect(replayed?.status()).toBe(403);
});
