import { describe, expect, it } from 'vitest';
import { binanceSpotTradesV1 as format } from '../../../electron/engine/imports/formats/binance-spot-trades-v1';
import { failureOf, fill, readAs, recognisedAs, us } from '../../support/formats';

const header = 'Date(UTC),Market,Type,Price,Amount,Total,Fee,Fee Coin';

describe('Binance spot trades v1', () => {
  it('reads a fill with the fee in a coin of its own', async () => {
    const text = `${header}\n2021-06-01 12:00:05,SOLUSDT,BUY,31.25,4,125,0.0003,BNB\n`;
    expect(await recognisedAs(text)).toEqual(['binance-spot-trades-v1']);
    expect((await readAs(format, text)).executions).toEqual([
      fill({
        ...{
          venue: 'binance',
          symbol: 'SOL/USDT',
          side: 'buy',
          price: 31.25,
          quantity: 4,
          fee: 0.0003,
          feeCurrency: 'BNB',
        },
        executedAtUs: us('2021-06-01T12:00:05Z'),
      }),
    ]);
  });

  it('keeps equal rows: two fills of one second are two fills', async () => {
    const row = '2021-06-01 12:00:05,SOLUSDT,SELL,31.25,4,125,0.0003,BNB';
    expect((await readAs(format, `${header}\n${row}\n${row}\n`)).executions).toHaveLength(2);
  });

  it.each([
    ['semicolons and points', '2021-06-01 12:00:05;LTCBTC;BUY;0.0052;2.5;0.013;0.0025;LTC', 0.0052, 2.5],
    ['semicolons and decimal commas', '2021-06-01 12:00:05;LTCBTC;BUY;0,0052;2,5;0,013;0,0025;LTC', 0.0052, 2.5],
    ['a spreadsheet’s exponents', '2021-06-01 12:00:05;LTCBTC;BUY;5,2E-3;2,5;0,013;2,5E-3;LTC', 0.0052, 2.5],
  ])('reads %s', async (_, row, price, quantity) => {
    const result = await readAs(format, `${header.replaceAll(',', ';')}\n${row}\n`);
    expect(result.executions[0]).toMatchObject({ symbol: 'LTC/BTC', price, quantity, fee: 0.0025 });
    expect(result.warnings).toEqual([]);
  });

  it('reads dates a spreadsheet has re-written once their order is proven', async () => {
    const text = `${header}\n1/27/2021 9:05,SOLUSDT,BUY,31.25,4,125,0,BNB\n2/3/2021 10:06,SOLUSDT,BUY,31.25,4,125,0,BNB\n`;
    const { executions } = await readAs(format, text);
    expect(executions.map(({ executedAtUs }) => executedAtUs)).toEqual([
      us('2021-01-27T09:05:00Z'),
      us('2021-02-03T10:06:00Z'),
    ]);
  });

  it('never guesses the order of day and month', async () => {
    const ambiguous = `${header}\n2/3/2021 10:06,SOLUSDT,BUY,31.25,4,125,0,BNB\n`;
    expect(await failureOf(readAs(format, ambiguous))).toMatch(
      /^format-ambiguous: .*day first or month first: "2\/3\/2021 10:06"/,
    );
    const mixed = `${header}\n27/1/2021 9:05,SOLUSDT,BUY,1,1,1,0,BNB\n1/27/2021 9:05,SOLUSDT,BUY,1,1,1,0,BNB\n`;
    expect(await failureOf(readAs(format, mixed))).toMatch(/^format-damaged: .*more than one way/);
  });

  it('says that the zone is assumed where the header does not state it', async () => {
    const text = `${header.replace('(UTC)', '')}\n2021-06-01 12:00:05,SOLUSDT,BUY,31.25,4,125,0,BNB\n`;
    expect((await readAs(format, text)).warnings).toEqual([expect.stringMatching(/read as UTC/)]);
  });

  it('warns once where price times amount is not the total', async () => {
    const row = '2021-06-01 12:00:05,SOLUSDT,BUY,31.25,4,1250,0.0003,BNB';
    expect((await readAs(format, `${header}\n${row}\n${row}\n`)).warnings).toEqual([
      expect.stringMatching(/not the total .* line 2: 125 against 1250/),
    ]);
  });

  it.each([
    ['2021-06-01 12:00:05,SOLUSDT,TRANSFER,31.25,4,125,0,BNB', /Type is "TRANSFER"/],
    ['2021-06-01 12:00:05,SOLUSDT,BUY,,4,125,0,BNB', /Price is missing/],
    ['2021-06-01 12:00:05,SOLUSDT,BUY,31.25,-4,125,0,BNB', /Amount is "-4"/],
    ['2021-06-31 12:00:05,SOLUSDT,BUY,31.25,4,125,0,BNB', /Date is "2021-06-31 12:00:05"/],
    ['2021-06-01 12:00:05,SOLUSDT,BUY,31.25,4,125,free,BNB', /Fee is "free"/],
  ])('quarantines %s', async (row, reason) => {
    expect((await readAs(format, `${header}\n${row}\n`)).quarantined).toEqual([expect.stringMatching(reason)]);
  });
});
