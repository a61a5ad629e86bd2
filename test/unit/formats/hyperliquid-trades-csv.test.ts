import { describe, expect, it } from 'vitest';
import { hyperliquidTradesCsv as format } from '../../../electron/engine/imports/formats/hyperliquid-trades-csv';
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
