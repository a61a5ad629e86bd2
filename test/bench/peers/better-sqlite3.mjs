// Rows into SQLite and back with better-sqlite3: node better-sqlite3.mjs PEERS-FOLDER LOG DATABASE

import { readFileSync, rmSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { peakMemoryMb } from '../peak-memory.mjs';

const [peers, path, file] = process.argv.slice(2);
const Database = createRequire(join(peers, 'package.json'))('better-sqlite3');
for (const name of [file, `${file}-wal`, `${file}-shm`]) rmSync(name, { force: true });
const lines = readFileSync(path, 'utf8').split('\n').slice(1, -1);
const rows = lines.map((line) =>
  line.split(',').map((cell, index) => (index >= 2 && index <= 4 ? Number(cell) : cell)),
);
const database = new Database(file);
database.pragma('page_size = 32768');
database.pragma('journal_mode = WAL');
database.pragma('synchronous = NORMAL');
database.exec(`CREATE TABLE executions (symbol TEXT, side TEXT, price REAL, quantity REAL, fee REAL, fee_currency TEXT, liquidity TEXT,
  executed_at TEXT, trade_id TEXT, order_id TEXT, client_order_id TEXT, decided_at TEXT, submitted_at TEXT) STRICT`);
const insert = database.prepare(`INSERT INTO executions VALUES (${Array(13).fill('?').join(', ')})`);
const started = performance.now();
database.transaction(() => {
  for (const row of rows) insert.run(row);
})();
const written = performance.now();
const back = database.prepare('SELECT * FROM executions').raw();
const price = new Float64Array(rows.length);
let count = 0;
for (const row of back.iterate()) price[count++] = row[2];
const read = performance.now();
database.close();
console.log(
  JSON.stringify({
    writeMs: written - started,
    readMs: read - written,
    rows: count,
    peakMemoryMb: peakMemoryMb(),
  }),
);
