import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { appendFile, mkdir, rename, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { DeskStore } from '../../electron/engine/ports';
import { systemClock, systemIds } from '../../electron/engine/system';
import { deskStores } from '../../electron/store';
import { textAt } from '../../shared/market/text-column';

/**
 * Kills a following process again and again while logs are written to, and says what the desk holds then. Rows carry their number as
 * order id and no trade id, every fifth is written twice, so that a lost row and a doubled one both show in the count of its number.
 */
export interface CrashOutcome {
  readonly kills: number;
  readonly written: number;
  readonly stored: number;
  readonly lost: readonly string[];
  readonly doubled: readonly string[];
  readonly rotations: number;
}

export async function crashFollowing(
  folder: string,
  program: string,
  worker: string,
  kills: number,
  random: () => number,
  onKill: (kill: number) => void = () => undefined,
): Promise<CrashOutcome> {
  const logs = join(folder, 'logs');
  const deskFolder = join(folder, 'desk');
  await mkdir(logs, { recursive: true });
  const stores = deskStores({ clock: systemClock, ids: systemIds });
  const open = async (mode: 'create' | 'existing'): Promise<DeskStore> => {
    const opened = await stores.openDeskStore(deskFolder, mode);
    if (!opened.ok) throw new Error(opened.error.message);
    return opened.value;
  };
  const desk = await open('create');
  const settings = {
    source: 'live',
    strategy: 'alpha',
    account: null,
    version: null,
    format: null,
    map: null,
    zone: null,
    symbol: null,
  } as const;
  await desk.watches.add(logs, 'folder', settings);
  await desk.close();

  const log = join(logs, 'bot.log');
  const header = 'executedAt,symbol,side,price,quantity,fee,feeCurrency,tradeId,orderId\n';
  await writeFile(log, header);
  const expected = new Map<string, number>();
  let row = 0;
  let rotations = 0;
  /** What was begun and not yet written of the last row. */
  let rest = '';
  const nextRows = (count: number): string => {
    let text = '';
    for (let index = 0; index < count; index++) {
      const times = row % 5 === 0 ? 2 : 1;
      const at = new Date(Date.UTC(2026, 0, 5) + row * 10).toISOString();
      text += `${at},BTC/USDT,buy,${100 + (row % 7)},1,0.1,USDT,,o${row}\n`.repeat(times);
      expected.set(`o${row}`, times);
      row++;
    }
    return text;
  };
  const write = async () => {
    const text = rest + nextRows(1 + Math.floor(random() * 40));
    const end = text.length - Math.floor(random() * 60);
    rest = text.slice(end);
    await appendFile(log, text.slice(0, end));
  };
  /** Sometimes the log goes on in a new file, in the middle of a row. */
  const rotate = async () => {
    for (let number = rotations; number > 0; number--) await rename(`${log}.${number}`, `${log}.${number + 1}`);
    await rename(log, `${log}.1`);
    rotations++;
    await writeFile(log, '');
  };

  let child: ChildProcess | null = null;
  const start = async () => {
    child = spawn(process.execPath, [program, worker, deskFolder], { stdio: ['ignore', 'pipe', 'inherit'] });
    await once(child.stdout!, 'data');
  };
  const caughtUp = async (): Promise<void> => {
    const { stdout } = child!;
    let seen = 0;
    // What was being read when it was asked may lie before what was written last.
    while (seen < 2) seen += String((await once(stdout!, 'data'))[0]).split('caught-up').length - 1;
  };
  // The log is known before it is first turned over.
  await write();
  await start();
  await caughtUp();
  child!.kill('SIGKILL');
  for (let kill = 0; kill < kills; kill++) {
    await start();
    const killed = once(child!, 'exit');
    let over = false;
    const timer = setTimeout(() => child?.kill('SIGKILL'), random() * 400);
    void killed.then(() => {
      over = true;
    });
    while (!over) {
      await write();
      await new Promise((resolve) => setTimeout(resolve, 1 + random() * 15));
    }
    clearTimeout(timer);
    onKill(kill + 1);
    if (random() < 0.1) await rotate();
  }
  await appendFile(log, rest);
  await start();
  await caughtUp();
  const ended = once(child!, 'exit');
  child!.kill('SIGKILL');
  await ended;

  const after = await open('existing');
  const stored = new Map<string, number>();
  let total = 0;
  for (const { key } of await after.executions.segments({})) {
    const columns = await after.executions.readSegment(key);
    for (let index = 0; columns && index < columns.count; index++) {
      const id = textAt(columns.orderId, index);
      stored.set(id, (stored.get(id) ?? 0) + 1);
      total++;
    }
  }
  await after.close();
  const written = [...expected.values()].reduce((sum, times) => sum + times, 0);
  return {
    kills,
    written,
    stored: total,
    lost: [...expected].filter(([id, times]) => (stored.get(id) ?? 0) < times).map(([id]) => id),
    doubled: [...stored].filter(([id, times]) => times > (expected.get(id) ?? 0)).map(([id]) => id),
    rotations,
  };
}
