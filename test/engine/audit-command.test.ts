import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { beforeEach, describe, expect, it } from 'vitest';
import { auditExportOutputSchema, auditVerifyOutputSchema, errorOutputSchema } from '../../shared/contract/output';
import { lockstep } from '../support/command-line';
import { openedDesk, temporaryFolder } from '../support/temporary-desk';

let folder = '';
let desk = '';

beforeEach(async () => {
  folder = await temporaryFolder();
  desk = join(folder, 'desk');
  const store = await openedDesk(desk);
  for (let n = 1; n <= 5; n++)
    await store.audit.append({
      atUs: n,
      actor: { kind: 'user', name: 'ada' },
      action: 'settings.changed',
      subject: 'limits',
      payload: { n },
    });
  await store.close();
});

describe('the audit trail on the command line', () => {
  it('is verified in the desk and as the file it was exported to', async () => {
    const file = join(folder, 'trail.jsonl');
    const verified = await lockstep(desk, ['audit', 'verify', '--json']);
    expect(verified).toMatchObject({ code: 0, err: '' });
    expect(auditVerifyOutputSchema.parse(JSON.parse(verified.out))).toMatchObject({ records: 5, broken: null });
    const exported = await lockstep(desk, ['audit', 'export', file, '--json']);
    expect(auditExportOutputSchema.parse(JSON.parse(exported.out))).toMatchObject({ path: file, records: 5 });
    expect(await lockstep(join(folder, 'no-desk'), ['audit', 'verify', file])).toMatchObject({
      code: 0,
      out: expect.stringContaining('5 records'),
    });
    expect((await lockstep(desk, ['audit', 'export'])).out).toBe(await readFile(file, 'utf8'));
  });

  it('exits with 2 and names the record that was changed', async () => {
    const file = join(folder, 'trail.jsonl');
    await lockstep(desk, ['audit', 'export', file]);
    const text = await readFile(file, 'utf8');
    await writeFile(file, text.replace('"n":3', '"n":4'));
    const verified = await lockstep(desk, ['audit', 'verify', file, '--json']);
    expect(verified.code).toBe(2);
    expect(auditVerifyOutputSchema.parse(JSON.parse(verified.out))).toMatchObject({
      records: 2,
      broken: { sequence: 3 },
    });
    expect((await lockstep(desk, ['audit', 'verify', file])).out).toContain('broken at record 3');
  });

  it.each([
    ['a file that is there is not written over', ['export', 'trail.jsonl'], 'file-unwritable'],
    ['a file that is not there is not verified', ['verify', 'missing.jsonl'], 'file-unreadable'],
  ])('%s', async (_, [verb = '', name = ''], code) => {
    await writeFile(join(folder, 'trail.jsonl'), 'mine');
    const failed = await lockstep(desk, ['audit', verb, join(folder, name), '--json']);
    expect(failed).toMatchObject({ code: 1, out: '' });
    expect(errorOutputSchema.parse(JSON.parse(failed.err)).error.code).toBe(code);
    expect(await readFile(join(folder, 'trail.jsonl'), 'utf8')).toBe('mine');
  });
});
