import { mkdtemp, rm, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import sqlite3 from 'sqlite3';
import type { SegmentPart } from '../../electron/engine/ports';
import { systemClock, systemIds } from '../../electron/engine/system';
import { deskStores } from '../../electron/store';
import { addUtcDays, DAY_US, utcDayOf, utcDayStartUs } from '../../shared/base/time';
import { textColumnOf } from '../../shared/market/text-column';

/**
 * A million executions into the store and back, against the same library writing and reading rows: five runs each, taken in turn.
 * 50 symbols, 30 days, columns as in a live log; the rows of the peer hold the same values.
 */
const SYMBOLS = 50;
const DAYS = 30;
const PER_DAY = 667;
const RUNS = 5;
const SAVES = 500;

const parts = makeParts();
const executions = parts.reduce((sum, part) => sum + part.summary.count, 0);

function makeParts(): readonly SegmentPart[] {
  const made: SegmentPart[] = [];
  let serial = 0;
  for (let day = 0; day < DAYS; day++) {
    const utcDay = addUtcDays(utcDayOf(Date.parse('2026-01-01T00:00:00Z') * 1_000), day);
    const startUs = utcDayStartUs(utcDay);
    for (let symbol = 0; symbol < SYMBOLS; symbol++) {
      const rows = Array.from({ length: PER_DAY }, (_, row) => row);
      const executedAtUs = Float64Array.from(
        rows,
        (row) => startUs + Math.floor((row * DAY_US) / PER_DAY / 1_000) * 1_000,
      );
      const price = Float64Array.from(rows, (row) => 100 + symbol + Math.sin(row + day));
      const ids = rows.map(() => `${(serial++).toString().padStart(9, '0')}`);
      made.push({
        summary: {
          key: { source: 'live', strategy: 'bench', symbol: `S${symbol}/USDT`, day: utcDay },
          count: PER_DAY,
          firstUs: executedAtUs[0]!,
          lastUs: executedAtUs[PER_DAY - 1]!,
          netQuantity: PER_DAY % 2,
          lastPrice: price[PER_DAY - 1]!,
        },
        columns: {
          count: PER_DAY,
          executedAtUs,
          side: Int8Array.from(rows, (row) => (row % 2 === 0 ? 1 : -1)),
          price,
          quantity: new Float64Array(PER_DAY).fill(1),
          fee: price.map((value) => value * 0.001),
          feeCurrency: new Uint16Array(PER_DAY).fill(1),
          liquidity: Uint8Array.from(rows, (row) => 1 + (row % 2)),
          decidedAtUs: executedAtUs.map((at) => at - 40_000),
          submittedAtUs: new Float64Array(PER_DAY).fill(Number.NaN),
          arrivalPrice: new Float64Array(PER_DAY).fill(Number.NaN),
          intendedQuantity: new Float64Array(PER_DAY).fill(Number.NaN),
          venue: new Uint16Array(PER_DAY).fill(1),
          account: new Uint16Array(PER_DAY),
          version: new Uint16Array(PER_DAY),
          paper: new Uint8Array(PER_DAY),
          tradeId: textColumnOf(ids.map((id) => `t${id}`)),
          orderId: textColumnOf(ids.map((id) => `o${id}`)),
          clientOrderId: textColumnOf(ids.map((id) => `c${id}`)),
          line: Uint32Array.from(rows, (row) => row + 2),
          importIndex: new Uint16Array(PER_DAY),
          dictionaries: {
            feeCurrencies: ['', 'USDT'],
            venues: ['', 'kraken'],
            accounts: [''],
            versions: [''],
            importIds: ['import-1'],
          },
        },
        hashes: BigUint64Array.from(rows, (row) => BigInt(serial + row) * 0x9e3779b97f4an).sort(),
      });
    }
  }
  return made;
}

async function ours(): Promise<Record<string, number>> {
  const folder = await mkdtemp(join(tmpdir(), 'lockstep-bench-'));
  const opened = await deskStores({ clock: systemClock, ids: systemIds }).openDeskStore(folder, 'create');
  if (!opened.ok) throw new Error(opened.error.message);
  const desk = opened.value;
  const start = performance.now();
  const session = await desk.imports.begin({
    fileName: 'bench.csv',
    path: null,
    sizeBytes: 0,
    source: 'live',
    strategy: 'bench',
    version: null,
    account: null,
  });
  for (let at = 0; at < parts.length; at += 50) await session.addParts(parts.slice(at, at + 50));
  const commitStart = performance.now();
  await session.commit({
    fileName: 'bench.csv',
    path: null,
    sizeBytes: 0,
    source: 'live',
    strategy: 'bench',
    version: null,
    account: null,
    format: 'bench',
    confidence: 1,
    reason: '',
    endedAtUs: null,
    counts: { rowsRead: executions, executions, orderEvents: 0, otherRows: 0, duplicates: 0, quarantined: 0 },
    otherRowNames: {},
    firstUs: parts[0]!.summary.firstUs,
    lastUs: parts.at(-1)!.summary.lastUs,
    symbols: [],
    zoneAssumed: null,
    failure: null,
  });
  const written = performance.now();
  let rows = 0;
  for (const { key } of await desk.executions.segments({ strategy: 'bench' })) {
    rows += (await desk.executions.readSegment(key))?.count ?? 0;
  }
  const read = performance.now();
  if (rows !== executions) throw new Error(`${rows} of ${executions} executions came back`);
  const saves: number[] = [];
  for (let save = 0; save < SAVES; save++) {
    const before = performance.now();
    await desk.settings.set('bench', String(save));
    saves.push(performance.now() - before);
  }
  saves.sort((a, b) => a - b);
  const size = (await stat(join(folder, 'lockstep.db'))).size;
  const closing = performance.now();
  await desk.close();
  const closed = performance.now();
  await rm(folder, { recursive: true });
  return {
    writeMs: written - start,
    commitMs: written - commitStart,
    readMs: read - written,
    saveP50Ms: saves[Math.floor(SAVES * 0.5)]!,
    saveP99Ms: saves[Math.floor(SAVES * 0.99)]!,
    closeMs: closed - closing,
    megabytes: size / 1e6,
  };
}

/** The same library, one row an execution, 500 rows an insert, one transaction, read back with `all` into columns. */
async function peer(): Promise<Record<string, number>> {
  const folder = await mkdtemp(join(tmpdir(), 'lockstep-bench-'));
  const database = new sqlite3.Database(join(folder, 'rows.db'));
  const exec = (sql: string) =>
    new Promise<void>((resolve, reject) => database.exec(sql, (error) => (error ? reject(error) : resolve())));
  await exec(`PRAGMA page_size = 32768; PRAGMA journal_mode = WAL; PRAGMA synchronous = NORMAL;
    CREATE TABLE executions (at_us INTEGER, symbol TEXT, side INTEGER, price REAL, quantity REAL, fee REAL, liquidity INTEGER,
      decided_us INTEGER, trade_id TEXT, order_id TEXT, client_id TEXT, line INTEGER) STRICT; BEGIN;`);
  const width = 12;
  const batch = 500;
  const insert = database.prepare(
    `INSERT INTO executions VALUES ${Array(batch)
      .fill(`(${Array(width).fill('?').join(',')})`)
      .join(',')}`,
  );
  const start = performance.now();
  let values: (number | string)[] = [];
  const flush = () =>
    new Promise<void>((resolve, reject) => insert.run(values, (error) => (error ? reject(error) : resolve())));
  const decoder = new TextDecoder();
  for (const { summary, columns } of parts) {
    const text = (column: { bytes: Uint8Array; ends: Uint32Array }, row: number) =>
      decoder.decode(column.bytes.subarray(row === 0 ? 0 : column.ends[row - 1], column.ends[row]));
    for (let row = 0; row < columns.count; row++) {
      values.push(
        columns.executedAtUs[row]!,
        summary.key.symbol,
        columns.side[row]!,
        columns.price[row]!,
        columns.quantity[row]!,
        columns.fee[row]!,
        columns.liquidity[row]!,
        columns.decidedAtUs[row]!,
        text(columns.tradeId, row),
        text(columns.orderId, row),
        text(columns.clientOrderId, row),
        columns.line[row]!,
      );
      if (values.length < batch * width) continue;
      await flush();
      values = [];
    }
  }
  await new Promise<void>((resolve) => insert.finalize(() => resolve()));
  await exec('COMMIT');
  const written = performance.now();
  await new Promise<void>((resolve, reject) => {
    database.all<{ at_us: number; price: number }>('SELECT * FROM executions', (error, rows) => {
      if (error) return reject(error);
      Float64Array.from(rows, (row) => row.at_us);
      Float64Array.from(rows, (row) => row.price);
      resolve();
    });
  });
  const read = performance.now();
  await new Promise<void>((resolve) => database.close(() => resolve()));
  await rm(folder, { recursive: true });
  return { writeMs: written - start, readMs: read - written };
}

function medians(runs: readonly Record<string, number>[]): Record<string, number> {
  return Object.fromEntries(
    Object.keys(runs[0]!).map((name) => {
      const values = runs.map((run) => run[name]!).sort((a, b) => a - b);
      return [name, Math.round(values[Math.floor(values.length / 2)]! * 100) / 100];
    }),
  );
}

const own: Record<string, number>[] = [];
const rows: Record<string, number>[] = [];
for (let run = 0; run < RUNS; run++) {
  own.push(await ours());
  rows.push(await peer());
}
console.log(
  JSON.stringify(
    {
      executions,
      segments: medians(own),
      rowsThroughSqlite3: medians(rows),
      peakMegabytes: Math.round(process.resourceUsage().maxRSS / 1024),
    },
    null,
    2,
  ),
);
