import { describe, expect, it } from 'vitest';
import { pionexTradesCsv as format } from '../../../electron/engine/imports/formats/pionex-trades-csv';
import { failureOf, fill, readAs, recognisedAs, us } from '../../support/formats';

describe('Pionex trades', () => {
  const header = 'Date,Received Quantity,Received Currency,Sent Quantity,Sent Currency,Fee Amount,Fee Currency,Tag';
  const read = (...rows: readonly string[]) => readAs(format, `${header}\n${rows.join('\n')}\n`);

  it('tells purchases from sales by which asset is money, and counts lines with one side', async () => {
    const rows = ['2/27/2022 12:09,0.5,ETH,1000,BUSD,0.0005,ETH,', '2/27/2022 12:11,2100,BUSD,1,ETH,2.1,BUSD,'];
    expect(await recognisedAs(`${header}\n${rows.join('\n')}\n`)).toEqual(['pionex-trades-csv']);
    const result = await read(...rows, '2/27/2022 13:00,5,ETH,,,,,', '2/27/2022 13:00,,,5,ETH,,,');
    expect(result.executions).toEqual([
      fill({
        ...{ symbol: 'ETH/BUSD', side: 'buy', price: 2000, quantity: 0.5, fee: 0.0005, feeCurrency: 'ETH' },
        executedAtUs: us('2022-02-27T12:09:00Z'),
      }),
      fill({
        ...{ symbol: 'ETH/BUSD', side: 'sell', price: 2100, quantity: 1, fee: 2.1, feeCurrency: 'BUSD' },
        executedAtUs: us('2022-02-27T12:11:00Z'),
      }),
    ]);
    expect(result.others).toEqual({ deposit: 1, withdrawal: 1 });
  });

  it('asks for the order of day and month where no date proves it', async () => {
    expect(await failureOf(read('2/3/2022 12:09,0.5,ETH,1000,BUSD,,,'))).toMatch(/^format-ambiguous/);
  });

  it.each([
    ['2/27/2022 12:09,0.5,ADA,1000,XLM,,,', /which of ADA and XLM is priced/],
    ['2/27/2022 12:09,0.5,,1000,BUSD,,,', /Received Currency is missing/],
    ['2/27/2022 12:09,-0.5,ETH,1000,BUSD,,,', /Received Quantity is "-0.5"/],
    ['2/27/2022 12:09,,ETH,,BUSD,,,', /Received Quantity is missing/],
    ['2/27/2022 12:09,half,ETH,1000,BUSD,,,', /Received Quantity is "half"/],
  ])('quarantines %s', async (line, reason) => {
    expect((await read(line)).quarantined).toEqual([expect.stringMatching(reason)]);
  });
});
