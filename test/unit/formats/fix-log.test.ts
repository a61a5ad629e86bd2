import { describe, expect, it } from 'vitest';
import { fixLog as format } from '../../../electron/engine/imports/formats/fix-log';
import { fill, readAs, recognisedAs, us } from '../../support/formats';

const report: Readonly<Record<number, string>> = {
  ...{
    35: '8',
    49: 'BROKER',
    56: 'DESK',
    52: '20250203-04:05:07.250',
    37: 'o1',
    11: 'c1',
    17: 'e1',
    150: 'F',
    39: '1',
  },
  ...{ 55: 'ETH/USD', 54: '2', 38: '10', 32: '4', 31: '2500.5', 14: '4', 151: '6', 12: '1.5', 13: '3', 15: 'USD' },
  ...{ 60: '20250203-04:05:06.123456', 851: '2' },
};
function message(change: Readonly<Record<number, string | undefined>> = {}, separator = '\u0001'): string {
  const fields = Object.entries({ ...report, ...change }).flatMap(([tag, value]) =>
    value === undefined ? [] : `${tag}=${value}`,
  );
  const [type, ...rest] = fields.sort((a, b) => Number(b.startsWith('35=')) - Number(a.startsWith('35=')));
  return `8=FIX.4.4${separator}9=100${separator}${[type, ...rest].join(separator)}${separator}10=000${separator}`;
}

describe('FIX log', () => {
  it.each([
    ['SOH', '\u0001'],
    ['a pipe', '|'],
    ['^A', '^A'],
    ['an escaped SOH', '\\x01'],
    ['a semicolon', ';'],
    ['a pipe between blanks', ' | '],
  ])('reads a fill, separated by %s', async (_, separator) => {
    const text = `session started\n\n[04:05:07] in: ${message({}, separator)}\n`;
    expect(await recognisedAs(text)).toEqual(['fix44-engine-log']);
    const result = await readAs(format, text);
    expect(result.executions).toEqual([
      fill({
        ...{
          symbol: 'ETH/USD',
          side: 'sell',
          price: 2500.5,
          quantity: 4,
          fee: 1.5,
          feeCurrency: 'USD',
          liquidity: 'taker',
        },
        ...{ executedAtUs: us('2025-02-03T04:05:06.123Z') + 456, tradeId: 'e1', orderId: 'o1', clientOrderId: 'c1' },
        intendedQuantity: 10,
      }),
    ]);
    expect(result.others).toEqual({ 'text without a message': 1, 'blank line': 1 });
  });

  it('is recognised behind a bracket, where it could be JSON', async () => {
    expect(await recognisedAs(`[04:05:07] ${message()}\n`)).toEqual(['fix44-engine-log']);
  });

  it('a report logged on every hop counts once, by the copy that says its fill', async () => {
    const upstream = message({ 150: '1', 32: '0', 31: '0' });
    const result = await readAs(
      format,
      [upstream, message({ 150: '1' }), message({ 150: '1', 31: '25.005' }), message({ 17: 'e2' })].join('\n'),
    );
    expect(result.executions.map(({ tradeId, price }) => [tradeId, price])).toEqual([
      ['e1', 2500.5],
      ['e2', 2500.5],
    ]);
    expect(result.others).toEqual({ 'report without its last fill': 1, 'copy of a report': 1 });
    expect(result.warnings).toEqual([expect.stringMatching(/32 is zero/)]);
  });

  it.each([
    ['per unit', { 12: '0.01', 13: '1' }, 0.04],
    ['a share of the amount', { 12: '0.0004', 13: '2' }, 0.0004 * 2500.5 * 4],
    ['a rebate', { 12: '-0.5', 13: '3' }, -0.5],
    ['none', { 12: undefined }, null],
    ['of an unknown kind', { 13: '4' }, null],
  ])('commission %s', async (_, change, fee) => {
    expect((await readAs(format, message(change))).executions[0]?.fee).toBe(fee);
  });

  it.each([
    [
      { 150: '0', 44: '2501' },
      { kind: 'submitted', price: 2501, intendedQuantity: 10 },
    ],
    [{ 150: '4' }, { kind: 'cancelled', orderId: 'o1' }],
    [
      { 150: '8', 58: 'no credit' },
      { kind: 'rejected', reason: 'no credit' },
    ],
    [{ 150: 'C' }, { kind: 'expired' }],
    [{ 150: undefined, 39: '4' }, { kind: 'cancelled' }],
    [
      { 35: 'D', 37: undefined, 150: undefined, 17: undefined },
      { kind: 'submitted', clientOrderId: 'c1', orderId: null },
    ],
  ])('%j is an order event, once', async (change, expected) => {
    const result = await readAs(format, `${message(change)}\n${message(change)}`);
    expect(result.orderEvents).toMatchObject([expected]);
    expect(result.others).toEqual({ 'copy of a report': 1 });
  });

  it.each([
    [{ 35: '0' }, 'heartbeat'],
    [{ 35: '9' }, 'refused cancel or replace'],
    [{ 35: 'ZZ' }, 'message 35=ZZ'],
    [{ 35: 'a very long type' }, 'unknown message'],
    [{ 150: '6' }, 'pending cancel'],
    [{ 20: '3' }, 'order status'],
  ])('%j is named and passed over', async (change, name) => {
    expect((await readAs(format, message(change))).others).toEqual({ [name]: 1 });
  });

  it.each([
    [message({ 150: 'H' }), /ExecRefID \(19\) of the execution the report changes is missing/],
    [message({ 20: '2', 19: 'e0', 32: '0' }), /LastQty \(32\) is "0"/],
    [message({ 31: 'x' }), /LastPx \(31\) is "x"/],
    [message({ 32: '-4' }), /LastQty \(32\) is "-4"/],
    [message({ 54: '9' }), /Side \(54\) is "9"/],
    [message({ 17: undefined }), /ExecID \(17\) is missing/],
    [message({ 60: '2025' }), /TransactTime \(60\) is "2025"/],
    [message({ 150: 'Z' }), /ExecType \(150\) is "Z"/],
    [message().slice(0, 80), /cut short/],
    ['8=FIX.4.4', /cut short/],
  ])('quarantines %j', async (text, reason) => {
    const result = await readAs(format, `${message()}\n${text}`);
    expect(result.executions).toHaveLength(1);
    expect(result.quarantined).toEqual([expect.stringMatching(reason)]);
  });

  const change = {
    ...{ reference: 'e0', tradeId: 'e1', strategy: null, venue: null, account: null, symbol: 'ETH/USD', side: 'sell' },
    ...{ orderId: 'o1', atUs: us('2025-02-03T04:05:06.123Z') + 456 },
  };
  const to = { price: 2500.5, quantity: 4, fee: 1.5, feeCurrency: 'USD' };
  it.each([
    ['ExecType H', { 150: 'H', 31: undefined, 32: undefined }, { rule: 'trade bust', to: null }],
    ['ExecTransType 1', { 150: '2', 20: '1' }, { rule: 'trade bust', to: null }],
    ['ExecType G', { 150: 'G' }, { rule: 'trade correction', to }],
    ['ExecTransType 2', { 150: '1', 20: '2' }, { rule: 'trade correction', to }],
  ])('%s changes the trade it refers to, once', async (_, fields, expected) => {
    const text = message({ ...fields, 19: 'e0' });
    const { changes, others, executions } = await readAs(format, `${text}\n${text}`);
    expect(changes).toEqual([{ ...change, ...expected }]);
    expect(others).toEqual({ 'copy of a report': 1 });
    expect(executions).toEqual([]);
  });

  it('says that times are probably local, and reads them in the zone it is told', async () => {
    const text = message({ 52: '20250203-00:05:07', 60: '20250203-09:05:06' });
    const assumed = await readAs(format, text);
    expect(assumed.executions[0]?.executedAtUs).toBe(us('2025-02-03T09:05:06Z'));
    expect(assumed.warnings).toEqual([expect.stringMatching(/probably local/)]);
    const named = await readAs(format, text, { zone: 'Asia/Seoul' });
    expect(named.executions[0]?.executedAtUs).toBe(us('2025-02-03T00:05:06Z'));
    expect(named.warnings).toEqual([]);
  });

  it.each([
    ['EURUSD', 'EUR/USD'],
    ['TSCO.L', 'TSCO.L'],
    ['B00LR01', 'B00LR01'],
    ['PEUSD', 'PEUSD'],
  ])('%s is %s', async (name, symbol) => {
    expect((await readAs(format, message({ 55: name }))).executions[0]?.symbol).toBe(symbol);
  });

  it('works a fill out of the totals where no copy says it', async () => {
    const upstream = (cumulative: string, average: string, id: string) =>
      message({ 14: cumulative, 6: average, 17: id, 31: '0', 32: '0', 12: undefined });
    const text = [upstream('4', '100', 'e1'), upstream('4', '100', 'e1'), upstream('10', '103', 'e2')].join('\n');
    const { executions, others, quarantined } = await readAs(format, text);
    expect(executions.map(({ tradeId, quantity, price }) => [tradeId, quantity, price])).toEqual([
      ['e1', 4, 100],
      ['e2', 6, 105],
    ]);
    expect(others).toEqual({ 'report without its last fill': 1 });
    expect(quarantined).toEqual([]);
  });

  it('waits for nothing in a log that is still being written', async () => {
    const text = message({ 6: '2500.5', 31: '0', 32: '0' });
    const result = await readAs(format, `${text}\n${message()}\n`, { growing: true });
    expect(result.outcomes.map(({ kind }) => kind)).toEqual(['other', 'executions']);
  });

  it('works nothing out where a copy says it, before or after', async () => {
    const upstream = message({ 6: '2500.5', 31: '0', 32: '0' });
    for (const lines of [
      [upstream, message()],
      [message(), upstream],
    ]) {
      const result = await readAs(format, lines.join('\n'));
      expect(result.executions).toMatchObject([{ quantity: 4, price: 2500.5 }]);
      expect(result.others).toEqual({ 'report without its last fill': 1 });
    }
  });

  it('quarantines a fill that cannot be worked out', async () => {
    const { quarantined } = await readAs(format, message({ 6: '0', 31: '0', 32: '0' }));
    expect(quarantined).toEqual([expect.stringMatching(/none can be worked out of CumQty \(14\) 4 and AvgPx \(6\) 0/)]);
  });

  it('reads pence as pounds, so that the copies of both hops say the same', async () => {
    const pence = await readAs(format, message({ 15: 'GBp', 31: '1044.5', 12: '0.0004', 13: '2' }));
    const pounds = await readAs(format, message({ 15: 'GBP', 31: '10.445', 12: '0.016712', 13: '3' }));
    expect(pence.warnings).toEqual(['Prices and fees in GBp are read in GBP.']);
    expect(pence.executions[0]).toMatchObject({ feeCurrency: 'GBP' });
    expect(pence.executions[0]?.price).toBeCloseTo(pounds.executions[0]!.price, 12);
    expect(pence.executions[0]?.fee).toBeCloseTo(pounds.executions[0]!.fee!, 12);
  });

  const asked = message({
    35: 'D',
    34: '17',
    49: 'DESK',
    56: 'BROKER',
    37: undefined,
    17: undefined,
    150: undefined,
    39: undefined,
  });
  it.each([
    ['a session reject, by the number of the message', { 35: '3', 45: '17' }],
    ['a business reject, by the order’s id', { 35: 'j', 372: 'D', 379: 'c1' }],
  ])('%s, rejects the new order', async (_, refusal) => {
    const reject = message({ ...refusal, 58: 'no such symbol', 11: undefined, 55: undefined, 150: undefined });
    const { orderEvents, others } = await readAs(format, `${asked}\n${reject}\n${reject}\n`);
    expect(
      orderEvents.map(({ kind, clientOrderId, symbol, side, reason }) => [kind, clientOrderId, symbol, side, reason]),
    ).toEqual([
      ['submitted', 'c1', 'ETH/USD', 'sell', null],
      ['rejected', 'c1', 'ETH/USD', 'sell', 'no such symbol'],
    ]);
    expect(others).toEqual({ 'copy of a report': 1 });
  });

  it('a refused message that was no new order is named', async () => {
    const cancel = message({ 35: 'j', 372: 'F', 379: 'c1', 55: undefined });
    const unknown = message({ 35: '3', 45: '99', 55: undefined });
    expect((await readAs(format, `${asked}\n${cancel}\n${unknown}\n`)).others).toEqual({ 'refused message': 2 });
  });

  it.each([
    ['FIX.4.2', { 20: '0', 150: '2', 39: '2' }],
    ['FIX.4.4', { 150: 'F' }],
    ['FIXT.1.1', { 1128: '9', 150: 'F' }],
  ])('reads a fill of %s', async (version, change) => {
    const text = message(change).replace('FIX.4.4', version);
    expect(await recognisedAs(text)).toEqual(['fix44-engine-log']);
    expect((await readAs(format, text)).executions).toMatchObject([{ quantity: 4, price: 2500.5, tradeId: 'e1' }]);
  });
});
