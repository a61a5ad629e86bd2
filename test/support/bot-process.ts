import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { Connection, statement } from '../../electron/store/connection';

/**
 * A bot that keeps its trades in a database with a write-ahead log, as freqtrade does: one trade of two orders at its start, one more for each line
 * it is told. It keeps the database open and never writes the log back. Argument: the database.
 */
const [path = ''] = process.argv.slice(2);
const database = await Connection.open(path, 'create', 1_000);
await database.all(statement('use a log', 'PRAGMA journal_mode = WAL'));
await database.all(statement('keep the log', 'PRAGMA wal_autocheckpoint = 0'));
await database.script(
  'tables',
  `CREATE TABLE trades (id INTEGER PRIMARY KEY, exchange TEXT, pair TEXT, stake_currency TEXT, is_open INTEGER, is_short INTEGER,
     amount REAL, open_rate REAL, close_rate REAL, open_rate_requested REAL, fee_open REAL, fee_open_cost REAL, fee_open_currency TEXT,
     fee_close REAL, fee_close_cost REAL, fee_close_currency TEXT, open_date TEXT, close_date TEXT, strategy TEXT);
   CREATE TABLE orders (id INTEGER PRIMARY KEY, ft_trade_id INTEGER, ft_order_side TEXT, ft_pair TEXT, order_id TEXT, status TEXT,
     side TEXT, price REAL, average REAL, amount REAL, filled REAL, order_date TEXT, order_filled_date TEXT, order_update_date TEXT,
     ft_cancel_reason TEXT);`,
);

let trades = 0;
const trade = async () => {
  trades++;
  const minute = String(trades).padStart(2, '0');
  const at = (second: number) => `2026-01-05 10:${minute}:${String(second).padStart(2, '0')}.000000`;
  const order = (id: number, side: string, second: number) =>
    `INSERT INTO orders VALUES (${id}, ${trades}, '${side}', 'ETH/USDT', 'order-${id}', 'closed', '${side}', 3000, 3000, 1, 1,
       '${at(second)}', '${at(second + 1)}', '${at(second + 2)}', NULL);`;
  await database.script(
    'a trade',
    `BEGIN;
     INSERT INTO trades VALUES (${trades}, 'kraken', 'ETH/USDT', 'USDT', 0, 0, 1, 3000, 3001, 3000, 0.001, 3, 'USDT', 0.001, 3, 'USDT',
       '${at(1)}', '${at(31)}', 'Trend');
     ${order(trades * 2 - 1, 'buy', 1)} ${order(trades * 2, 'sell', 30)}
     COMMIT;`,
  );
  process.stdout.write('traded\n');
};
await trade();
createInterface({ input: process.stdin }).on('line', () => void trade());
await once(process.stdin, 'end');
