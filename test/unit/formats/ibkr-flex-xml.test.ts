import { describe, expect, it } from 'vitest';
import { ibkrFlexXml as format } from '../../../electron/engine/imports/formats/ibkr-flex-xml';
import { failureOf, fill, readAs, recognisedAs, us } from '../../support/formats';

const trade =
  '<Trade accountId="U1" currency="CAD" assetCategory="STK" symbol="XYZ" multiplier="1" tradeID="71" tradeDate="20240115" tradeTime="093406" transactionType="ExchTrade" quantity="50" tradePrice="0.5" tradeMoney="25" taxes="0" ibCommission="-1.5" ibCommissionCurrency="CAD" buySell="BUY" ibOrderID="9" orderTime="20240115;070007" levelOfDetail="EXECUTION" openDateTime="--" />';
const statement = (content: string, account = 'U1') =>
  `<FlexStatement accountId="${account}" fromDate="20240101"><Trades>${content}</Trades></FlexStatement>`;
const document = (...statements: readonly string[]) =>
  `<FlexQueryResponse queryName="q" type="AF">\n<FlexStatements count="${statements.length}">\n${statements.join('\n')}\n</FlexStatements></FlexQueryResponse>\n`;

describe('Interactive Brokers Flex query as XML', () => {
  it('reads a trade with its order and when that was sent', async () => {
    const text = document(statement(trade));
    expect(await recognisedAs(text)).toEqual(['ibkr-flex-xml']);
    expect(await recognisedAs(`\ufeff<?xml version="1.0" encoding="UTF-8"?>\n<!-- a -->\n${text}`)).toEqual([
      'ibkr-flex-xml',
    ]);
    expect((await readAs(format, text, { zone: 'America/New_York' })).executions).toEqual([
      fill({
        ...{ venue: 'ibkr', account: 'U1', symbol: 'XYZ', side: 'buy', price: 0.5, quantity: 50, fee: 1.5 },
        ...{ feeCurrency: 'CAD', tradeId: '71', orderId: '9', executedAtUs: us('2024-01-15T14:34:06Z') },
        submittedAtUs: us('2024-01-15T12:00:07Z'),
      }),
    ]);
  });

  it('reads several statements, a trade without an account under that of its statement', async () => {
    const bare = trade.replace('accountId="U1" ', '').replace('tradeID="71"', 'tradeID="72"');
    const { executions } = await readAs(format, document(statement(trade), statement(bare, 'U2')));
    expect(executions.map(({ account, tradeId }) => [account, tradeId])).toEqual([
      ['U1', '71'],
      ['U2', '72'],
    ]);
  });

  it('never counts an order and its executions', async () => {
    const order = trade.replace('<Trade', '<Order').replace('EXECUTION', 'ORDER').replace('tradeID="71"', '');
    const both = await readAs(format, document(statement(order + trade)));
    expect(both.executions).toMatchObject([{ tradeId: '71' }]);
    expect(both.others).toEqual({ 'order beside its executions': 1 });
    expect((await readAs(format, document(statement(order)))).executions).toMatchObject([
      { tradeId: null, orderId: '9' },
    ]);
  });

  it('reads what little a query may have chosen', async () => {
    const text = document(
      statement('<Trade symbol="XYZ" dateTime="2024-01-15, 09:30:01" quantity="-5" tradePrice="2" />'),
    );
    expect((await readAs(format, text)).executions).toEqual([
      fill({
        ...{ venue: 'ibkr', account: 'U1', symbol: 'XYZ', side: 'sell', price: 2, quantity: 5 },
        executedAtUs: us('2024-01-15T09:30:01Z'),
      }),
    ]);
  });

  it('names everything else, and counts it whatever it is called', async () => {
    const others = '<Lot a="1"/><CashTransaction b="2" /><Mood c="3"/><Empty/>';
    expect((await readAs(format, document(statement(others)))).others).toEqual({
      'closed lot': 1,
      'cash transaction': 1,
      'other element': 1,
    });
  });

  it('adds taxes to the commission where both are in one currency', async () => {
    const taxed = trade.replace('taxes="0"', 'taxes="-0.25"');
    const mixed = taxed.replace('ibCommissionCurrency="CAD"', 'ibCommissionCurrency="USD"');
    const result = await readAs(format, document(statement(taxed + mixed)));
    expect(result.executions).toMatchObject([{ fee: 1.75 }]);
    expect(result.quarantined).toEqual([expect.stringMatching(/commission is in USD and its taxes in CAD/)]);
  });

  it('says which zone the times are likely in while none is named', async () => {
    const text = document(statement(trade));
    expect((await readAs(format, text)).warnings).toContainEqual(expect.stringMatching(/most often America\/New_York/));
    expect((await readAs(format, text, { zone: 'America/New_York' })).warnings).toEqual([]);
  });

  const later = trade.replace('tradeID="71"', 'tradeID="72" origTradeID="71"');
  it.each([
    ['BUY (Ca.)', later.replace('"BUY"', '"BUY (Ca.)"').replace('quantity="50"', 'quantity="-50"'), 'trade bust', null],
    [
      'TradeCancel',
      later.replace('ExchTrade', 'TradeCancel').replace('quantity="50"', 'quantity="-50"'),
      'trade bust',
      null,
    ],
    ['code Ca', later.replace('<Trade', '<Trade notes="P;Ca"'), 'trade bust', null],
    [
      'TradeCorrect',
      later.replace('ExchTrade', 'TradeCorrect').replace('tradePrice="0.5" tradeMoney="25"', 'tradePrice="0.6"'),
      'trade correction',
      { price: 0.6, quantity: 50, fee: 1.5, feeCurrency: 'CAD' },
    ],
  ])('%s changes the trade it refers to', async (_, row, rule, to) => {
    const { changes, executions, quarantined } = await readAs(format, document(statement(trade + row)));
    expect(quarantined).toEqual([]);
    expect(executions).toMatchObject([{ tradeId: '71' }]);
    expect(changes).toMatchObject([{ rule, reference: '71', tradeId: '72', symbol: 'XYZ', account: 'U1', to }]);
  });

  it('turns a rebate into a negative fee', async () => {
    const rebate = trade.replace('ibCommission="-1.5"', 'ibCommission="0.2"');
    expect((await readAs(format, document(statement(rebate)))).executions).toMatchObject([{ fee: -0.2 }]);
  });

  it.each([
    [trade.replace('"BUY"', '"SELL (Ca.)"'), /cancels an earlier trade, but does not name it \(OrigTradeID\)/],
    [trade.replace('symbol="XYZ"', 'symbol=""'), /the instrument is not named/],
    [trade.replace('tradePrice="0.5"', 'tradePrice="0x10"'), /TradePrice is "0x10"/],
    [trade.replace('quantity="50"', 'quantity="1e400"'), /Quantity is "1e400"/],
    [trade.replace('tradeTime="093406"', 'tradeTime="253406"'), /TradeDate is "20240115;253406"/],
    [trade.replace('multiplier="1"', 'multiplier="-1"'), /Multiplier is "-1"/],
  ])('quarantines %s', async (row, reason) => {
    expect((await readAs(format, document(statement(row)))).quarantined).toEqual([expect.stringMatching(reason)]);
  });

  it('says so when the file ends before the document does', async () => {
    const text = document(statement(trade + trade.replace('71', '72')));
    for (const cut of [text.indexOf('tradeID="72"'), text.length - 30]) {
      const result = await readAs(format, text.slice(0, cut));
      expect(result.executions.length).toBeGreaterThan(0);
      expect(result.quarantined).toEqual([expect.stringMatching(/^truncated/)]);
    }
  });
});

describe('hostile XML', () => {
  it.each([
    ['reads no file', '<!DOCTYPE FlexQueryResponse [<!ENTITY x SYSTEM "file:///etc/passwd">]>', '&x;'],
    [
      'expands nothing',
      `<!DOCTYPE FlexQueryResponse [<!ENTITY a "ha">${Array.from({ length: 20 }, (_, level) => `<!ENTITY b${level} "${`&${level === 0 ? 'a' : `b${level - 1}`};`.repeat(10)}">`).join('')}]>`,
      '&b19;',
    ],
  ])('%s', async (_, doctype, entity) => {
    const text = `${doctype}\n${document(statement(trade.replace('XYZ', entity)))}`;
    const { executions } = await readAs(format, text);
    expect(executions).toMatchObject([{ symbol: entity }]);
  });

  it('decodes the entities of XML itself, once', async () => {
    const { executions } = await readAs(format, document(statement(trade.replace('XYZ', 'A&amp;lt;B&#67;'))));
    expect(executions).toMatchObject([{ symbol: 'A&lt;BC' }]);
  });

  it('takes no name for more than a name', async () => {
    const { executions } = await readAs(
      format,
      document(statement(trade.replace('<Trade', '<Trade __proto__="1" constructor="2" toString="3"'))),
    );
    expect(executions).toHaveLength(1);
    expect((await readAs(format, document(statement('<__proto__ a="1"/><constructor a="1"/>')))).others).toEqual({
      'other element': 2,
    });
  });

  it('stops where elements are nested without end, and where one never ends', async () => {
    expect(await failureOf(readAs(format, `<FlexQueryResponse>${'<a b="1">'.repeat(5_000)}`))).toMatch(
      /^format-damaged: More than 200 elements/,
    );
    expect(await failureOf(readAs(format, `<FlexQueryResponse>\n<Trade symbol="${'x'.repeat(3_000_000)}`))).toMatch(
      /^format-damaged: A piece of the file that begins on line 2 is longer/,
    );
  });

  it.each([
    '<',
    '<>',
    '</',
    '<!',
    '<?',
    '&',
    '"',
    ']]>',
    '<![CDATA[',
    '<!--',
    '\u0001',
    '<Trade <Trade',
    '<Trade quantity=1 quantity=2>',
  ])('survives %j in the middle', async (noise) => {
    const result = await readAs(format, document(statement(`${trade}${noise}${trade.replace('71', '72')}`)));
    expect(result.executions.length).toBeGreaterThan(0);
    for (const { symbol, price, quantity } of result.executions)
      expect([symbol, price, quantity]).toEqual(['XYZ', 0.5, 50]);
  });
});
