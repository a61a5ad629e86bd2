import { describe, expect, it } from 'vitest';
import { ibkrActivityCsv } from '../../../electron/engine/imports/formats/ibkr-activity-csv';
import { ibkrFlexTradesCsv } from '../../../electron/engine/imports/formats/ibkr-flex-trades-csv';
import { schwabTransactionsCsv } from '../../../electron/engine/imports/formats/schwab-transactions-csv';
import { trading212Csv } from '../../../electron/engine/imports/formats/trading212-csv';
import { xtbCashopsCsv } from '../../../electron/engine/imports/formats/xtb-cashops-csv';
import { fill, readAs, recognisedAs, us } from '../../support/formats';

describe('Charles Schwab', () => {
  const header = 'Date,Action,Symbol,Description,Quantity,Price,Fees & Comm,Amount';
  const sold = '"03/15/2024","Sell","XYZ","A, B","1,250","$40.50","$4.95","$50,620.05"';

  it('reads a trade of the day, money with its sign and thousands', async () => {
    const text = `"Transactions for account X"\n${header}\n${sold}\nTransactions Total,,,,,,,"$1.00"\n`;
    expect(await recognisedAs(text)).toEqual(['schwab-transactions-csv']);
    const result = await readAs(schwabTransactionsCsv, text);
    expect(result.executions).toEqual([
      fill({
        ...{ venue: 'schwab', symbol: 'XYZ', side: 'sell', price: 40.5, quantity: 1250, fee: 4.95, feeCurrency: 'USD' },
        executedAtUs: us('2024-03-15T00:00:00Z'),
      }),
    ]);
    expect(result.others).toEqual({ total: 1 });
    expect(result.warnings).toEqual([
      expect.stringMatching(/read as UTC/),
      expect.stringMatching(/tell their day and no time/),
    ]);
  });

  it('takes the day a trade was done, not the day it was booked', async () => {
    const row = '"07/15/2024 as of 07/12/2024","Buy","XYZ","","1","$10.00","","-$10.00"';
    expect(
      (await readAs(schwabTransactionsCsv, `${header}\n${row}\n`, { zone: 'America/New_York' })).executions,
    ).toMatchObject([{ executedAtUs: us('2024-07-12T04:00:00Z'), fee: 0 }]);
  });

  it('counts an option in units, as many as the amount says', async () => {
    const row = '03/15/2024,Sell to Open,XYZ 04/19/2024 50.00 C,CALL,2,$1.25,$1.32,$248.68';
    expect((await readAs(schwabTransactionsCsv, `${header}\n${row}\n`)).executions).toMatchObject([
      { symbol: 'XYZ 04/19/2024 50.00 C', side: 'sell', quantity: 200, fee: 1.32 },
    ]);
  });

  it('counts what is no trade by its action', async () => {
    const rows = ['Stock Split,XYZ,,9,$170.0,,', 'Reinvest Dividend,XYZ,,,,,$5.00', 'Wire Sent,,,,,,-$9.00'];
    const result = await readAs(
      schwabTransactionsCsv,
      `${header}\n${rows.map((row) => `03/15/2024,${row}\n`).join('')}`,
    );
    expect(result.others).toEqual({ 'stock split': 1, 'reinvest dividend': 1, 'wire sent': 1 });
  });

  it.each([
    [sold.replace('Sell', 'Lend'), /Action is "Lend", which is unknown/],
    [sold.replace('$50,620.05', '-$50,620.05'), /Amount is .* not what a sell does/],
    [sold.replace('$50,620.05', '$70,620.05'), /but price times quantity is 50625/],
    [sold.replace('03/15/2024', '15/03/2024'), /Date is "15\/03\/2024"/],
    [sold.replace('1,250', ''), /Quantity is missing/],
    [sold.replace('XYZ', ''), /Symbol is missing/],
  ])('quarantines %s', async (row, reason) => {
    expect((await readAs(schwabTransactionsCsv, `${header}\n${row}\n`)).quarantined).toEqual([
      expect.stringMatching(reason),
    ]);
  });
});

describe('Trading 212', () => {
  const header =
    'Action,Time,ISIN,Ticker,Name,No. of shares,Price / share,Currency (Price / share),Exchange rate,Result,Currency (Result),Total,Currency (Total),Notes,ID,Currency conversion fee,Currency (Currency conversion fee)';
  const sold = 'Limit sell,2024-02-03 14:30:03.613,US1,XYZ,"X, Y",2.5,40.00,USD,1.25,3.00,EUR,79.88,EUR,,EOF1,0.12,EUR';

  it('reads a fill with its fee in the currency of the account', async () => {
    const text = `${header}\n${sold}\n`;
    expect(await recognisedAs(text)).toEqual(['trading212-csv']);
    expect((await readAs(trading212Csv, text, { zone: 'UTC' })).executions).toEqual([
      fill({
        ...{
          venue: 'trading212',
          symbol: 'XYZ',
          side: 'sell',
          price: 40,
          quantity: 2.5,
          fee: 0.12,
          feeCurrency: 'EUR',
        },
        ...{ executedAtUs: us('2024-02-03T14:30:03.613Z'), tradeId: 'EOF1' },
      }),
    ]);
  });

  it('knows that nothing was charged only where the total proves it', async () => {
    const free = sold.replace('79.88', '80.00').replace('0.12,EUR', ',');
    const unknown = sold.replace('79.88', '79.00').replace('0.12,EUR', ',');
    const { executions } = await readAs(trading212Csv, `${header}\n${free}\n${unknown}\n`);
    expect(executions.map(({ fee, feeCurrency }) => [fee, feeCurrency])).toEqual([
      [0, 'EUR'],
      [null, null],
    ]);
  });

  it('reads prices in pence as pounds, and adds the fees of one currency', async () => {
    const dated = header
      .replace('Currency (Currency conversion fee)', 'Stamp duty (GBP)')
      .replace('Currency conversion fee,', 'PTM levy (GBP),');
    const row = 'Market buy,2024-02-03 14:30:03,GB1,ABC,"",10,250,GBX,100,,GBP,26.13,GBP,,EOF2,1.00,0.13';
    const result = await readAs(trading212Csv, `${dated}\n${row}\n`);
    expect(result.executions).toMatchObject([{ price: 2.5, quantity: 10, fee: 1.13, feeCurrency: 'GBP', side: 'buy' }]);
    expect(result.warnings).toContain('Prices in GBX are read in GBP.');
  });

  it('counts what is no trade by its action', async () => {
    const text = `${header}\nDividend (Ordinary),2024-02-03 14:30:03,US1,XYZ,"",1,0.2,USD,,,,0.2,EUR,,,,\nDeposit,2024-02-03 14:30:03,,,,,,,,,,9,EUR,,id,,\n`;
    expect((await readAs(trading212Csv, text)).others).toEqual({ dividend: 1, deposit: 1 });
  });

  it.each([
    [sold.replace('Limit sell', 'Barter'), /Action is "Barter"/],
    [sold.replace(',2.5,', ',0,'), /No. of shares is "0"/],
    [sold.replace('USD', ''), /Currency \(Price \/ share\) is missing/],
    [sold.replace('2024-02-03 14', 'x'), /Time is "x/],
  ])('quarantines %s', async (row, reason) => {
    expect((await readAs(trading212Csv, `${header}\n${row}\n`)).quarantined).toEqual([expect.stringMatching(reason)]);
  });
});

describe('XTB', () => {
  const header = 'ID;Type;Time;Symbol;Comment;Amount';
  const bought = '7;Stocks/ETF purchase;12.04.2024 13:01:45;XYZ.DE;OPEN BUY 34/42.5 @ 11.7480;-399.43';

  it('reads quantity, price and the order from the comment', async () => {
    const text = `${header}\r\n${bought}\r\n`;
    expect(await recognisedAs(text)).toEqual(['xtb-cashops-csv']);
    expect((await readAs(xtbCashopsCsv, text, { zone: 'Europe/Warsaw' })).executions).toEqual([
      fill({
        ...{ venue: 'xtb', symbol: 'XYZ.DE', side: 'buy', price: 11.748, quantity: 34, intendedQuantity: 42.5 },
        ...{ executedAtUs: us('2024-04-12T11:01:45Z'), tradeId: '7' },
      }),
    ]);
  });

  it.each([
    ['OPEN BUY 1 @ 2', '-2', 'buy'],
    ['CLOSE BUY 1 @ 2', '2', 'sell'],
    ['OPEN SELL 1 @ 2', '2', 'sell'],
    ['CLOSE SELL 1 @ 2', '-2', 'buy'],
  ])('%s is a trade in any language', async (comment, amount, side) => {
    const row = `7;Kauf;12.04.2024 13:01:45;XYZ.DE;${comment};${amount}`;
    expect((await readAs(xtbCashopsCsv, `${header}\n${row}\n`)).executions).toMatchObject([
      { side, quantity: 1, price: 2 },
    ]);
  });

  it('counts what is no trade, whatever its time says, and tells that profits are no trades', async () => {
    const text = `${header}\n1;Deposit;010.09.2024 20:49:02;;x;5\n2;Profit/Loss (FX/CFD);12.04.2024 13:01:45;US30;Profit of position #1;0.1\n`;
    const result = await readAs(xtbCashopsCsv, text);
    expect(result.others).toEqual({ deposit: 1, 'profit/loss (fx/cfd)': 1 });
    expect(result.warnings).toEqual([expect.stringMatching(/neither price nor quantity/)]);
  });

  it.each([
    [bought.replace('OPEN BUY 34/42.5 @ 11.7480', 'OPEN BUY'), /comment tells no trade/],
    [bought.replace('-399.43', '399.43'), /not what a buy does/],
    [bought.replace('12.04.2024', '04.13.2024'), /Time is/],
    [bought.replace('34/', '0/'), /quantity in Comment is "0"/],
  ])('quarantines %s', async (row, reason) => {
    expect((await readAs(xtbCashopsCsv, `${header}\n${row}\n`)).quarantined).toEqual([expect.stringMatching(reason)]);
  });
});

describe('Interactive Brokers Flex query as CSV', () => {
  const header =
    '"ClientAccountID","Symbol","ISIN","AssetClass","Multiplier","DateTime","Buy/Sell","Quantity","TradePrice","TradeMoney","CurrencyPrimary","IBCommission","IBCommissionCurrency","TradeID","IBOrderID","OrderTime","LevelOfDetail","TransactionType"';
  const bought =
    '"U1","XYZ","US1","STK","1","20240115;093001","BUY","100","12.5","1250","USD","-1","USD","71","9","20240115;093000","EXECUTION","ExchTrade"';
  const read = (rows: readonly string[], said = {}) =>
    readAs(ibkrFlexTradesCsv, `${header}\n${rows.join('\n')}\n`, said);

  it('reads an execution with its order and when that was sent', async () => {
    expect(await recognisedAs(`${header}\n${bought}\n`)).toEqual(['ibkr-flex-trades-csv']);
    expect((await read([bought], { zone: 'America/New_York' })).executions).toEqual([
      fill({
        ...{ venue: 'ibkr', account: 'U1', symbol: 'XYZ', side: 'buy', price: 12.5, quantity: 100 },
        ...{ fee: 1, feeCurrency: 'USD', executedAtUs: us('2024-01-15T14:30:01Z'), tradeId: '71', orderId: '9' },
        submittedAtUs: us('2024-01-15T14:30:00Z'),
      }),
    ]);
  });

  it.each([
    ['20240115', '2024-01-15T00:00:00Z'],
    ['2024-01-15', '2024-01-15T00:00:00Z'],
    ['20240115,093001', '2024-01-15T09:30:01Z'],
    ['20240115 093001', '2024-01-15T09:30:01Z'],
    ['2024-01-15;09:30:01', '2024-01-15T09:30:01Z'],
    ['2024-01-15, 09:30:01', '2024-01-15T09:30:01Z'],
  ])('reads the time %s', async (time, iso) => {
    const { executions } = await read([bought.replace('"20240115;093001"', `"${time}"`)]);
    expect(executions[0]?.executedAtUs).toBe(us(iso));
  });

  it('never counts an order and its executions, in either order', async () => {
    const order = bought.replace('EXECUTION', 'ORDER').replace('"71"', '""');
    for (const rows of [
      [order, bought],
      [bought, order],
    ]) {
      const result = await read(rows);
      expect(result.executions).toHaveLength(1);
      expect(result.others).toEqual({ 'order beside its executions': 1 });
    }
    const alone = await read([order]);
    expect(alone.executions).toMatchObject([{ orderId: '9', tradeId: null, quantity: 100 }]);
  });

  it('counts contracts as units, and pairs of currencies by their symbol', async () => {
    const option = bought
      .replace('"XYZ","US1","STK","1"', '"XYZ  240119C00012500","","OPT","100"')
      .replace('"100","12.5"', '"2","6.25"');
    const euros = bought.replace('"XYZ","US1","STK","1"', '"EUR.USD","","CASH","1"');
    const { executions } = await read([option, euros]);
    expect(executions.map(({ symbol, quantity }) => [symbol, quantity])).toEqual([
      ['XYZ 240119C00012500', 200],
      ['EUR/USD', 100],
    ]);
  });

  it('reads the second section under its own header', async () => {
    const second = '"Buy/Sell","TradeDate","ISIN","Quantity","TradePrice","CurrencyPrimary","IBCommission"';
    const sold = '"SELL","20240116","US2","-5","3","EUR","-0.5"';
    const result = await read([bought, second, sold]);
    expect(result.executions).toMatchObject([
      { symbol: 'XYZ' },
      { symbol: 'US2', side: 'sell', quantity: 5, fee: 0.5, feeCurrency: 'EUR' },
    ]);
    expect(result.others).toEqual({ 'repeated header': 1 });
  });

  it('passes over book entries without a price, and tells of those with one', async () => {
    const assigned = bought.replace('ExchTrade', 'BookTrade');
    const expired = assigned.replace('"12.5","1250"', '"0","0"');
    const result = await read([assigned, expired]);
    expect(result.executions).toMatchObject([{ orderId: null, tradeId: '71' }]);
    expect(result.others).toEqual({ 'book entry without a price': 1 });
    expect(result.warnings).toContainEqual(expect.stringMatching(/^Book entries/));
  });

  it.each([
    [bought.replace('"BUY"', '"BUY (Ca.)"'), /cancels an earlier trade/],
    [bought.replace('"XYZ","US1"', '"",""'), /the instrument is not named/],
    [bought.replace('"BUY"', '"SELL"'), /Quantity is "100", which is not what "sell" does/],
    [bought.replace('"12.5"', '"0"'), /TradePrice is "0"/],
    [bought.replace('EXECUTION', 'MOOD'), /LevelOfDetail is "mood"/],
    [bought.replace('20240115;093001', '15/01/2024'), /DateTime is/],
    [bought.replace('EXECUTION', 'ORDER').replace('"9"', '""'), /whole order and has no order id/],
  ])('quarantines %s', async (row, reason) => {
    expect((await read([row])).quarantined).toEqual([expect.stringMatching(reason)]);
  });

  it('takes the symbol the user names for trades that name none', async () => {
    const euros = bought.replace('"XYZ","US1"', '"",""');
    expect((await read([euros, bought], { symbol: 'EUR/USD' })).executions.map(({ symbol }) => symbol)).toEqual([
      'EUR/USD',
      'XYZ',
    ]);
  });
});

describe('Interactive Brokers activity statement', () => {
  const top = [
    'Statement,Header,Field Name,Field Value',
    'Statement,Data,Title,Activity Statement',
    'Account Information,Data,Account,U1',
  ];
  const columns =
    'Trades,Header,DataDiscriminator,Asset Category,Currency,Symbol,Date/Time,Quantity,T. Price,C. Price,Proceeds,Comm/Fee,Basis,Realized P/L,MTM P/L,Code';
  const order = 'Trades,Data,Order,Stocks,USD,XYZ,"2024-01-15, 09:30:01","1,000",12.5,12.6,"-12,500",-5,12505,0,100,O';
  const read = (rows: readonly string[]) => readAs(ibkrActivityCsv, `${[...top, ...rows].join('\n')}\n`);

  it('reads the section of trades and names all others', async () => {
    const rows = [
      columns,
      order,
      'Trades,SubTotal,,Stocks,USD,XYZ,,"1,000",,,"-12,500",-5,,,,',
      'Dividends,Data,USD,2024-01-02,XYZ,5',
    ];
    expect(await recognisedAs(`${[...top, ...rows].join('\n')}\n`)).toEqual(['ibkr-activity-csv']);
    const result = await read(rows);
    expect(result.executions).toEqual([
      fill({
        ...{
          venue: 'ibkr',
          account: 'U1',
          symbol: 'XYZ',
          side: 'buy',
          price: 12.5,
          quantity: 1000,
          fee: 5,
          feeCurrency: 'USD',
        },
        executedAtUs: us('2024-01-15T09:30:01Z'),
      }),
    ]);
    expect(result.others).toEqual({
      statement: 1,
      'account information': 1,
      'column names': 1,
      total: 1,
      dividends: 1,
    });
  });

  it('never counts an order and its executions', async () => {
    const parts = [
      order.replace('Order', 'Trade').replace('"1,000"', '400').replace('"-12,500"', '-5000'),
      order.replace('Order', 'Trade').replace('"1,000"', '600').replace('"-12,500"', '-7500'),
    ];
    const result = await read([
      columns,
      order,
      ...parts,
      'Trades,Data,ClosedLot,Stocks,USD,XYZ,2024-01-10,1000,1,,,,,,,',
    ]);
    expect(result.executions.map(({ quantity }) => quantity)).toEqual([400, 600]);
    expect(result.others).toMatchObject({ 'order beside its executions': 1, 'closed lot': 1 });
  });

  it('counts options in units and reads currencies with the fee in that of the account', async () => {
    const option = order
      .replace('Stocks,USD,XYZ', 'Equity and Index Options,USD,XYZ 19JAN24 12.5 C')
      .replace('"1,000",12.5,12.6,"-12,500"', '-2,1.5,1.6,300');
    const forex = [
      'Trades,Header,DataDiscriminator,Asset Category,Currency,Symbol,Date/Time,Quantity,T. Price,,Proceeds,Comm in CHF,,,MTM in CHF,Code',
      'Trades,Data,Order,Forex,USD,EUR.USD,"2024-01-15, 09:30:01","10,000",1.1,,-11000,-1.8,,,0,',
    ];
    expect((await read([columns, option, ...forex])).executions).toMatchObject([
      { symbol: 'XYZ 19JAN24 12.5 C', side: 'sell', quantity: 200 },
      { symbol: 'EUR/USD', side: 'buy', quantity: 10_000, fee: 1.8, feeCurrency: 'CHF' },
    ]);
  });

  it.each([
    [order.replace('Order', 'Mood'), /DataDiscriminator is "Mood"/],
    [order.replace('"-12,500"', '"12,500"'), /one sign/],
    [order.replace('"-12,500"', '"-19,000"'), /price times quantity is 12500/],
    [order.replace('XYZ', ''), /Symbol is missing/],
    ['Trades,Mood', /is "Mood", which is unknown/],
    ['Mood,Mood', /belongs to no section/],
  ])('quarantines %s', async (row, reason) => {
    expect((await read([columns, row])).quarantined).toEqual([expect.stringMatching(reason)]);
  });
});
