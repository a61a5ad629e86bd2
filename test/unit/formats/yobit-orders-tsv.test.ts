import { describe, expect, it } from 'vitest';
import { yobitOrdersTsv as format } from '../../../electron/engine/imports/formats/yobit-orders-tsv';
import { fill, readAs, recognisedAs, us } from '../../support/formats';

describe('YoBit orders', () => {
  const header = 'Order time\tClosed time\tPair\tType\tPrice\tAmount\tCompleted\tTotal';
  const row = '2015-02-03 04:05:06\t2015-02-03 05:05:06\tLTC/BTC\tSELL\t0.01\t50\t50\t0.5';
  const read = (...rows: readonly string[]) => readAs(format, `${header}\n${rows.join('\n')}\n`);

  it('reads what was filled at the price of the order, and what was left as cancelled', async () => {
    const part = row.replace('\t50\t50\t', '\t50\t20\t').replace('SELL', 'BUY\t');
    const none = row.replace('\t50\t50\t', '\t50\t0.00000000\t\t');
    expect(await recognisedAs(`${header}\n${row}\n`)).toEqual(['yobit-orders-tsv']);
    const result = await read(row, part, none);
    const common = { venue: 'yobit', symbol: 'LTC/BTC', price: 0.01, intendedQuantity: 50 };
    const times = { executedAtUs: us('2015-02-03T05:05:06Z'), submittedAtUs: us('2015-02-03T04:05:06Z') };
    expect(result.executions).toEqual([
      fill({ ...common, ...times, side: 'sell', quantity: 50 }),
      fill({ ...common, ...times, side: 'buy', quantity: 20 }),
    ]);
    expect(result.orderEvents.map(({ side, kind, intendedQuantity }) => [side, kind, intendedQuantity])).toEqual([
      ['buy', 'cancelled', 50],
      ['sell', 'cancelled', 50],
    ]);
    expect(result.outcomes.map(({ kind }) => kind)).toEqual(['executions', 'executions', 'orderEvents']);
    expect(result.warnings).toEqual([
      expect.stringMatching(/read as UTC/),
      expect.stringMatching(/its own price, which is the worst/),
    ]);
  });

  it('reads its columns in another order', async () => {
    const text =
      'Pair\tOrder time\tClosed time\tType\tPrice\tAmount\tCompleted\tTotal\tNote\nLTC/BTC\t2015-02-03 04:05:06\t2015-02-03 05:05:06\tSELL\t0.01\t50\t50\t0.5\tx\n';
    expect((await readAs(format, text)).executions).toMatchObject([{ price: 0.01, quantity: 50 }]);
  });

  it.each([
    [row.replace('\t0.5', ''), /7 filled cells where the header has 8/],
    [`${row}\t1\t2`, /10 filled cells/],
    [row.replace('\t50\t50\t', '\t50\t51\t'), /Completed is "51" of 50/],
    [row.replace('SELL', 'SWAP'), /Type is "SWAP"/],
    [row.replace('\t0.01\t', '\t-1\t'), /Price is "-1"/],
  ])('quarantines %j', async (line, reason) => {
    expect((await read(line)).quarantined).toEqual([expect.stringMatching(reason)]);
  });
});
