import { describe, expect, it } from 'vitest';
import { bitmexExecutionsCsv as format } from '../../../electron/engine/imports/formats/bitmex-executions-csv';
import { failureOf, fill, readAs, recognisedAs, us } from '../../support/formats';

const header =
  '"transactTime","symbol","execType","side","lastQty","lastPx","execCost","commission","execComm","ordType","orderQty","leavesQty","price","text","orderID"';
const quotedRow = (...cells: readonly string[]): string => cells.map((cell) => `"${cell}"`).join(',');
const inverse = quotedRow(
  ...['3/14/2021, 6:05:06 PM', 'XBTUSD', 'Trade', 'Sell', '500', '50000', '1000000', '0.00075', '750', 'Limit', '1000'],
  ...['500', '50000', '', 'o1'],
);
const read = (row: string, hints = {}) => readAs(format, `\ufeff${header}\n${row}\n`, hints);

describe('BitMEX executions', () => {
  it('reads contracts settled in bitcoin by their cost, in the time of the browser', async () => {
    expect(await recognisedAs(`\ufeff${header}\n${inverse}\n`)).toEqual(['bitmex-executions-csv']);
    const result = await read(inverse, { zone: 'America/New_York' });
    expect(result.executions).toEqual([
      fill({
        ...{ venue: 'bitmex', symbol: 'XBTUSD', side: 'sell', price: 50000, quantity: 0.01, fee: 0.0000075 },
        ...{ feeCurrency: 'BTC', orderId: 'o1', executedAtUs: us('2021-03-14T22:05:06Z') },
      }),
    ]);
    expect((await read(inverse)).warnings).toEqual([expect.stringMatching(/read as UTC/)]);
  });

  it.each([
    [
      'a contract on another coin, priced in bitcoin; a rebate is below zero',
      ['ADAH21', '1000', '0.00002', '-2000000', '-500', '2000'],
      { symbol: 'ADAH21', quantity: 1000, price: 0.00002, fee: -0.000005, feeCurrency: 'BTC', intendedQuantity: 2000 },
    ],
    [
      'a contract settled in Tether, counted in millionths of a coin',
      ['XBTUSDT', '2000', '50000', '-100000000', '50000', '4000'],
      { symbol: 'BTC/USDT', quantity: 0.002, price: 50000, fee: 0.05, feeCurrency: 'USDT', intendedQuantity: 0.004 },
    ],
  ])('reads %s', async (_, [symbol, quantity, price, cost, fee, asked], expected) => {
    const row = quotedRow(
      ...['3/14/2021, 6:05:06 PM', symbol!, 'Trade', 'Buy', quantity!, price!, cost!, '0', fee!, 'Limit', asked!, '0'],
      ...[price!, '', 'o1'],
    );
    const { executions } = await read(row);
    // A dated contract keeps its own name, and what was asked of it is counted in contracts.
    const { intendedQuantity, ...rest } = expected;
    expect(executions).toMatchObject([{ ...rest, intendedQuantity: symbol === 'ADAH21' ? null : intendedQuantity }]);
  });

  it('reads orders that ended without a trade, and counts what is none', async () => {
    const other = (type: string, text = ''): string =>
      quotedRow(
        '3/14/2021, 6:05:06 PM',
        'XBTUSD',
        type,
        'Buy',
        '',
        '',
        '',
        '',
        '',
        'Limit',
        '100',
        '0',
        '49000',
        text,
        'o2',
      );
    const rows = [other('New'), other('Canceled', 'Canceled by user'), other('Rejected', 'Account has no funds')];
    rows.push(other('Funding'), other('Settlement'));
    const result = await read(rows.join('\n'));
    expect(result.orderEvents.map(({ kind, price, reason }) => [kind, price, reason])).toEqual([
      ['submitted', 49000, null],
      ['cancelled', 49000, null],
      ['rejected', 49000, 'Account has no funds'],
    ]);
    expect(result.others).toEqual({ 'execution Funding': 1, 'execution Settlement': 1 });
  });

  it('takes day and month from dates that prove their order, and asks where none does', async () => {
    const european = inverse.replace('3/14/2021, 6:05:06 PM', '14/03/2021, 18:05:06');
    expect((await read(european)).executions[0]?.executedAtUs).toBe(us('2021-03-14T18:05:06Z'));
    const either = read(inverse.replace('3/14/2021, 6:05:06 PM', '03/04/2021, 18:05:06'));
    expect(await failureOf(either)).toMatch(/^format-ambiguous: .*day first or month first/);
  });

  it.each([
    [inverse.replace('"1000000"', '"1500000"'), /execCost is "1500000".*how much one contract is, is not in the file/],
    [inverse.replace('"Trade"', '"Mystery"'), /execType is "Mystery"/],
    [inverse.replace('"Sell"', '"Hold"'), /side is "Hold"/],
    [inverse.replace('"500","50000"', '"0","50000"'), /lastQty is "0"/],
    [inverse.replace('"750"', '"a bit"'), /execComm is "a bit"/],
  ])('quarantines %s', async (row, reason) => {
    expect((await read(row)).quarantined).toEqual([expect.stringMatching(reason)]);
  });
});
