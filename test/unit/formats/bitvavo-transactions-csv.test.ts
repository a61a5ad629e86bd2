import { describe, expect, it } from 'vitest';
import { bitvavoTransactionsCsv as format } from '../../../electron/engine/imports/formats/bitvavo-transactions-csv';
import { fill, readAs, recognisedAs, us } from '../../support/formats';

const header =
  'Timezone,Date,Time,Type,Currency,Amount,Quote Currency,Quote Price,Received / Paid Currency,Received / Paid Amount,Fee currency,Fee amount,Status,Transaction ID,Address';
const row = 'Europe/Amsterdam,2023-07-04,11:36:46.620,buy,ETH,0.5,EUR,2000,EUR,-1002.50,EUR,2.5,Completed,t1,';
const read = (...rows: readonly string[]) => readAs(format, `${header}\n${rows.join('\n')}\n`);

describe('Bitvavo transactions', () => {
  it('reads a fill in the zone its line names, summer time and all', async () => {
    const sold = row
      .replace('buy,ETH,0.5', 'sell,ETH,-0.5')
      .replace('-1002.50', '997.50')
      .replace('2023-07-04', '2023-12-04');
    expect(await recognisedAs(`${header}\n${row}\n`)).toEqual(['bitvavo-transactions-csv']);
    const result = await read(row, sold.replace('11:36:46.620', '11:36:46'));
    const common = {
      venue: 'bitvavo',
      symbol: 'ETH/EUR',
      price: 2000,
      quantity: 0.5,
      fee: 2.5,
      feeCurrency: 'EUR',
      tradeId: 't1',
    };
    expect(result.executions).toEqual([
      fill({ ...common, side: 'buy', executedAtUs: us('2023-07-04T09:36:46.620Z') }),
      fill({ ...common, side: 'sell', executedAtUs: us('2023-12-04T10:36:46Z') }),
    ]);
    expect(result.warnings).toEqual([]);
  });

  it('reads the older layout with the quote in the names of its columns', async () => {
    const text =
      'Timezone,Date,Time,Type,Currency,Amount,Price (EUR),EUR received / paid,Fee currency,Fee amount,Status,Transaction ID,Address\n' +
      'UTC,2022-07-04,11:36:46,buy,ETH,0.5,2000,-1002.50,EUR,2.5,Completed,t1,\n';
    expect(await recognisedAs(text)).toEqual(['bitvavo-transactions-csv']);
    expect((await readAs(format, text)).executions).toMatchObject([{ symbol: 'ETH/EUR', price: 2000, fee: 2.5 }]);
  });

  it('counts what is no trade, and says where what was paid does not agree', async () => {
    const other = (type: string): string => `UTC,2023-07-04,11:36:46,${type},ETH,1,,,,,,,Completed,t2,`;
    const result = await read(other('deposit'), other('fixed_staking'), row.replace('-1002.50', '-1100'));
    expect(result.others).toEqual({ deposit: 1, 'fixed staking': 1 });
    expect(result.warnings).toEqual([
      expect.stringMatching(/line 4 is -1100, but amount, price and fee come to -1002.5/),
    ]);
  });

  it('says so where the clocks show an hour twice', async () => {
    const result = await read(row.replace('2023-07-04,11:36', '2023-10-29,02:36'));
    expect(result.warnings).toEqual([expect.stringMatching(/Europe\/Amsterdam show twice/)]);
  });

  it.each([
    [row.replace('Europe/Amsterdam', 'Atlantis'), /Timezone is "Atlantis"/],
    [row.replace('2023-07-04', '2023-02-30'), /Date and Time is "2023-02-30/],
    [row.replace('Completed', 'Pending'), /Status is "Pending"/],
    [row.replace(',buy,', ',gamble,'), /Type is "gamble"/],
    [row.replace(',0.5,', ',-0.5,'), /Amount is "-0.5", but must be above zero to buy/],
    [row.replace(',2000,', ',,'), /Quote Price is missing/],
    [row.replace(',t1,', ',,'), /Transaction ID is missing/],
  ])('quarantines %s', async (line, reason) => {
    expect((await read(line)).quarantined).toEqual([expect.stringMatching(reason)]);
  });
});
