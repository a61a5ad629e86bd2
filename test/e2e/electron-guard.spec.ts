import type { ElectronApplication } from '@playwright/test';
import { expect, test } from './consoles';

/** The guarded rollback control in the shell: a view that the console's page can open and do nothing else with. */

interface Seen {
  readonly url: string;
  readonly bridge: readonly string[];
}

/** What each web page of the shell is and has, by its own word. */
function pagesOf(app: ElectronApplication): Promise<readonly Seen[]> {
  return app.evaluate(({ webContents }) =>
    Promise.all(
      webContents.getAllWebContents().map(async (contents) => ({
        url: contents.getURL(),
        bridge: (await contents.executeJavaScript(
          'Object.keys(window.lockstepGuard ?? window.lockstep ?? {}).sort()',
        )) as string[], // the names of the bridge that the preload exposes
      })),
    ),
  );
}

const guarded = ['canary.rollbackChallenge', 'canary.rollback'];

test('the page cannot ask for a challenge nor confirm one, and the control has four functions', async ({
  openElectron,
}) => {
  const { app, page } = await openElectron();
  for (const name of guarded) {
    const code = await page.evaluate(async (call) => {
      // exposed by the preload
      const { lockstep } = globalThis as never as {
        lockstep: { call(name: string, args: object): Promise<{ ok: boolean; error?: { code: string } }> };
      };
      return (await lockstep.call(call, { id: 'd' })).error?.code;
    }, name);
    expect(code, name).toBe('sender-refused');
  }
  await page.evaluate(async () => {
    const { lockstep } = globalThis as never as { lockstep: { openGuard(id: string): Promise<unknown> } }; // as above
    await lockstep.openGuard('no-such-deployment');
  });
  await expect
    .poll(async () => (await pagesOf(app)).find(({ url }) => url.startsWith('app://guard/'))?.bridge)
    .toEqual(['challenge', 'close', 'progress', 'rollback']);
});
