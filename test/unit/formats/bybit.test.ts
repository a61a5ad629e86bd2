import { describe, expect, it } from 'vitest';
import { bybitSpotTradesCsv as spot } from '../../../electron/engine/imports/formats/bybit-spot-trades-csv';
import { bybitUtaTransactionlogCsv as log } from '../../../electron/engine/imports/formats/bybit-uta-transactionlog-csv';
import { fill, readAs, recognisedAs, us } from '../../support/formats';

const preamble = 'UID: 7,Company Name: ,Country: ';
const spotHeader =
  'Uid,Spot Pairs,Order Type,Direction,Filled Value,Filled Price,Filled Quantity,Fees,Transaction ID,Order No.,Timestamp (UTC+0)';
const spotRow = '7,ETHUSDT,LIMIT,SELL,1000.00000000000000000000,2000,0.5,0.8,71, 72,2024-02-03 04:05:06';
const logHeader =
  'Uid,Currency,Contract,Type,Direction,Quantity,Position,Filled Price,Funding,Fee Paid,Cash Flow,Change,Wallet Balance,Action,Time(UTC)';
const leg = (coin: string, flow: string, fee = '0', second = '06'): string =>
  `7,${coin},ETHUSDT,TRADE,BUY,${flow},0,2000.00000000000000000000,0,${fee},${flow},0,0,--,2024-02-03 04:05:${second}`;

describe('Bybit spot trades', () => {
  it('reads a fill below the line that names the account; a fee without a coin is in the one received', async () => {
    const text = `${preamble}\n${spotHeader}\n${spotRow}\n${spotRow.replace('SELL', 'BUY').replace('0.8', '0.0005')}\n`;
    expect(await recognisedAs(text)).toEqual(['bybit-spot-trades-csv']);
    const { executions } = await readAs(spot, text);
    expect(executions[0]).toEqual(
      fill({
        ...{ venue: 'bybit', account: '7', symbol: 'ETH/USDT', side: 'sell', price: 2000, quantity: 0.5, fee: 0.8 },
        ...{ feeCurrency: 'USDT', tradeId: '71', orderId: '72', executedAtUs: us('2024-02-03T04:05:06Z') },
      }),
    );
    expect(executions[1]).toMatchObject({ side: 'buy', fee: 0.0005, feeCurrency: 'ETH' });
  });

  it('reads the older export, with a coin behind each number and UTC in the last column', async () => {
    const text =
      'Filled Time (Local Time),Spot Pairs,Order Type,Direction,Filled Value,Filled Price,Filled Quantity,Fees,Transaction ID,Order No.,Timestamp (UTC)\n' +
      '2024-02-03 06:05:06,ETH/USDT,Market,Buy,1000.0 USDT,2000.0 USDT,0.5 ETH,0.0005 ETH,71,72,2024-02-03 04:05:06\n';
    expect(await recognisedAs(text)).toEqual(['bybit-spot-trades-csv']);
    const result = await readAs(spot, text);
    expect(result.executions).toMatchObject([
      { symbol: 'ETH/USDT', price: 2000, quantity: 0.5, feeCurrency: 'ETH', executedAtUs: us('2024-02-03T04:05:06Z') },
    ]);
    expect(result.warnings).toEqual([]);
  });

  it.each([
    [spotRow.replace('SELL', 'HODL'), /Direction is "HODL"/],
    [spotRow.replace(',0.5,', ',0.5 BTC,'), /Filled Quantity is "0.5 BTC", but must be in ETH/],
    [spotRow.replace(',0.5,', ',0,'), /Filled Quantity is "0"/],
    [spotRow.replace(',0.8,', ',x.8,'), /Fees is "x.8"/],
    [spotRow.replace(',71,', ',,'), /Transaction ID is missing/],
  ])('quarantines %s', async (row, reason) => {
    expect((await readAs(spot, `${spotHeader}\n${row}\n`)).quarantined).toEqual([expect.stringMatching(reason)]);
  });
});

describe('Bybit transaction log', () => {
  const read = (...rows: readonly string[]) => readAs(log, `${preamble}\n${logHeader}\n${rows.join('\n')}\n`);

  it('makes one fill of the two lines of a second and price, in either order', async () => {
    const rows = [leg('USDT', '-1000'), leg('ETH', '0.5', '-0.0005'), leg('ETH', '-0.25', '0', '07')];
    rows.push(leg('USDT', '500', '-0.4', '07'));
    expect(await recognisedAs(`${preamble}\n${logHeader}\n${rows.join('\n')}\n`)).toEqual([
      'bybit-uta-transactionlog-csv',
    ]);
    const result = await read(...rows);
    const common = { venue: 'bybit', account: '7', symbol: 'ETH/USDT', price: 2000 };
    expect(result.executions).toEqual([
      fill({
        ...{ ...common, side: 'buy', quantity: 0.5, fee: 0.0005, feeCurrency: 'ETH' },
        executedAtUs: us('2024-02-03T04:05:06Z'),
      }),
      fill({
        ...{ ...common, side: 'sell', quantity: 0.25, fee: 0.4, feeCurrency: 'USDT' },
        executedAtUs: us('2024-02-03T04:05:07Z'),
      }),
    ]);
    expect(result.others).toEqual({ 'further leg of a fill': 2 });
  });

  it('tells apart equal fills of one second, and counts what is no trade', async () => {
    const transfer = '7,USDT,,TRANSFER_IN,--,0,0,0,0,0,17,17,17,--,2024-02-03 04:05:06';
    const pair = [leg('USDT', '-1000'), leg('ETH', '0.5')];
    const result = await read(...pair, transfer, ...pair);
    expect(result.executions).toHaveLength(2);
    expect(result.others).toEqual({ transfer_in: 1, 'further leg of a fill': 2 });
  });

  it.each([
    ['a derivative, which changes one coin', [leg('USDT', '-0.6')], /no line of the same time and price/],
    ['two seconds', [leg('ETH', '0.5'), leg('USDT', '-1000', '0', '07')], /no line of the same time and price/],
    ['an unknown type', [leg('ETH', '0.5').replace('TRADE', 'GIFT')], /Type is "GIFT"/],
    ['no contract', [leg('ETH', '0.5').replace('ETHUSDT', '')], /Contract is missing/],
    ['an unreadable flow', [leg('ETH', 'x')], /Cash Flow is "x"/],
  ])('quarantines every line of %s', async (_, rows, reason) => {
    const result = await read(...rows);
    expect(result.quarantined).toEqual(rows.map(() => expect.stringMatching(reason)));
    expect(result.executions).toEqual([]);
  });
});
