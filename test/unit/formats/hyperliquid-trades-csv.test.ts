import { describe, expect, it } from 'vitest';
import {
  hyperliquidArchiveCsv as archive,
  hyperliquidTradesCsv as format,
} from '../../../electron/engine/imports/formats/hyperliquid-trades-csv';
import { failureOf, fill, readAs, recognisedAs, us } from '../../support/formats';

const header = 'time,coin,dir,px,sz,ntl,fee,closedPnl';
const row = '23/02/2026 - 04:05:06,ETH,Open Short,2000,0.5,1000,0.45,-0.45';

describe('Hyperliquid trade history', () => {
  it('reads a perpetual, priced and charged in USDC', async () => {
    expect(await recognisedAs(`${header}\n${row}\n`)).toEqual(['hyperliquid-trades-csv']);
    const result = await readAs(format, `${header}\n${row}\n`, { zone: 'Europe/Paris' });
    expect(result.executions).toEqual([
      fill({
        ...{ venue: 'hyperliquid', symbol: 'ETH/USDC', side: 'sell', price: 2000, quantity: 0.5, fee: 0.45 },
        ...{ feeCurrency: 'USDC', executedAtUs: us('2026-02-23T03:05:06Z') },
      }),
    ]);
    expect(result.warnings).toEqual([]);
  });

  it.each([
    ['Open Long', 'ETH', 'buy', 'ETH/USDC', 'USDC'],
    ['Close Long', 'NVDA (xyz)', 'sell', 'NVDA (xyz)', 'USDC'],
    ['Close Short', '@156', 'buy', '@156', 'USDC'],
    ['Long > Short', 'ETH', 'sell', 'ETH/USDC', 'USDC'],
    ['Buy', 'HYPE/USDC', 'buy', 'HYPE/USDC', 'HYPE'],
    ['Sell', 'HYPE/USDC', 'sell', 'HYPE/USDC', 'USDC'],
    ['Buy', '@156', 'buy', '@156', null],
  ])('reads %s of %s', async (dir, coin, side, symbol, feeCurrency) => {
    const text = `${header}\n${row.replace('Open Short', dir).replace('ETH', coin)}\n`;
    expect((await readAs(format, text)).executions).toMatchObject([{ side, symbol, feeCurrency }]);
  });

  it('refuses to guess the order of day and month', async () => {
    const reading = readAs(format, `${header}\n${row.replace('23/02', '03/02')}\n`);
    expect(await failureOf(reading)).toMatch(/^format-ambiguous/);
  });

  it('reads the month first where the file proves it', async () => {
    const { executions } = await readAs(format, `${header}\n${row.replace('23/02', '02/23')}\n`);
    expect(executions[0]?.executedAtUs).toBe(us('2026-02-23T04:05:06Z'));
  });

  it.each([
    [row.replace('Open Short', 'Settlement'), /dir is "Settlement"/],
    [row.replace('2000', '0'), /px is "0"/],
    [row.replace(',0.45,', ',none at all,'), /fee is "none at all"/],
    [row.replace('ETH', ''), /coin is missing/],
  ])('quarantines %s', async (bad, reason) => {
    expect((await readAs(format, `${header}\n${bad}\n`)).quarantined).toEqual([expect.stringMatching(reason)]);
  });
});

describe('Hyperliquid trades of accounts', () => {
  const header =
    'Account,Coin,Execution Price,Size Tokens,Size USD,Side,Timestamp IST,Start Position,Direction,Closed PnL,Transaction Hash,Order ID,Crossed,Fee,Trade ID,Timestamp';
  const row = '0xaa,HYPE,20,5,100,BUY,25-02-2025 05:30,0,Open Long,0,0xbb,5.20E+10,TRUE,0.05,8.95E+14,1.74E+12';
  const read = (...rows: readonly string[]) => readAs(archive, `${header}\n${rows.join('\n')}\n`);

  it('reads fills in Indian time without the rounded ids', async () => {
    expect(await recognisedAs(`${header}\n${row}\n`)).toEqual(['hyperliquid-archive-csv']);
    const result = await read(row, row.replace('5.20E+10', '52017706631').replace('TRUE', 'FALSE'));
    const common = {
      ...{ venue: 'hyperliquid', account: '0xaa', symbol: 'HYPE/USDC', side: 'buy' as const },
      ...{ price: 20, quantity: 5, fee: 0.05, feeCurrency: 'USDC', executedAtUs: us('2025-02-25T00:00:00Z') },
    } as const;
    expect(result.executions).toEqual([
      fill({ ...common, liquidity: 'taker' }),
      fill({ ...common, liquidity: 'maker', orderId: '52017706631' }),
    ]);
    expect(result.warnings).toEqual([expect.stringMatching(/ids of orders and trades are rounded/)]);
  });

  it('counts what sets a position without a trade', async () => {
    expect((await read(row.replace('Open Long', 'Settlement'))).others).toEqual({ settlement: 1 });
  });

  it.each([
    [row.replace('BUY', 'HOLD'), /Side is "HOLD"/],
    [row.replace('TRUE', 'MAYBE'), /Crossed is "MAYBE"/],
    [row.replace('HYPE', ''), /Coin is missing/],
  ])('quarantines %s', async (line, reason) => {
    expect((await read(line)).quarantined).toEqual([expect.stringMatching(reason)]);
  });
});
