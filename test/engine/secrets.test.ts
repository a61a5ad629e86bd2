import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { type Cipher, createSecretVault } from '../../electron/engine/rollback/secret-file';
import { systemClock } from '../../electron/engine/system';
import { engineForTest } from '../support/engine';
import { failureOf, temporaryFolder, unwrapped } from '../support/temporary-desk';

/** Turns every bit: enough to see that what is written went through it. */
const turned: Cipher = {
  unavailable: () => null,
  encrypt: (value) => Buffer.from(Buffer.from(value).map((byte) => byte ^ 0xff)),
  decrypt: (bytes) => Buffer.from(bytes.map((byte) => byte ^ 0xff)).toString(),
};
const value = 'what nobody sees 4711';

describe('secrets', () => {
  it('are set, told by name, revealed and removed; the desk knows that, not what', async () => {
    const folder = await temporaryFolder();
    const vault = createSecretVault({
      file: join(folder, 'secrets.json'),
      cipher: turned,
      environment: {},
      clock: systemClock,
    });
    const log: string[] = [];
    const engine = engineForTest(folder, systemClock, { secrets: vault, log: (line) => log.push(line) });
    unwrapped(await engine.ask('secrets.set', { name: 'bot', value }));
    const listed = unwrapped(await engine.ask('secrets.list', {}));
    expect(listed.names.map(({ name }) => name)).toEqual(['bot']);
    expect(await vault.reveal({ kind: 'keychain', name: 'bot' })).toBe(value);
    unwrapped(await engine.ask('secrets.remove', { name: 'bot' }));
    expect(await failureOf(vault.reveal({ kind: 'keychain', name: 'bot' }))).toMatchObject({ code: 'not-found' });
    expect(await engine.ask('secrets.remove', { name: 'bot' })).toMatchObject({ error: { code: 'not-found' } });
    const page = { offset: 0, limit: 10 };
    const filter = { action: null, subject: null, actor: null, fromUs: null, toUs: null };
    const { records } = unwrapped(await engine.ask('audit.list', { ...filter, page }));
    expect(records.map(({ action, subject, payload }) => [action, subject, payload])).toEqual([
      ['secret.removed', 'bot', {}],
      ['secret.set', 'bot', {}],
    ]);
    unwrapped(await engine.ask('secrets.set', { name: 'bot', value }));
    const files = (await readdir(folder, { recursive: true, withFileTypes: true })).filter((entry) => entry.isFile());
    expect(files.length).toBeGreaterThan(1);
    for (const { parentPath, name } of files)
      expect((await readFile(join(parentPath, name))).includes(value), name).toBe(false);
    expect(JSON.stringify([log, unwrapped(await engine.ask('audit.export', {}))])).not.toContain(value);
  });

  it('are refused where there is no keychain, with the way that is left', async () => {
    const engine = engineForTest(await temporaryFolder());
    expect(await engine.ask('secrets.set', { name: 'bot', value })).toMatchObject({
      error: { code: 'unavailable', hint: expect.stringContaining('environment variable') },
    });
    expect(unwrapped(await engine.ask('secrets.list', {})).unavailable).toContain('environment variable');
  });
});
