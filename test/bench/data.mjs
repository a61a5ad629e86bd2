// The logs that are measured: made from a seed, so that every run reads the same bytes.
import { closeSync, openSync, writeSync } from 'node:fs';
import { join } from 'node:path';

const dayMs = 86_400_000;
const allDays = 30;
const firstMs = Date.UTC(2026, 0, 5);
const allSymbols = Array.from({ length: 50 }, (_, index) => `C${String(index).padStart(2, '0')}/USDT`);

/** Uniform in [0, 1), by xorshift. */
function generator(seed) {
  let state = seed >>> 0;
  return () => {
    state ^= state << 13;
    state ^= state >>> 17;
    state ^= state << 5;
    return (state >>> 0) / 2 ** 32;
  };
}

function normal(random) {
  return Math.sqrt(-2 * Math.log(1 - random())) * Math.cos(2 * Math.PI * random());
}

/** Opens a text file for many small pieces. */
function writer(path, header) {
  const file = openSync(path, 'w');
  let text = header;
  return {
    line(line) {
      text += line;
      if (text.length < 2_000_000) return;
      writeSync(file, text);
      text = '';
    },
    close() {
      writeSync(file, text);
      closeSync(file);
    },
  };
}

/** A Lockstep CSV in time order: ids of venue length, decision and submission times, prices that wander. */
export function writeLog(path, rows, { symbols: symbolCount = 50, days = allDays } = {}) {
  const symbols = allSymbols.slice(0, symbolCount);
  const random = generator(20260105);
  const prices = symbols.map((_, index) => 10 * 1.2 ** index);
  const out = writer(
    path,
    'symbol,side,price,quantity,fee,feeCurrency,liquidity,executedAt,tradeId,orderId,clientOrderId,decidedAt,submittedAt\n',
  );
  const iso = (atMs) => new Date(atMs).toISOString();
  for (let row = 0; row < rows; row++) {
    const which = Math.floor(random() * symbols.length);
    prices[which] *= 1 + (random() - 0.5) * 0.0006;
    const price = prices[which];
    const quantity = 0.01 + random();
    const atMs = Math.floor(firstMs + (row * days * dayMs) / rows);
    const order = Math.floor(row / 1.2);
    const side = random() < 0.5 ? 'buy' : 'sell';
    const liquidity = random() < 0.3 ? 'maker' : 'taker';
    out.line(
      `${symbols[which]},${side},${price.toFixed(4)},${quantity.toFixed(5)},${(price * quantity * 0.0004).toFixed(6)},USDT,${liquidity},${iso(atMs)},T${700000000 + row},O-${500000000 + order},cl-${which}-${order},${iso(atMs - 120)},${iso(atMs - 60)}\n`,
    );
  }
  out.close();
}

/** Header of the reference work's files, and the map by which they are imported. */
const referenceHeader =
  'executed_at,symbol,side,price,quantity,fee,fee_currency,order_id,trade_id,latency_ms,client_order_id'.split(',');
export const referenceMap = {
  id: 'bench-reference',
  title: 'Reference work',
  kind: 'fills',
  header: referenceHeader,
  time: { format: 'iso' },
  columns: {
    time: 'executed_at',
    symbol: 'symbol',
    side: 'side',
    price: 'price',
    quantity: 'quantity',
    fee: 'fee',
    feeCurrency: 'fee_currency',
    orderId: 'order_id',
    tradeId: 'trade_id',
    clientOrderId: 'client_order_id',
  },
};

/**
 * The reference work: backtest.csv, and live.csv that repeats it 20 to 80 ms later with N(0, 3 bps) on the price, 5 % of the orders
 * in two or three fills, 1 % missing, 3 % without the id that matches them.
 */
export function writeReference(folder, rows) {
  const [symbols, days] = [allSymbols, allDays];
  const random = generator(42);
  const prices = symbols.map((_, index) => Math.exp(10 - index * 0.15));
  const shares = symbols.map((_, index) => 1 / (index + 4));
  const total = shares.reduce((sum, share) => sum + share, 0);
  const live = [];
  const header = `${referenceHeader.join(',')}\n`;
  const line = (atMs, which, buys, price, quantity, fee, order, trade, latency, client) =>
    `${new Date(atMs).toISOString()},${symbols[which]},${buys ? 'buy' : 'sell'},${price.toPrecision(8)},${quantity.toFixed(6)},${fee.toFixed(8)},USDT,${order},${trade},${latency.toFixed(3)},${client}\n`;
  const backtest = writer(join(folder, 'backtest.csv'), header);
  for (let row = 0; row < rows; row++) {
    let left = random() * total;
    let which = 0;
    while (which < symbols.length - 1 && left >= shares[which]) left -= shares[which++];
    prices[which] *= Math.exp(normal(random) * 2e-4);
    const price = Number(prices[which].toPrecision(8));
    const quantity = Math.max(1e-6, Math.exp(normal(random) * 0.8 + 6) / price);
    const buys = random() < 0.5;
    const atMs = Math.floor(firstMs + ((row + random()) * (days * dayMs - 60_000)) / rows);
    const client = `bt-${(row + 1e7).toString(36)}-${Math.floor(random() * 1_679_616).toString(36)}`;
    const latency = 12 * Math.exp(0.4 * normal(random));
    backtest.line(
      line(
        atMs,
        which,
        buys,
        price,
        quantity,
        price * quantity * 4e-4,
        500000000 + row,
        600000000 + row,
        latency,
        client,
      ),
    );
    if (random() < 0.01) continue;
    const fills = random() < 0.05 ? (random() < 0.5 ? 2 : 3) : 1;
    const named = random() < 0.03 ? '' : client;
    for (let fill = 0; fill < fills; fill++) {
      const filled = price * (1 + normal(random) * 3e-4);
      const fee = ((filled * quantity) / fills) * (random() < 0.3 ? 2e-4 : 5e-4);
      live.push({
        atMs: atMs + 20 + Math.floor(random() * 61) + fill * 5,
        which,
        buys,
        filled,
        quantity: quantity / fills,
        fee,
        order: 800000000 + row,
        named,
      });
    }
  }
  backtest.close();
  live.sort((a, b) => a.atMs - b.atMs);
  const out = writer(join(folder, 'live.csv'), header);
  for (const [index, one] of live.entries()) {
    const latency = 25 * Math.exp(0.6 * normal(random));
    out.line(
      line(
        one.atMs,
        one.which,
        one.buys,
        one.filled,
        one.quantity,
        one.fee,
        one.order,
        700000000 + index,
        latency,
        one.named,
      ),
    );
  }
  out.close();
}
