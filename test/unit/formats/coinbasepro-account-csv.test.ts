import { describe, expect, it } from 'vitest';
import { coinbaseproAccountCsv as format } from '../../../electron/engine/imports/formats/coinbasepro-account-csv';
import { fill, readAs, recognisedAs, us } from '../../support/formats';

const header = 'portfolio,type,time,amount,balance,amount/balance unit,transfer id,trade id,order id';
const leg = (type: string, amount: string, unit: string, trade = '31', order = 'o1'): string =>
  `desk,${type},2021-02-03T04:05:06.789Z,${amount},0,${unit},,${trade},${order}`;
const read = (...rows: readonly string[]) => readAs(format, `${header}\n${rows.join('\n')}\n`);

describe('Coinbase Pro account', () => {
  it('makes one fill of two matches and their fee', async () => {
    const rows = [leg('match', '-900', 'USD'), leg('match', '0.03', 'BTC'), leg('fee', '-4.5', 'USD')];
    expect(await recognisedAs(`${header}\n${rows.join('\n')}\n`)).toEqual(['coinbasepro-account-csv']);
    const result = await read(...rows);
    expect(result.executions).toEqual([
      fill({
        ...{ venue: 'coinbase', account: 'desk', symbol: 'BTC/USD', side: 'buy', price: 30000, quantity: 0.03 },
        ...{ fee: 4.5, feeCurrency: 'USD', tradeId: '31', orderId: 'o1' },
        executedAtUs: us('2021-02-03T04:05:06.789Z'),
      }),
    ]);
    expect(result.others).toEqual({ 'further leg of a fill': 2 });
  });

  it('keeps the fills of one order apart by their trade ids, and adds up the matches of one', async () => {
    const result = await read(
      ...[leg('match', '-1', 'ETH'), leg('match', '-1', 'ETH', '32'), leg('match', '2000', 'USDC', '32')],
      ...[leg('match', '1000', 'USDC'), leg('match', '-1', 'ETH'), leg('match', '1500', 'USDC')],
    );
    expect(result.executions).toMatchObject([
      { side: 'sell', price: 1250, quantity: 2, tradeId: '31', fee: null, feeCurrency: null },
      { side: 'sell', price: 2000, quantity: 1, tradeId: '32' },
    ]);
  });

  it('reads capitalised columns and counts what is no trade', async () => {
    const text = `${header.toUpperCase()}\n${leg('deposit', '5', 'USD', '', '')}\n${leg('conversion', '5', 'USD', '', '')}\n`;
    expect(await recognisedAs(text)).toEqual(['coinbasepro-account-csv']);
    expect((await readAs(format, text)).others).toEqual({ deposit: 1, conversion: 1 });
  });

  it('quarantines the rest of a trade one of whose lines cannot be read', async () => {
    const rows = [leg('match', '-1', 'ETH'), leg('match', '1.5x', 'ETH'), leg('match', '1000', 'USD')];
    const result = await read(...rows, leg('match', '-1', 'ETH', '32'), leg('match', '1000', 'USD', '32'));
    expect(result.quarantined).toHaveLength(3);
    expect(result.quarantined).toContainEqual(expect.stringMatching(/another line of the same trade cannot be read/));
    expect(result.executions).toMatchObject([{ tradeId: '32', quantity: 1 }]);
  });

  it.each([
    ['one leg', [leg('match', '-900', 'USD')], /trade 31: its lines change USD where a fill changes two assets/],
    ['a fee alone', [leg('fee', '-900', 'USD')], /its lines change no asset/],
    ['nothing given', [leg('match', '900', 'USD'), leg('match', '1', 'BTC')], /nothing was exchanged/],
    ['two stable coins', [leg('match', '-9', 'USDT'), leg('match', '9', 'USDC')], /name the pair with --symbol/],
    [
      'a trade one of whose lines is missing',
      [leg('match', '-1', 'ETH'), leg('match', '1000', 'USD'), leg('match', '1500', 'USD')],
      /1 of its lines change ETH and 2 USD, so one of them is missing/,
    ],
    ['no trade id', [leg('match', '-9', 'USD', '')], /trade id is missing/],
    ['an unknown type', [leg('gift', '9', 'USD')], /type is "gift"/],
  ])('quarantines every line of %s', async (_, rows, reason) => {
    const result = await read(...rows);
    expect(result.quarantined).toEqual(rows.map(() => expect.stringMatching(reason)));
    expect(result.executions).toEqual([]);
  });
});
