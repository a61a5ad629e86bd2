import { describe, expect, it } from 'vitest';
import { bitflyerTradesCsv as format } from '../../../electron/engine/imports/formats/bitflyer-trades-csv';
import { fill, readAs, recognisedAs, us } from '../../support/formats';

describe('bitFlyer trades', () => {
  const header =
    'Trade Date;Product;Trade Type;Traded Price;Currency 1;Amount (Currency 1);Fee;USD Rate (Currency);Currency 2;Amount (Currency 2);Order ID;Details';
  const row = '2020/02/03 04:05:06;ETH/USD;Buy;200;ETH;0.5;-0.001;200;USD;-100;b1;';
  const read = (...rows: readonly string[]) => readAs(format, `${header}\n${rows.join('\n')}\n`);

  it('reads fills, their fee in the first currency whatever its sign, and counts deposits', async () => {
    expect(await recognisedAs(`${header}\n${row}\n`)).toEqual(['bitflyer-trades-csv']);
    const result = await read(row, '2020/02/03 04:05:06;ETH;Deposit;0;ETH;2;0;200;;0;d1;');
    expect(result.executions).toEqual([
      fill({
        ...{
          venue: 'bitflyer',
          symbol: 'ETH/USD',
          side: 'buy',
          price: 200,
          quantity: 0.5,
          fee: 0.001,
          feeCurrency: 'ETH',
        },
        ...{ executedAtUs: us('2020-02-03T04:05:06Z'), orderId: 'b1' },
      }),
    ]);
    expect([result.others, result.warnings]).toEqual([{ deposit: 1 }, [expect.stringMatching(/read as UTC/)]]);
  });

  it.each([
    [row.replace('Buy', 'Sell'), /Amount \(Currency 1\) is "0.5", but must be below zero to sell/],
    [row.replace('Buy', 'Lend'), /Trade Type is "Lend"/],
    [row.replace(';USD;', ';;'), /Currency 2 is missing/],
    [row.replace(';200;ETH', ';0;ETH'), /Traded Price is "0"/],
  ])('quarantines %s', async (line, reason) => {
    expect((await read(line)).quarantined).toEqual([expect.stringMatching(reason)]);
  });
});
