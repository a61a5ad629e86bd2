import { describe, expect, it } from 'vitest';
import { bitfinexLedgerCsv as format } from '../../../electron/engine/imports/formats/bitfinex-ledger-csv';
import { fill, readAs, recognisedAs, us } from '../../support/formats';

const header = '#,DESCRIPTION,CURRENCY,AMOUNT,BALANCE,DATE,WALLET';
const row = (text: string, asset: string, change: string, balance = '', time = '05-03-21 04:05:06'): string =>
  `1,${text},${asset},${change},${balance},${time},exchange`;
const bought = 'Exchange 0.5 ETH for USD @ 2000.0 on wallet exchange';
const fee = 'Trading fees for 0.5 ETH (ETHUSD) @ 2000.0 on BFX (0.2%) on wallet exchange';
const read = (...rows: readonly string[]) => readAs(format, `${header}\n${rows.join('\n')}\n`);

describe('Bitfinex ledger', () => {
  it('makes one fill of the lines of an exchange and its fee, wherever they stand', async () => {
    const rows = [row(fee, 'ETH', '-0.001'), row(bought, 'USD', '-1000'), row(bought, 'ETH', '0.5')];
    expect(await recognisedAs(`\ufeff${header}\n${rows.join('\n')}\n`)).toEqual(['bitfinex-ledger-csv']);
    for (const order of [rows, [...rows].reverse()]) {
      const result = await read(...order);
      expect(result.executions).toEqual([
        fill({
          ...{ venue: 'bitfinex', symbol: 'ETH/USD', side: 'buy', price: 2000, quantity: 0.5 },
          ...{ fee: 0.001, feeCurrency: 'ETH', executedAtUs: us('2021-03-05T04:05:06Z') },
        }),
      ]);
      expect(result.others).toEqual({ 'further leg of a fill': 2 });
      expect(result.warnings).toEqual([]);
    }
  });

  it('tells fills of one second apart by their amounts, and calls Tether by its name', async () => {
    const more = 'Exchange 0.7 ETH for UST @ 2001.0 on wallet exchange';
    const rows = [row(bought, 'ETH', '-0.5'), row(more, 'UST', '-1400.7'), row(bought, 'USD', '1000')];
    rows.push(row(more, 'ETH', '0.7'));
    expect((await read(...rows)).executions).toMatchObject([
      { symbol: 'ETH/USD', side: 'sell', quantity: 0.5, price: 2000, fee: null },
      { symbol: 'ETH/USDT', side: 'buy', quantity: 0.7, price: 2001 },
    ]);
  });

  it('reads the layout of 2014; margin trades leave settlements and fees only', async () => {
    const text = [
      '\ufeffCurrency,Description,Amount,Balance,Date',
      'BTC,Settlement @ 350.5 on Margin wallet,-0.0002,0.4997,2014-10-07 20:00:00',
      'BTC,Trading fee 0.1 BTC @ 350.5 (0.18% fee) on Margin wallet,-0.0001,0.4999,2014-10-07 19:30:00',
      'BTC,Deposit (BITCOIN) on Margin wallet,0.5,0.5,2014-10-07 19:00:00',
    ].join('\n');
    expect(await recognisedAs(text)).toEqual(['bitfinex-ledger-csv']);
    const result = await readAs(format, text);
    expect(result.others).toEqual({ 'settlement of a margin trade': 1, 'fee of a margin trade': 1, deposit: 1 });
    expect(result.warnings).toEqual([]);
  });

  it('says which balance the lines do not come to', async () => {
    const result = await read(
      row(
        'Transfer of 1.0 BTC from wallet Exchange to Margin on wallet exchange',
        'BTC',
        '-1',
        '4',
        '05-03-21 06:00:00',
      ),
      row('Deposit (BITCOIN) #7 on wallet exchange', 'BTC', '2', '3', '05-03-21 05:00:00'),
    );
    expect(result.warnings).toEqual([
      expect.stringMatching(/BTC \(exchange\) after line 3 is 3, but the rows around it come to 5/),
    ]);
    expect(result.others).toEqual({ transfer: 1, deposit: 1 });
  });

  it.each([
    ['one side only', [row(bought, 'ETH', '0.5')], /do not pay one asset for the other/],
    ['both received', [row(bought, 'ETH', '0.5'), row(bought, 'USD', '1000')], /nothing was exchanged/],
    [
      'another worth',
      [row(bought, 'ETH', '0.5'), row(bought, 'USD', '-1100')],
      /-1100 USD is not what 0.5 ETH cost at 2000/,
    ],
    [
      'two fees for one fill',
      [row(bought, 'ETH', '0.5'), row(bought, 'USD', '-1000'), row(fee, 'ETH', '-0.001'), row(fee, 'ETH', '-0.001')],
      /1 fills of one amount have 2 fees/,
    ],
    ['an unknown sentence', [row('Gift from a friend', 'ETH', '1')], /Description is "Gift from a friend"/],
    [
      'a fee of more than there is',
      [row(fee.replace(/\d[\d.]*/, '1e999'), 'ETH', '-0.001')],
      /Description tells "1e999", which is no amount/,
    ],
    ['no amount', [row(bought, 'ETH', 'much')], /Amount is "much"/],
    ['no date', [row(bought, 'ETH', '0.5').replace('05-03-21', '31-31-21')], /Date is "31-31-21/],
  ])('quarantines every line of %s', async (_, rows, reason) => {
    const result = await read(...rows);
    expect(result.quarantined).toEqual(rows.map(() => expect.stringMatching(reason)));
    expect(result.executions).toEqual([]);
  });
});
