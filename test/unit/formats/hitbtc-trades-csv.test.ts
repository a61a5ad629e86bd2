import { describe, expect, it } from 'vitest';
import { hitbtcTradesCsv as format } from '../../../electron/engine/imports/formats/hitbtc-trades-csv';
import { fill, readAs, recognisedAs, us } from '../../support/formats';

const columns = '"Instrument","Trade ID","Order ID","Side","Quantity","Price","Volume","Fee","Rebate","Total"';
const row = '"2020-02-03 04:05:06","ETH/USDT","71","72","buy","0.5","200","100","0.2","0.0","-100.2"';

describe('HitBTC trades', () => {
  it('reads a fill with its ids, the fee in the quote', async () => {
    const text = `"Date (UTC)",${columns}\n${row}\n`;
    expect(await recognisedAs(text)).toEqual(['hitbtc-trades-csv']);
    const result = await readAs(format, text);
    expect(result.executions).toEqual([
      fill({
        ...{ venue: 'hitbtc', symbol: 'ETH/USDT', side: 'buy', price: 200, quantity: 0.5, fee: 0.2 },
        ...{ feeCurrency: 'USDT', tradeId: '71', orderId: '72', executedAtUs: us('2020-02-03T04:05:06Z') },
      }),
    ]);
    expect(result.warnings).toEqual([]);
  });

  it.each([
    ['Date (+01)', '2020-02-03T03:05:06Z'],
    ['Date (-05:30)', '2020-02-03T09:35:06Z'],
  ])('reads times in the zone of the header %s', async (date, iso) => {
    const { executions } = await readAs(format, `"${date}",${columns}\n${row}\n`);
    expect(executions[0]?.executedAtUs).toBe(us(iso));
  });

  it('reads who was maker, and what a maker got back', async () => {
    const made = `"a@b.c",${row.replace('"0.2","0.0"', '"0.0","0.01"')},"false"`;
    const text = `"Email","Date (UTC)",${columns},"Taker"\n${made}\n${made.replace('false', 'true')}\n`;
    expect(await recognisedAs(text)).toEqual(['hitbtc-trades-csv']);
    expect((await readAs(format, text)).executions).toMatchObject([
      { fee: -0.01, liquidity: 'maker', account: null },
      { liquidity: 'taker' },
    ]);
  });

  it.each([
    [row.replace('buy', 'hold'), /Side is "hold"/],
    [row.replace('"71"', '""'), /Trade ID is missing/],
    [row.replace('04:05:06', '25:05:06'), /Date is "2020-02-03 25/],
    [row.replace('"0.2"', '"x"'), /Fee is "x"/],
  ])('quarantines %s', async (bad, reason) => {
    expect((await readAs(format, `"Date (UTC)",${columns}\n${bad}\n`)).quarantined).toEqual([
      expect.stringMatching(reason),
    ]);
  });
});
