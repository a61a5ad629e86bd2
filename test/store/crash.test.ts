import { spawn } from 'node:child_process';
import { createInterface } from 'node:readline';
import { beforeAll, describe, expect, it } from 'vitest';
import { addUtcDays } from '../../shared/base/time';
import { bundledScript } from '../support/bundled-script';
import { dayOf } from '../support/stored-executions';
import { openedDesk, storesForTest, temporaryFolder } from '../support/temporary-desk';
import { importSize } from './scripts/import-size';

/**
 * A process that imports without end is killed at random moments. Whatever the moment: each import is whole or gone, none that was
 * reported as done is missing, and the next process goes on at once.
 */
const CHAINS = 3;
const KILLS_EACH = 10;

let script = '';
beforeAll(async () => {
  script = await bundledScript('test/store/scripts/import-forever.ts');
}, 60_000);

/** Runs the script until `delayMs` after it began its n-th import; returns the imports it was told are stored. */
async function runAndKill(folder: string, nth: number, delayMs: number): Promise<readonly string[]> {
  const child = spawn(process.execPath, [script, folder], { stdio: ['ignore', 'pipe', 'pipe'] });
  const done: string[] = [];
  let complaint = '';
  child.stderr.on('data', (chunk: Buffer) => {
    complaint += chunk.toString();
  });
  let begun = 0;
  for await (const line of createInterface({ input: child.stdout })) {
    if (line.startsWith('done ')) done.push(line.slice('done '.length));
    if (!line.startsWith('begun ')) continue;
    begun += 1;
    if (begun === nth) setTimeout(() => child.kill('SIGKILL'), delayMs);
  }
  if (begun < nth) throw new Error(`The importing process ended by itself: ${complaint}`);
  return done;
}

async function killAgainAndAgain(chain: number): Promise<void> {
  const folder = await temporaryFolder();
  const reported = new Set<string>();
  for (let kill = 0; kill < KILLS_EACH; kill++) {
    const delayMs = Math.random() * 60;
    const nth = 1 + (kill % 3);
    for (const id of await runAndKill(folder, nth, delayMs)) reported.add(id);
    const desk = await openedDesk(folder, storesForTest(), 'existing');
    const { rows } = await desk.imports.list({ offset: 0, limit: 10_000 });
    const done = new Set(rows.filter(({ state }) => state === 'done').map(({ id }) => id));
    const where = `chain ${chain}, kill ${kill}, ${delayMs.toFixed(1)} ms into import ${nth}`;
    expect(
      rows.filter(({ state }) => state === 'running'),
      where,
    ).toEqual([]);
    for (const record of rows.filter(({ state }) => state === 'failed')) {
      expect(record.failure?.code, where).toBe('interrupted');
    }
    expect(
      [...reported].filter((id) => !done.has(id)),
      where,
    ).toEqual([]);
    let executions = 0;
    for (const { key, count } of await desk.executions.segments({})) {
      const columns = (await desk.executions.readSegment(key))!;
      expect(columns.count, where).toBe(count);
      executions += count;
      const imports = Array.from(columns.importIndex, (index) => columns.dictionaries.importIds[index]!);
      expect(new Set(imports), where).toEqual(done);
    }
    expect(executions, where).toBe(done.size * importSize.days * importSize.symbols * importSize.rows);
    let events = 0;
    for (let day = 0; day < importSize.days; day++) {
      const utcDay = addUtcDays(dayOf('2026-01-01'), day);
      const found = await desk.executions.orderEvents({ strategy: 'alpha', symbol: 'S0', day: utcDay });
      events += found.length;
    }
    expect(events, where).toBe(done.size * importSize.days);
    const { total } = await desk.imports.quarantined(null, { offset: 0, limit: 1 });
    expect(total, where).toBe(done.size * importSize.days);
    const [strategy] = await desk.executions.strategies();
    expect(strategy?.liveExecutions ?? 0, where).toBe(executions);
    for (const { id, state } of rows) {
      const { atUs } = await desk.executions.prices(`P-${id}`, 0, Number.MAX_SAFE_INTEGER);
      expect(atUs.length, where).toBe(state === 'done' ? importSize.days : 0);
    }
    expect((await desk.health()).integrity, where).toBe('ok');
    await desk.close();
  }
  expect(reported.size).toBeGreaterThan(0);
}

describe('kill -9 while importing', () => {
  it('leaves whole imports or none of them', async () => {
    await Promise.all(Array.from({ length: CHAINS }, (_, chain) => killAgainAndAgain(chain)));
  }, 180_000);
});
