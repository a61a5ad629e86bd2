import { describe, expect, it } from 'vitest';
import { okxTradingBillCsv as format } from '../../../electron/engine/imports/formats/okx-trading-bill-csv';
import { fill, readAs, recognisedAs, us } from '../../support/formats';

const header =
  'id,Order id,Time,Trade Type,Symbol,Action,Amount,Trading Unit,Filled Price,Filled Price Unit,PnL,Fee,Fee Unit,Position Change,Position Balance,Position Unit,Balance Change,Balance,Balance Unit';
const leg = (id: string, action: string, amount: string, unit: string, fee = '0E-8', order = 'o1'): string =>
  `${id},${order},2023-02-03 04:05:06,Spot,ETH-USDT,${action},${amount},ETH,2000.00000000,USDT,0E-8,${fee},${unit},0E-8,0E-8,${unit},0,0,${unit}`;
const read = (...rows: readonly string[]) => readAs(format, `${header}\n${rows.join('\n')}\n`, { zone: 'UTC' });

describe('OKX trading bill', () => {
  it('takes the side from the line of the base, whose action is its own', async () => {
    const rows = [leg('12', 'Buy', '1000', 'USDT', '-0.8'), leg('11', 'Sell', '0.5', 'ETH')];
    expect(await recognisedAs(`${header}\n${rows.join('\n')}\n`)).toEqual(['okx-trading-bill-csv']);
    const result = await read(...rows);
    expect(result.executions).toEqual([
      fill({
        ...{ venue: 'okx', symbol: 'ETH/USDT', side: 'sell', price: 2000, quantity: 0.5, fee: 0.8 },
        ...{ feeCurrency: 'USDT', orderId: 'o1', executedAtUs: us('2023-02-03T04:05:06Z') },
      }),
    ]);
    expect(result.others).toEqual({ 'further leg of a fill': 1 });
  });

  it('pairs several fills of one order, second and price by what they are worth, in any order', async () => {
    const rows = [leg('14', 'Sell', '500', 'USDT'), leg('11', 'Buy', '0.5', 'ETH', '-0.0005')];
    rows.push(leg('13', 'Buy', '0.25', 'ETH', '-0.00025'), leg('12', 'Sell', '1000', 'USDT'));
    for (const order of [rows, [...rows].reverse()]) {
      const { executions } = await read(...order);
      expect(
        executions.map(({ side, quantity, fee, feeCurrency }) => [side, quantity, fee, feeCurrency]).sort(),
      ).toEqual([
        ['buy', 0.25, 0.00025, 'ETH'],
        ['buy', 0.5, 0.0005, 'ETH'],
      ]);
    }
  });

  it('reads the export without position and price units, and names the coin of a fill that was free', async () => {
    const columns =
      'id,Order id,Time,Trade Type,Symbol,Action,Amount,Trading Unit,Filled Price,PnL,Fee,Fee Unit,Position Change,Position Balance,Balance Change,Balance,Balance Unit';
    const row = (id: string, action: string, amount: string, unit: string): string =>
      `${id},o1,2025-02-03 04:05:06,Spot,ETH-USDT,${action},${amount},ETH,2000,0,0,${unit},0,0,0,0,${unit}`;
    const text = `${columns}\n${row('1', 'Buy', '0.5', 'ETH')}\n${row('2', 'Sell', '1000', 'USDT')}\n`;
    expect(await recognisedAs(text)).toEqual(['okx-trading-bill-csv']);
    expect((await readAs(format, text)).executions).toMatchObject([{ side: 'buy', fee: 0, feeCurrency: 'ETH' }]);
  });

  it.each([
    ['one leg', [leg('1', 'Buy', '0.5', 'ETH')], /no line of the same time and price is the other side of 0.5 ETH/],
    [
      'legs worth something else',
      [leg('1', 'Buy', '0.5', 'ETH'), leg('2', 'Sell', '1001', 'USDT')],
      /no line of the same/,
    ],
    ['legs of two orders', [leg('1', 'Buy', '0.5', 'ETH'), leg('2', 'Sell', '1000', 'USDT', '0', 'o2')], /no line of/],
    ['a swap', [leg('1', 'Buy', '0.5', 'ETH').replace('Spot', 'Swap')], /Trade Type is "Swap"/],
    ['no amount', [leg('1', 'Buy', '', 'ETH')], /Amount is missing/],
    ['a fee in another coin', [leg('1', 'Buy', '1', 'ETH').replace('0E-8,ETH', '-1,OKB')], /Fee Unit is "OKB"/],
  ])('quarantines every line of %s', async (_, rows, reason) => {
    const result = await read(...rows);
    expect(result.quarantined).toEqual(rows.map(() => expect.stringMatching(reason)));
    expect(result.executions).toEqual([]);
  });
});
