import { describe, expect, it } from 'vitest';
import { gateioLedgerCsv as format } from '../../../electron/engine/imports/formats/gateio-ledger-csv';
import { fill, readAs, recognisedAs, us } from '../../support/formats';

const header = 'no,time,action_desc,action_data,type,change_amount,amount,total';
const leg = (second: string, action: string, coin: string, change: string, order = '9'): string =>
  `-,2021-02-03 04:05:${second},${action},${order},${coin},${change},0,0`;
const read = (...rows: readonly string[]) => readAs(format, `${header}\n${rows.join('\n')}\n`, { zone: 'UTC' });

describe('Gate.io ledger', () => {
  it('makes a fill of what was paid, received and charged, listed in any order', async () => {
    const rows = [leg('06', 'Order Fullfilled', 'ETH', '0.5'), leg('06', 'Trade Fee', 'ETH', '-0.001')];
    rows.push(leg('05', 'Order Placed', 'USDT', '-1000'));
    expect(await recognisedAs(`${header}\n${rows.join('\n')}\n`)).toEqual(['gateio-ledger-csv']);
    const result = await read(...rows);
    expect(result.executions).toEqual([
      fill({
        ...{ venue: 'gateio', symbol: 'ETH/USDT', side: 'buy', price: 2000, quantity: 0.5, fee: 0.001 },
        ...{ feeCurrency: 'ETH', orderId: '9', executedAtUs: us('2021-02-03T04:05:06Z') },
      }),
    ]);
    expect(result.others).toEqual({ 'further leg of a fill': 2 });
  });

  it('pairs the fills of one order in the order of time', async () => {
    const { executions } = await read(
      ...[leg('08', 'Order Fullfilled', 'USDT', '2010'), leg('06', 'Order Fullfilled', 'USDT', '1000')],
      ...[leg('07', 'Order Placed', 'ETH', '-1'), leg('05', 'Order Placed', 'ETH', '-0.5')],
    );
    expect(executions).toMatchObject([
      { side: 'sell', price: 2010, quantity: 1, fee: null, feeCurrency: null },
      { side: 'sell', price: 2000, quantity: 0.5 },
    ]);
  });

  it('pairs the fills of one second by their size, whatever the order of the lines', async () => {
    const rows = [leg('06', 'Order Placed', 'ETH', '-1'), leg('06', 'Order Placed', 'ETH', '-0.5')];
    rows.push(leg('06', 'Order Fullfilled', 'USDT', '1000'), leg('06', 'Order Fullfilled', 'USDT', '2010'));
    for (const order of [rows, [...rows].reverse()]) {
      const { executions } = await read(...order);
      expect(executions.map(({ price, quantity }) => [price, quantity]).sort()).toEqual([
        [2000, 0.5],
        [2010, 1],
      ]);
    }
  });

  it('counts deposits, withdrawals and orders that were cancelled whole', async () => {
    const result = await read(
      ...[leg('01', 'Deposit', 'ETH', '1', '1'), leg('02', 'Withdraw', 'ETH', '-1', '2')],
      ...[leg('03', 'Order Placed', 'ETH', '-1'), leg('04', 'Order Cancelled', 'ETH', '1')],
    );
    expect(result.others).toEqual({ deposit: 1, withdraw: 1, 'cancelled order': 2 });
  });

  const bought = leg('06', 'Order Fullfilled', 'ETH', '0.5');
  const paid = leg('05', 'Order Placed', 'USDT', '-1000');
  it.each([
    ['what was received alone', [bought], /order 9: 0 lines paid, 1 received/],
    ['an order still open', [paid], /1 lines paid, 0 received/],
    ['a part that was cancelled', [paid, bought, leg('07', 'Order Cancelled', 'USDT', '100')], /cancelled in part/],
    ['prices far apart', [paid, bought, paid, leg('06', 'Order Fullfilled', 'ETH', '1')], /do not pair into fills/],
    ['a placed line that was received', [paid.replace('-1000', '1000'), bought], /what is placed must be paid/],
    ['two coins no one prices in each other', [paid.replace('USDT', 'XCH'), bought.replace('ETH', 'KSM')], /--symbol/],
    ['an unknown action', [paid.replace('Order Placed', 'Gift')], /action_desc is "Gift"/],
    ['no amount', [paid.replace('-1000', '')], /change_amount is missing/],
  ])('quarantines every line of %s', async (_, rows, reason) => {
    const result = await read(...rows);
    expect(result.quarantined).toEqual(rows.map(() => expect.stringMatching(reason)));
    expect(result.executions).toEqual([]);
  });
});
