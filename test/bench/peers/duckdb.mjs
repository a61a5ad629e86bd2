// DuckDB doing the same work, in SQL: node duckdb.mjs PEERS-FOLDER THREADS columns|store|analyse|store-and-analyse PATH [DATABASE]

import { rmSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { peakMemoryMb } from '../peak-memory.mjs';

const [peers, threads, work, path, database = ':memory:'] = process.argv.slice(2);
const { DuckDBInstance } = createRequire(join(peers, 'package.json'))('@duckdb/node-api');

for (const file of [database, `${database}.wal`]) if (database !== ':memory:') rmSync(file, { force: true });
const started = performance.now();
const connection = await (await DuckDBInstance.create(database, { threads })).connect();
const run = (sql) => connection.run(sql);
await run('SET preserve_insertion_order = false');
const csv = (file) => `read_csv('${file}', header = true, delim = ',', quote = '', escape = '')`;
const fills = (file) => `read_csv('${file}', header = true, delim = ',', quote = '', escape = '', columns = {
  executed_at: 'TIMESTAMP', symbol: 'VARCHAR', side: 'VARCHAR', price: 'DOUBLE', quantity: 'DOUBLE', fee: 'DOUBLE', fee_currency: 'VARCHAR',
  order_id: 'BIGINT', trade_id: 'BIGINT', latency_ms: 'DOUBLE', client_order_id: 'VARCHAR'})`;

let reports = 0;
if (work === 'columns') await run(`CREATE TEMP TABLE log AS SELECT * FROM ${csv(path)}`);
else if (work === 'store') {
  await run(`CREATE TABLE log AS SELECT * FROM ${csv(path)}`);
  await run('CHECKPOINT');
} else {
  let [backtest, live] = ['backtest', 'live'].map((name) => fills(join(path, `${name}.csv`)));
  if (work === 'store-and-analyse') {
    await run(`CREATE TABLE backtest_fills AS SELECT * FROM ${backtest}`);
    await run(`CREATE TABLE live_fills AS SELECT * FROM ${live}`);
    await run('CHECKPOINT');
    [backtest, live] = ['backtest_fills', 'live_fills'];
  }
  reports = await analyse(backtest, live);
}
const ms = performance.now() - started;
console.log(JSON.stringify({ ms, reports, peakMemoryMb: peakMemoryMb() }));
process.exit(0);

/** Orders matched by client id and, without one, by the nearest time within two seconds; a JSON of figures for each symbol and day. */
async function analyse(backtest, live) {
  await run(`CREATE TEMP TABLE expected AS
    SELECT executed_at, symbol, side, price, quantity, fee, latency_ms AS latency, client_order_id AS id FROM ${backtest}`);
  await run(`CREATE TEMP TABLE orders AS
    SELECT order_id, any_value(symbol) AS symbol, any_value(side) AS side, any_value(nullif(client_order_id, '')) AS id,
      min(executed_at) AS executed_at, sum(price * quantity) AS notional, sum(quantity) AS quantity, sum(fee) AS fee, avg(latency_ms) AS latency,
      count(*) AS fills
    FROM ${live} GROUP BY order_id`);
  await run(`CREATE TEMP TABLE pairs AS
    SELECT e.*, o.notional AS live_notional, o.quantity AS live_quantity, o.fee AS live_fee, o.latency AS live_latency, o.fills
    FROM orders o JOIN expected e USING (id)`);
  await run(`INSERT INTO pairs
    WITH unpaired AS MATERIALIZED (SELECT * FROM expected WHERE id NOT IN (SELECT id FROM pairs)),
      nameless AS MATERIALIZED (SELECT * FROM orders WHERE id IS NULL),
      earlier AS (SELECT o.order_id, u.id, epoch_ms(o.executed_at) - epoch_ms(u.executed_at) AS gap FROM nameless o ASOF JOIN unpaired u
        ON o.symbol = u.symbol AND o.side = u.side AND o.executed_at >= u.executed_at),
      later AS (SELECT o.order_id, u.id, epoch_ms(u.executed_at) - epoch_ms(o.executed_at) AS gap FROM nameless o ASOF JOIN unpaired u
        ON o.symbol = u.symbol AND o.side = u.side AND o.executed_at <= u.executed_at),
      nearest AS (SELECT order_id, arg_min(id, gap) AS id FROM (FROM earlier UNION ALL FROM later)
        GROUP BY order_id HAVING min(gap) <= 2000)
    SELECT u.*, o.notional, o.quantity, o.fee, o.latency, o.fills
    FROM nearest n JOIN nameless o USING (order_id) JOIN unpaired u ON u.id = n.id`);
  const result = await connection.runAndReadAll(`
    WITH judged AS (SELECT *, strftime(executed_at, '%Y-%m-%d') AS day, price * quantity AS weight,
        (CASE WHEN side = 'buy' THEN 1 ELSE -1 END) * (live_notional / live_quantity - price) / price * 1e4 AS slippage FROM pairs)
    SELECT symbol, day, count(*), sum(slippage * weight) / sum(weight), sqrt(sum(slippage * slippage * weight) / sum(weight)),
      (sum(live_fee) / sum(live_notional) - sum(fee) / sum(weight)) * 1e4, avg(live_latency) - avg(latency),
      quantile_cont(live_latency, 0.5) - quantile_cont(latency, 0.5), quantile_cont(live_latency, 0.99) - quantile_cont(latency, 0.99),
      avg(CASE WHEN fills > 1 THEN 1.0 ELSE 0.0 END)
    FROM judged GROUP BY symbol, day ORDER BY symbol, day`);
  const documents = result
    .getRows()
    .map((row) => JSON.stringify(row.map((value) => (typeof value === 'bigint' ? Number(value) : value))));
  return documents.length;
}
