/**
 * A recorded feed of Binance: on each line the recorder's clock in nanoseconds and one message of the stream. Best bid and ask, and
 * trades, are prices; changes of the order book are not.
 */
import { symbolOf } from '../../../../shared/market/symbols';
import type { Format, RowOutcome } from '../format';
import { epochReader } from '../times';
import { recordOf } from './json';
import { cachedSymbols, otherRow, RowCheck } from './row';

const linePattern = /^(\d{19}) (\{.*\})\s*$/;
const nanoseconds = epochReader('ns');
const milliseconds = epochReader('ms');
/** Clocks closer than this are taken as one, milliseconds. */
const sameClockMs = 100;

interface Message {
  readonly receivedUs: number;
  /** null = a snapshot of the order book, which comes without a stream. */
  readonly stream: string | null;
  readonly data: Readonly<Record<string, unknown>>;
}

function messageOf(line: string): Message | null {
  const [, received = '', text = ''] = linePattern.exec(line) ?? [];
  let value: unknown;
  try {
    value = text === '' ? null : JSON.parse(text);
  } catch {
    return null;
  }
  const message = recordOf(value);
  if (message === null) return null;
  const receivedUs = nanoseconds.read(received);
  const { stream } = message;
  const data = recordOf(message['data']);
  if (typeof stream === 'string' && data !== null) return { receivedUs, stream, data };
  return 'lastUpdateId' in message ? { receivedUs, stream: null, data: message } : null;
}

export const binanceWsFeed: Format = {
  id: 'binance-ws-feed-gz',
  title: 'Recorded Binance feed',
  describes:
    'The middle of best bid and ask, and every trade, is a price: trades at the time the exchange states, quotes, which carry none, at the recorder’s. Changes and snapshots of the order book are counted and not kept.',
  kind: 'prices',
  exampleHeader: null,
  exampleRows: [
    '1735689600087891268 {"stream":"ethusdt@bookTicker","data":{"u":9,"s":"ETHUSDT","b":"3300.10","B":"3","a":"3300.30","A":"1"}}',
    '1735689600187896568 {"stream":"ethusdt@trade","data":{"e":"trade","E":1735689600190,"s":"ETHUSDT","t":7,"p":"3300.30","q":"0.2","T":1735689600189,"m":false}}',
  ],
  reference: {
    reads: ['the recorder’s clock', 's', 'b and a of bookTicker', 'p and T of trade'],
    ignores: ['quantities', 'ids'],
    times: 'Milliseconds (T, E) and the recorder’s nanoseconds since 1970, UTC.',
    otherRows: ['order book change', 'order book snapshot'],
  },
  impliedSource: null,
  recognise(sample) {
    if (sample.kind !== 'lines') return null;
    const messages = sample.lines.map(messageOf);
    const streams = messages.filter((message) => message?.stream?.includes('@'));
    if (streams.length === 0 || messages.some((message) => message === null)) return null;
    return {
      confidence: 0.95,
      reason: 'recorded messages of Binance: nanoseconds and a message of a stream on each line',
    };
  },
  reader: {
    shape: 'lines',
    open(context) {
      const check = new RowCheck();
      const symbolOfName = cachedSymbols(symbolOf);
      const delaysMs: number[] = [];
      context.atEnd(() => {
        if (delaysMs.length === 0) return;
        const median = delaysMs.sort((first, second) => first - second)[Math.floor(delaysMs.length / 2)] ?? 0;
        if (Math.abs(median) <= sameClockMs) return;
        const word = median < 0 ? 'behind' : 'ahead of';
        context.warn(
          `The recorder's clock was ${Math.abs(Math.round(median)).toLocaleString('en')} ms ${word} the exchange's (median); quotes stand at the recorder's time.`,
        );
      });
      return (line): RowOutcome => {
        const message = messageOf(line);
        if (message === null) return { kind: 'quarantine', reason: 'the line is no recorded message' };
        const { stream, data, receivedUs } = message;
        if (stream === null) return otherRow('order book snapshot');
        const event = data['e'] ?? (stream.endsWith('@bookTicker') ? 'bookTicker' : null);
        if (event === 'depthUpdate' || /@depth/.test(stream)) return otherRow('order book change');
        if (event !== 'trade' && event !== 'aggTrade' && event !== 'bookTicker') {
          return otherRow(`${stream.split('@')[1] ?? 'other'} message`);
        }
        check.reset();
        const symbol = symbolOfName(check.requiredText('s', data['s']));
        const statedUs = check.time('T', data['T'] ?? data['E'], milliseconds);
        if (statedUs !== null) delaysMs.push((receivedUs - statedUs) / 1_000);
        const atUs = statedUs ?? receivedUs;
        const price = event === 'bookTicker' ? middle(check, data) : check.positive('p', data['p']);
        if (check.problem !== null) return check.quarantine(symbol, atUs);
        return { kind: 'prices', points: [{ symbol, atUs, price }] };
      };
    },
  },
};

function middle(check: RowCheck, data: Readonly<Record<string, unknown>>): number {
  const bid = check.positive('b', data['b']);
  const ask = check.positive('a', data['a']);
  if (check.problem === null && bid > ask) check.refuse(`the bid ${bid} is above the ask ${ask}`);
  return (bid + ask) / 2;
}
