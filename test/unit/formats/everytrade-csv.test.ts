import { describe, expect, it } from 'vitest';
import { everytradeCsv as format } from '../../../electron/engine/imports/formats/everytrade-csv';
import { fill, readAs, recognisedAs, us } from '../../support/formats';

describe('EveryTrade', () => {
  const read = (text: string) => readAs(format, text);

  it.each([
    ['UID;DATE;SYMBOL;ACTION;QUANTY;PRICE;FEE', 'u1;2021-02-03 04:05:06;ETH/EUR;BUY;0.5;2000;1.5', 1.5, 'EUR'],
    [
      'UID;DATE;SYMBOL;ACTION;QUANTY;PRICE;FEE;FEE_CURRENCY;REBATE;REBATE_CURRENCY',
      'u1;2021-02-03 04:05:06;ETH/EUR;BUY;0.5;2000;0.002;ETH;0.0005;ETH',
      ...([0.0015, 'ETH'] as const),
    ],
  ])('reads %s', async (header, row, fee, feeCurrency) => {
    const text = `${header}\n${row}\n`;
    expect(await recognisedAs(text)).toEqual(['everytrade-csv']);
    expect((await read(text)).executions).toEqual([
      fill({
        ...{ symbol: 'ETH/EUR', side: 'buy', price: 2000, quantity: 0.5, fee, feeCurrency, tradeId: 'u1' },
        executedAtUs: us('2021-02-03T04:05:06Z'),
      }),
    ]);
  });

  it.each([
    ['u1;2021-02-03 04:05:06;ETH/EUR;BUY;0.5;2000;1;EUR;1;BNB', /REBATE is "1" in BNB .*, but the fee is in EUR/],
    ['u1;2021-02-03 04:05:06;ETH/EUR;HOLD;0.5;2000;1;EUR;;', /ACTION is "HOLD"/],
    ['u1;2021-02-03 04:05:06;;BUY;0.5;2000;1;EUR;;', /SYMBOL is missing/],
  ])('quarantines %s', async (row, reason) => {
    const header = 'UID;DATE;SYMBOL;ACTION;QUANTY;PRICE;FEE;FEE_CURRENCY;REBATE;REBATE_CURRENCY';
    expect((await read(`${header}\n${row}\n`)).quarantined).toEqual([expect.stringMatching(reason)]);
  });

  it('counts what is no trade', async () => {
    const text = 'UID;DATE;SYMBOL;ACTION;QUANTY;PRICE;FEE\nu1;2021-02-03 04:05:06;ETH/EUR;STAKING_REWARD;1;;\n';
    expect((await read(text)).others).toEqual({ 'staking reward': 1 });
  });
});
