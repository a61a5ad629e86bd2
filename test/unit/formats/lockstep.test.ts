import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { lockstepCsv } from '../../../electron/engine/imports/formats/lockstep-csv';
import { lockstepJsonl } from '../../../electron/engine/imports/formats/lockstep-jsonl';
import { printExecution, printOrderEvent } from '../../../electron/engine/imports/print';
import type { Execution, OrderEvent } from '../../../shared/market/executions';
import { failureOf, readAs, recognisedAs, us } from '../../support/formats';

const full: Execution = {
  source: 'live',
  venue: 'kraken',
  account: null,
  strategy: 'grid',
  version: '1.4.0',
  symbol: 'ETH/USD',
  side: 'sell',
  price: 2310.25,
  quantity: 0.4,
  fee: -0.01,
  feeCurrency: 'USD',
  liquidity: 'maker',
  executedAtUs: us('2026-02-03T04:05:06.789Z') + 12,
  tradeId: 't-1',
  orderId: 'o-1',
  clientOrderId: 'c-1',
  decidedAtUs: us('2026-02-03T04:05:06.500Z'),
  submittedAtUs: us('2026-02-03T04:05:06.600Z'),
  arrivalPrice: 2310.5,
  intendedQuantity: 1,
  paper: false,
  line: 7,
};

const unknown: Execution = {
  ...full,
  venue: null,
  version: null,
  fee: null,
  feeCurrency: null,
  liquidity: null,
  tradeId: null,
  orderId: null,
  clientOrderId: null,
  decidedAtUs: null,
  submittedAtUs: null,
  arrivalPrice: null,
  intendedQuantity: null,
};

/** What a reader makes of the execution: all but what the import adds. */
function parsed({ source: _, line: __, ...rest }: Execution) {
  return rest;
}

describe('a printed execution', () => {
  it('keeps its keys and their order', async () => {
    expect(printExecution(full)).toBe(
      '{"type":"execution","source":"live","venue":"kraken","strategy":"grid","version":"1.4.0","symbol":"ETH/USD",' +
        '"side":"sell","price":2310.25,"quantity":0.4,"fee":-0.01,"feeCurrency":"USD","liquidity":"maker",' +
        '"executedAtUs":1770091506789012,"executedAt":"2026-02-03T04:05:06.789012Z","tradeId":"t-1","orderId":"o-1",' +
        '"clientOrderId":"c-1","decidedAtUs":1770091506500000,"submittedAtUs":1770091506600000,"arrivalPrice":2310.5,' +
        '"intendedQuantity":1,"line":7}',
    );
    expect(Object.keys(JSON.parse(printExecution(unknown)))).toEqual(Object.keys(JSON.parse(printExecution(full))));
    expect(JSON.parse(printExecution(unknown)).fee).toBeNull();
  });

  it('names the account and the simulation only where there is one', async () => {
    const keys = Object.keys(JSON.parse(printExecution({ ...full, account: 'a1', paper: true })));
    expect(keys.slice(-3)).toEqual(['line', 'account', 'paper']);
  });

  const price = fc.double({ min: 1e-9, max: 1e9, noNaN: true });
  const text = fc.option(fc.string({ minLength: 1 }).map((value) => `x${value}x`));
  const instant = fc.option(fc.integer({ min: 1, max: 4e15 }));
  const anyExecution: fc.Arbitrary<Execution> = fc.record({
    source: fc.constant('live' as const),
    venue: text,
    account: text,
    strategy: fc.string({ minLength: 1 }).map((value) => `s${value}s`),
    version: text,
    symbol: fc.constantFrom('BTC/USDT', 'ETH/EUR', 'HYPE', 'BTC/USD:BTC'),
    side: fc.constantFrom('buy' as const, 'sell' as const),
    price,
    quantity: price,
    fee: fc.option(fc.double({ min: -1e6, max: 1e6, noNaN: true }).map((value) => value + 0)),
    feeCurrency: fc.constantFrom(null, 'USDT', 'BNB'),
    liquidity: fc.constantFrom(null, 'maker' as const, 'taker' as const),
    executedAtUs: fc.integer({ min: 1, max: 4e15 }),
    tradeId: text,
    orderId: text,
    clientOrderId: text,
    decidedAtUs: instant,
    submittedAtUs: instant,
    arrivalPrice: fc.option(price),
    intendedQuantity: fc.option(price),
    paper: fc.boolean(),
    line: fc.nat(),
  });

  it('reads back as the same execution', async () => {
    await fc.assert(
      fc.asyncProperty(anyExecution, async (execution) => {
        const result = await readAs(lockstepJsonl, printExecution(execution));
        expect(result.quarantined).toEqual([]);
        expect(result.warnings).toEqual([]);
        expect(result.executions).toEqual([parsed(execution)]);
      }),
    );
  });

  it('reads back as the same order event', async () => {
    const event: OrderEvent = {
      source: 'live',
      venue: 'kraken',
      account: 'main',
      strategy: 'grid',
      version: null,
      symbol: 'ETH/USD',
      side: 'buy',
      kind: 'rejected',
      atUs: us('2026-02-03T04:05:06Z'),
      orderId: 'o-2',
      clientOrderId: null,
      intendedQuantity: 2,
      price: 2300,
      reason: 'insufficient funds',
      paper: true,
      line: 3,
    };
    const { source: _, line: __, ...rest } = event;
    expect((await readAs(lockstepJsonl, printOrderEvent(event))).orderEvents).toEqual([rest]);
  });
});

const header = 'symbol,side,price,quantity,fee,feeCurrency,liquidity,executedAt,orderId';

describe('Lockstep CSV', () => {
  it('reads the least it needs and knows nothing else', async () => {
    const result = await readAs(
      lockstepCsv,
      'symbol,side,price,quantity,executedAt\nBTCUSDT,BUY,61000.5,0.25,2026-02-03T04:05:06.1Z\n',
    );
    expect(result.executions).toEqual([
      {
        ...parsed(unknown),
        strategy: null,
        symbol: 'BTC/USDT',
        side: 'buy',
        price: 61000.5,
        quantity: 0.25,
        executedAtUs: us('2026-02-03T04:05:06.100Z'),
      },
    ]);
    expect(result.warnings).toEqual([]);
  });

  it('reads executions and order events from one file', async () => {
    const result = await readAs(
      lockstepCsv,
      [
        'type,symbol,side,price,quantity,executedAtUs,kind,at,reason,orderId,intendedQuantity,paper',
        'execution,ETH/USD,sell,2300,1,1770091506789012,,,,o-1,2,true',
        'order,ETH/USD,sell,2290,,,cancelled,2026-02-03T05:00:00Z,timeout,o-1,2,1',
      ].join('\n'),
    );
    expect(result.executions[0]).toMatchObject({ executedAtUs: 1770091506789012, intendedQuantity: 2, paper: true });
    expect(result.orderEvents[0]).toMatchObject({
      ...{ kind: 'cancelled', side: 'sell', price: 2290, reason: 'timeout', orderId: 'o-1', paper: true },
      atUs: us('2026-02-03T05:00:00Z'),
    });
  });

  it.each([
    [
      'a negative quantity',
      'BTC/USDT,buy,100,-1,,,,2026-02-03T04:05:06Z,o',
      /quantity is "-1", but must be above zero/,
    ],
    ['a zero price', 'BTC/USDT,buy,0,1,,,,2026-02-03T04:05:06Z,o', /price is "0"/],
    ['a price that is NaN', 'BTC/USDT,buy,NaN,1,,,,2026-02-03T04:05:06Z,o', /price is "NaN"/],
    [
      'a price beyond a float64',
      'BTC/USDT,buy,1e400,1,,,,2026-02-03T04:05:06Z,o',
      /price is "1e400", which is no number/,
    ],
    ['a hexadecimal fee', 'BTC/USDT,buy,100,1,0x1F,USDT,,2026-02-03T04:05:06Z,o', /fee is "0x1F"/],
    ['a side that is neither', 'BTC/USDT,hold,100,1,,,,2026-02-03T04:05:06Z,o', /side is "hold"/],
    ['no side', 'BTC/USDT,,100,1,,,,2026-02-03T04:05:06Z,o', /side is missing/],
    ['a liquidity that is neither', 'BTC/USDT,buy,100,1,,,both,2026-02-03T04:05:06Z,o', /liquidity is "both"/],
    [
      'a day that does not exist',
      'BTC/USDT,buy,100,1,,,,2026-02-30T04:05:06Z,o',
      /executedAt is "2026-02-30T04:05:06Z"/,
    ],
    ['no time', 'BTC/USDT,buy,100,1,,,,,o', /executedAt is missing/],
    ['no symbol', ',buy,100,1,,,,2026-02-03T04:05:06Z,o', /symbol is missing/],
    ['a row cut short', 'BTC/USDT,buy,100', /the row has 3 cells where the header has 9/],
    ['a separator too many', 'BTC/USDT,buy,1,000,1,,,,2026-02-03T04:05:06Z,o', /the row has 10 cells/],
  ])('quarantines %s', async (_, row, reason) => {
    const result = await readAs(lockstepCsv, `${header}\n${row}\nBTC/USDT,buy,100,1,,,,2026-02-03T04:05:06Z,ok\n`);
    expect(result.executions).toHaveLength(1);
    expect(result.quarantined).toHaveLength(1);
    expect(result.quarantined[0]).toMatch(reason);
  });

  it('passes over a blank line and ignores padding', async () => {
    const result = await readAs(lockstepCsv, `${header}\n\nBTC/USDT,buy,100,1,,,,2026-02-03T04:05:06Z,o,,\n`);
    expect(result.executions).toHaveLength(1);
  });

  it('tells a quarantined row its day and symbol where they can be read', async () => {
    const result = await readAs(lockstepCsv, `${header}\nBTCUSDT,buy,100,-1,,,,2026-02-03T04:05:06Z,o\n`);
    expect(result.outcomes[0]).toMatchObject({ kind: 'quarantine', symbol: 'BTC/USDT', day: '2026-02-03' });
  });

  it('refuses a row of the other source, and two times that disagree', async () => {
    const text =
      'source,symbol,side,price,quantity,executedAt,executedAtUs\n' +
      'backtest,BTC/USDT,buy,1,1,2026-02-03T04:05:06Z,\n' +
      'live,BTC/USDT,buy,1,1,2026-02-03T04:05:06Z,1770091506000001\n';
    expect((await readAs(lockstepCsv, text)).quarantined).toEqual([
      'source is "backtest", but the file is imported as live',
      'executedAt "2026-02-03T04:05:06Z" and executedAtUs "1770091506000001" are different instants',
    ]);
  });

  it('keeps an unknown fee unknown and a rebate negative', async () => {
    const rows =
      'BTC/USDT,buy,100,1,,,,2026-02-03T04:05:06Z,a\nBTC/USDT,buy,100,1,-0.002,USDT,maker,2026-02-03T04:05:06Z,b\n';
    const { executions } = await readAs(lockstepCsv, `${header}\n${rows}`);
    expect(executions.map((execution) => execution.fee)).toEqual([null, -0.002]);
  });

  it('reads times without a zone in the zone the user names, else as UTC with a warning', async () => {
    const text = `${header}\nBTC/USDT,buy,100,1,,,,2026-07-03 04:05:06,a\n`;
    const assumed = await readAs(lockstepCsv, text);
    expect(assumed.executions[0]?.executedAtUs).toBe(us('2026-07-03T04:05:06Z'));
    expect(assumed.warnings).toEqual([expect.stringMatching(/read as UTC/)]);
    const named = await readAs(lockstepCsv, text, { zone: 'Europe/Berlin' });
    expect(named.executions[0]?.executedAtUs).toBe(us('2026-07-03T02:05:06Z'));
    expect(named.warnings).toEqual([]);
    expect(await failureOf(readAs(lockstepCsv, text, { zone: 'Europe/Atlantis' }))).toMatch(
      /^invalid-arguments: .*no time zone/,
    );
  });

  it('names columns it does not read', async () => {
    const result = await readAs(
      lockstepCsv,
      'symbol,side,price,quantity,executedAt,mood\nA/B,buy,1,1,2026-02-03T04:05:06Z,good\n',
    );
    expect(result.warnings).toEqual(['Columns that are not read: mood.']);
  });

  it('fails as a whole where a required column is missing, naming it', async () => {
    const text = 'symbol,side,quantity,executedAt,clientOrderId\nA/B,buy,1,2026-02-03T04:05:06Z,c\n';
    expect(await failureOf(readAs(lockstepCsv, text))).toMatch(/^format-damaged: .*no column "price"/);
    expect(await recognisedAs(text)).toEqual(['lockstep-csv']);
  });

  it('takes the symbol the user names where the file has none', async () => {
    const text = 'side,price,quantity,executedAt\nbuy,1,1,2026-02-03T04:05:06Z\n';
    expect((await readAs(lockstepCsv, text, { symbol: 'SOLUSDC' })).executions[0]?.symbol).toBe('SOL/USDC');
  });

  it('reads decimal commas where semicolons separate', async () => {
    const text = 'symbol;side;price;quantity;executedAt\nA/B;buy;1,5;0,25;2026-02-03T04:05:06Z\n';
    expect((await readAs(lockstepCsv, text)).executions[0]).toMatchObject({ price: 1.5, quantity: 0.25 });
  });

  it('is recognised by its names, and not mistaken', async () => {
    const row = 'BTC/USDT,buy,100,1,,,,2026-02-03T04:05:06Z,o';
    expect(await recognisedAs(`${header}\n${row}\n`)).toEqual(['lockstep-csv']);
    expect(await recognisedAs('symbol,side,price,quantity,time\nA/B,buy,1,1,2026-02-03T04:05:06Z\n')).toEqual([]);
  });
});

describe('Lockstep JSON Lines', () => {
  it('takes numbers as numbers or text, and ids as whole numbers', async () => {
    const line =
      '{"symbol":"BTC/USDT","side":"buy","price":"100.5","quantity":2,"executedAt":"2026-02-03T04:05:06Z","orderId":42}';
    expect((await readAs(lockstepJsonl, line)).executions[0]).toMatchObject({
      price: 100.5,
      quantity: 2,
      orderId: '42',
    });
  });

  it.each([
    ['a list', '[1,2]', /no JSON object/],
    ['a bare number', '3', /no JSON object/],
    [
      'a nested price',
      '{"symbol":"A/B","side":"buy","price":{"v":1},"quantity":2,"executedAt":"2026-02-03T04:05:06Z"}',
      /price is/,
    ],
    [
      'an id whose digits are lost',
      '{"symbol":"A/B","side":"buy","price":1,"quantity":2,"executedAt":"2026-02-03T04:05:06Z","tradeId":12345678901234567890}',
      /last digits are lost/,
    ],
    [
      'an order of unknown kind',
      '{"type":"order","symbol":"A/B","kind":"dreamt","at":"2026-02-03T04:05:06Z"}',
      /kind is "dreamt"/,
    ],
    [
      'an unknown type',
      '{"type":"deposit","symbol":"A/B","side":"buy","price":1,"quantity":2,"executedAt":"2026-02-03T04:05:06Z"}',
      /type is "deposit"/,
    ],
  ])('quarantines %s', async (_, line, reason) => {
    const sound = '{"symbol":"A/B","side":"buy","price":1,"quantity":2,"executedAt":"2026-02-03T04:05:06Z"}';
    const result = await readAs(lockstepJsonl, `${sound}\n${line}`);
    expect(result.executions).toHaveLength(1);
    expect(result.quarantined).toEqual([expect.stringMatching(reason)]);
  });

  it('names each key it does not read once', async () => {
    const line =
      '{"symbol":"A/B","side":"buy","price":1,"quantity":2,"executedAt":"2026-02-03T04:05:06Z","mood":"good"}';
    expect((await readAs(lockstepJsonl, `${line}\n${line}`)).warnings).toEqual(['The key "mood" is not read.']);
  });

  it('gives every line one outcome, whatever JSON it holds', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(fc.jsonValue(), { minLength: 1 }), async (values) => {
        const head = '{"symbol":"A/B","side":"buy","price":1,"quantity":2,"executedAt":"2026-02-03T04:05:06Z"}';
        const text = [head, ...values.map((value) => JSON.stringify(value))].join('\n');
        expect((await readAs(lockstepJsonl, text)).outcomes).toHaveLength(values.length + 1);
      }),
    );
  });
});
