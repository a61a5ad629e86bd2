import { describe, expect, it } from 'vitest';
import { cryptocomAppCsv as format } from '../../../electron/engine/imports/formats/cryptocom-app-csv';
import { fill, readAs, recognisedAs, us } from '../../support/formats';

describe('Crypto.com app', () => {
  const header =
    'Timestamp (UTC),Transaction Description,Currency,Amount,To Currency,To Amount,Native Currency,Native Amount,Native Amount (in USD),Transaction Kind,Transaction Hash';
  const row =
    '2024-02-03 04:05:06,ETH -> USDC,ETH,-0.5,USDC,1000,EUR,920.123456789012345678901234567890,1000,crypto_exchange,';
  const read = (...rows: readonly string[]) => readAs(format, `${header}\n${rows.join('\n')}\n`);

  it('reads exchanges and purchases as trades with Crypto.com', async () => {
    const card = '2024-02-03 04:05:06,Buy BTC,BTC,0.01,,,EUR,400,430,crypto_purchase,';
    const cash = '2024-02-03 04:05:06,EUR -> BTC,EUR,-400,BTC,0.01,EUR,400,430,viban_purchase,';
    expect(await recognisedAs(`${header}\n${row}\n`)).toEqual(['cryptocom-app-csv']);
    const result = await read(row, card, cash);
    expect(result.executions[0]).toEqual(
      fill({
        ...{ venue: 'crypto.com-app', symbol: 'ETH/USDC', side: 'sell', price: 2000, quantity: 0.5 },
        executedAtUs: us('2024-02-03T04:05:06Z'),
      }),
    );
    expect(result.executions.slice(1)).toMatchObject(Array(2).fill({ symbol: 'BTC/EUR', side: 'buy', price: 40000 }));
    expect(result.warnings).toEqual([expect.stringMatching(/^3 trades were made with Crypto.com itself/)]);
  });

  it('counts everything else by its kind', async () => {
    const kinds = [
      'card_top_up',
      'referral_card_cashback',
      'finance.dpos.compound_interest.crypto_wallet',
      'crypto_deposit',
    ];
    const swap = ['crypto_wallet_swap_credited', 'crypto_wallet_swap_debited'];
    const other = (kind: string): string => `2024-02-03 04:05:06,x,CRO,5,,,EUR,1,1,${kind},`;
    const result = await read(...[...kinds, ...swap].map(other));
    expect(result.others).toEqual({
      ...Object.fromEntries(kinds.map((kind) => [kind, 1])),
      'swap of a coin by the app': 2,
    });
  });

  it.each([
    [
      row.replace('crypto_exchange', 'trading.limit_order.purchase'),
      /Transaction Kind is "trading.limit_order.purchase"/,
    ],
    [row.replace('crypto_exchange', ''), /Transaction Kind is missing/],
    [row.replace('-0.5', '0.5'), /Amount is "0.5", but must be below zero/],
    [row.replace(',USDC,1000,', ',USDC,,'), /To Amount is missing/],
    [row.replace(',USDC,1000,', ',XLM,1000,').replace('ETH,-0.5', 'ADA,-0.5'), /which of XLM and ADA is priced/],
  ])('quarantines %s', async (line, reason) => {
    expect((await read(line)).quarantined).toEqual([expect.stringMatching(reason)]);
  });
});
