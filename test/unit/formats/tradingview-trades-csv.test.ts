import { describe, expect, it } from 'vitest';
import {
  tradingviewTradesCsv2025,
  tradingviewTradesCsvOld,
} from '../../../electron/engine/imports/formats/tradingview-trades-csv';
import { failureOf, fill, readAs, recognisedAs, us } from '../../support/formats';

const header = 'Trade #,Type,Date and time,Signal,Price USDT,Size (qty),Size (value),Net P&L USDT,Net P&L %';
const rows = [
  '1,Exit long,2025-04-01 20:30,close,2010.5,1.5,3000,15.75,0.52',
  '1,Entry long,2025-04-01 16:30,go,2000,1.5,3000,15.75,0.52',
  '2,Exit short,2025-04-02 20:30,cover,1990,"1,000",3000,-5,-0.1',
  '2,Entry short,2025-04-02 16:30,fade,1995,"1,000",3000,-5,-0.1',
];
const text = `\ufeff${[header, ...rows].join('\r\n')}`;
const eth = { symbol: 'ETHUSDT', zone: 'Asia/Singapore' };

describe('TradingView list of trades', () => {
  it('reads each line as a fill in the zone of the chart, exit first', async () => {
    expect(await recognisedAs(text)).toEqual(['tradingview-trades-csv-2025']);
    const result = await readAs(tradingviewTradesCsv2025, text, eth);
    expect(result.executions).toEqual([
      fill({
        symbol: 'ETH/USDT',
        side: 'sell',
        price: 2010.5,
        quantity: 1.5,
        executedAtUs: us('2025-04-01T12:30:00Z'),
      }),
      fill({ symbol: 'ETH/USDT', side: 'buy', price: 2000, quantity: 1.5, executedAtUs: us('2025-04-01T08:30:00Z') }),
      fill({ symbol: 'ETH/USDT', side: 'buy', price: 1990, quantity: 1000, executedAtUs: us('2025-04-02T12:30:00Z') }),
      fill({ symbol: 'ETH/USDT', side: 'sell', price: 1995, quantity: 1000, executedAtUs: us('2025-04-02T08:30:00Z') }),
    ]);
    expect(result.warnings).toEqual([]);
  });

  it('says that the zone of the chart is assumed, and that the prices are in another currency', async () => {
    const { warnings } = await readAs(tradingviewTradesCsv2025, text, { symbol: 'ETH/EUR' });
    expect(warnings).toEqual([
      expect.stringMatching(/prices are in USDT, but the symbol given is ETH\/EUR/),
      expect.stringMatching(/read as UTC/),
    ]);
  });

  it('needs the instrument named', async () => {
    expect(await failureOf(readAs(tradingviewTradesCsv2025, text))).toMatch(
      /^invalid-arguments: .*does not name its instrument/,
    );
  });

  it('reads an entry without an exit, and passes over the mark of an open trade', async () => {
    const open = [
      header,
      '3,Exit long,2025-04-03 00:00,Open,2100,1,2100,1,1',
      '3,Entry long,2025-04-02 16:30,go,2000,1,2000,1,1',
    ];
    const result = await readAs(tradingviewTradesCsv2025, open.join('\n'), eth);
    expect(result.executions.map(({ side }) => side)).toEqual(['buy']);
    expect(result.others).toEqual({ 'open trade at the last bar': 1 });
  });

  it.each([
    header.replace('Size (qty)', 'Position size (qty)').replace('Size (value)', 'Position size (value)'),
    header.replace('Trade #', 'Trade number'),
    header.replace('Price USDT', 'Price'),
  ])('reads the variant %s', async (line) => {
    expect((await readAs(tradingviewTradesCsv2025, `${line}\n${rows[1]}\n`, eth)).executions).toHaveLength(1);
  });

  it('reads the older layout', async () => {
    const old = [
      'Trade #,Type,Signal,Date/Time,Price USDT,Contracts,Profit USDT',
      '1,Entry long,go,2024-03-01 15:00,60000.5,0.25,—',
      '1,Exit long,stop,2024-03-02 09:00,59000,0.25,(250.13)',
    ].join('\n');
    expect(await recognisedAs(old)).toEqual(['tradingview-trades-csv-old']);
    const { executions } = await readAs(tradingviewTradesCsvOld, old, { symbol: 'BTC/USDT', zone: 'UTC' });
    expect(executions.map(({ side, price, quantity }) => [side, price, quantity])).toEqual([
      ['buy', 60000.5, 0.25],
      ['sell', 59000, 0.25],
    ]);
  });

  it.each([
    ['1,Dream long,2025-04-01 20:30,close,2010.5,1.5,3000,15,0', /Type is "Dream long"/],
    ['1,Exit long,soon,close,2010.5,1.5,3000,15,0', /Date and time is "soon"/],
    ['1,Exit long,2025-04-01 20:30,close,—,1.5,3000,15,0', /Price is "—", which is no number/],
    ['1,Exit long,2025-04-01 20:30,close,2010.5,0,3000,15,0', /Size is "0"/],
  ])('quarantines %s', async (row, reason) => {
    const result = await readAs(tradingviewTradesCsv2025, `${header}\n${rows[1]}\n${row}\n`, eth);
    expect(result.quarantined).toEqual([expect.stringMatching(reason)]);
  });
});
