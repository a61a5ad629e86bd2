import { expectAccessible } from './access';
import { expect, test } from './consoles';
import { expectImported, expectReport, goTo, importLogs, writeLogs } from './desk-story';

/** The console in the real Electron, as an operator uses it. */

test('two logs become a parity report, and a restart keeps it', async ({ openElectron, dataDirectory }) => {
  const first = await openElectron();
  await importLogs(first.page, await writeLogs(dataDirectory));
  await expectReport(first.page);
  await expectAccessible(first.page);
  await first.app.close();

  const second = await openElectron();
  await goTo(second.page, '#/imports');
  await expectImported(second.page);
  await expectReport(second.page);
});

test('a file the page made up is refused: it has no path', async ({ openElectron }) => {
  const { page } = await openElectron();
  const answer = await page.evaluate(async () => {
    const { lockstep } = globalThis as never as { lockstep: { admitFiles(files: unknown[]): Promise<unknown> } }; // exposed by the preload
    return [await lockstep.admitFiles([new File(['x'], 'made-up.csv')]), await lockstep.admitFiles(['/etc/passwd'])];
  });
  expect(answer).toEqual([
    { ok: false, error: expect.objectContaining({ code: expect.stringMatching(/^file-/) }) },
    { ok: false, error: expect.objectContaining({ code: expect.stringMatching(/^file-/) }) },
  ]);
});

test('the first useful paint comes soon after the start', async ({ openElectron }, testInfo) => {
  const { app, page } = await openElectron();
  const { startedAt, paintedAt } = {
    startedAt: await app.evaluate(() => process.getCreationTime() ?? 0),
    // The page's own clock at the moment its first heading was painted.
    paintedAt: await page.evaluate(
      () =>
        performance.timeOrigin + (performance.getEntriesByName('first-contentful-paint')[0]?.startTime ?? Number.NaN),
    ),
  };
  const milliseconds = Math.round(paintedAt - startedAt);
  testInfo.annotations.push({ type: 'measured', description: `first paint after ${milliseconds} ms` });
  process.stdout.write(`first paint ${milliseconds} ms after the process began\n`);
  // The product's limit is 1.5 s on a quiet machine. The one that runs the tests attaches a debugger first and does other things as
  // well, so this bound only catches a start that became slow for good.
  expect(milliseconds).toBeLessThan(5_000);
});
