import { readFile } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { expect, test } from './consoles';
import { takeReportsAlong } from './reports-story';

test('reports are opened, compared and saved where the dialog says', async ({ openElectron, dataDirectory }) => {
  test.setTimeout(180_000);
  const { app, page } = await openElectron();
  let saved = 0;
  await takeReportsAlong(page, async (action) => {
    const folder = join(dataDirectory, `saved-${++saved}`);
    // The dialog is the system's; what the user would choose stands in for it.
    await app.evaluate(({ dialog }, path) => {
      dialog.showSaveDialog = async (...given: unknown[]) => {
        const options = given.at(-1) as { defaultPath: string }; // the dialog is called with a window and options, or with options
        return { canceled: false, filePath: `${path}-${options.defaultPath.split(/[\\/]/).at(-1)}` };
      };
    }, folder);
    await action();
    const said = page.getByRole('status').filter({ hasText: `Saved ${basename(folder)}-` });
    await expect(said).toBeVisible({ timeout: 60_000 });
    const name = ((await said.textContent()) ?? '').replace('Saved ', '');
    return { name: name.slice(`${basename(folder)}-`.length), content: await readFile(join(folder, '..', name)) };
  });
});

test('nothing is written when no place is chosen', async ({ openElectron }) => {
  const { app, page } = await openElectron();
  await app.evaluate(({ dialog }) => {
    dialog.showSaveDialog = async () => ({ canceled: true, filePath: '' });
  });
  const answer = await page.evaluate(() =>
    (globalThis as never as { lockstep: { saveFile(file: object): Promise<unknown> } }).lockstep.saveFile({
      name: '../../x.json',
      content: '{}',
    }),
  ); // exposed by the preload
  expect(answer).toEqual({ ok: true, value: null });
});
