import { appendFile, mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { watchesOutputSchema } from '../../shared/contract/output';
import { lockstep } from '../support/command-line';
import { csvOf, csvRow } from '../support/import-desk';
import { temporaryFolder } from '../support/temporary-desk';

/** `lockstep watch` and `lockstep follow` over the real store. */

describe('following on the command line', () => {
  it('adds a folder, reads what is there once, and lists what it brought', async () => {
    const folder = await temporaryFolder();
    const [desk, logs] = [join(folder, 'desk'), join(folder, 'logs')];
    await mkdir(logs);
    await writeFile(join(logs, 'fills.csv'), csvOf([{ tradeId: 't1' }, { tradeId: 't2' }]));
    const added = await lockstep(desk, ['watch', 'add', logs, '--source', 'live', '--strategy', 'alpha', '--json']);
    const { watches, follower } = watchesOutputSchema.parse(JSON.parse(added.out));
    expect(follower).toBe('none');
    expect(watches).toMatchObject([{ path: logs, kind: 'folder', executions: 0 }]);
    expect((await lockstep(desk, ['follow', '--once'])).out).toContain('2 executions');
    await appendFile(join(logs, 'fills.csv'), `${csvRow({ tradeId: 't3' })}\n`);
    expect((await lockstep(desk, ['follow', '--once'])).out).toContain('3 executions');
    const id = watches[0]?.id ?? '';
    expect((await lockstep(desk, ['watch', 'pause', id])).out).toContain('paused');
    expect((await lockstep(desk, ['watch', 'remove', id])).out).toContain('Nothing is followed');
  });

  it.each([
    [['watch', 'add', 'nowhere', '--source', 'live'], 'file-missing'],
    [['watch', 'add', '.'], 'usage'],
    [['watch', 'pause', 'watch-9'], 'not-found'],
    [['watch', 'look'], 'usage'],
    [['watch', 'remove'], 'usage'],
  ])('%j is refused as %s', async (words, code) => {
    const folder = await temporaryFolder();
    const ran = await lockstep(join(folder, 'desk'), [...words, '--json']);
    expect(ran.code).toBe(1);
    expect(JSON.parse(ran.err)).toMatchObject({ error: { code } });
  });

  it('has nothing to do where nothing is watched', async () => {
    const folder = await temporaryFolder();
    await lockstep(join(folder, 'desk'), ['watch', 'list']);
    const ran = await lockstep(join(folder, 'desk'), ['follow', '--once', '--json']);
    expect(JSON.parse(ran.err)).toMatchObject({ error: { code: 'no-data' } });
  });
});
