import { describe, expect, it } from 'vitest';
import { krakenLedgersCsv as format } from '../../../electron/engine/imports/formats/kraken-ledgers-csv';
import { fill, readAs, recognisedAs, us } from '../../support/formats';

const header = '"txid","refid","time","type","subtype","aclass","asset","amount","fee","balance"';
const leg = (refid: string, asset: string, amount: string, fee = '0', type = 'trade', subtype = ''): string =>
  `"L${asset}${amount}","${refid}","2022-03-04 05:06:07","${type}","${subtype}","currency","${asset}",${amount},${fee},1`;
const read = (...rows: readonly string[]) => readAs(format, `${header}\n${rows.join('\n')}\n`);

describe('Kraken ledgers', () => {
  it('makes one fill of the two lines of a refid, wherever they stand', async () => {
    const rows = [leg('T1', 'ZEUR', '-400', '0.64'), leg('T2', 'XETH', '-1'), leg('T1', 'XXBT', '0.01')];
    rows.push(leg('T2', 'XXBT', '0.05', '0.0001'));
    expect(await recognisedAs(`${header}\n${rows.join('\n')}\n`)).toEqual(['kraken-ledgers-csv']);
    const result = await read(...rows);
    const common = { venue: 'kraken', executedAtUs: us('2022-03-04T05:06:07Z') };
    expect(result.executions).toEqual([
      fill({
        ...{ ...common, symbol: 'BTC/EUR', side: 'buy', price: 40000, quantity: 0.01 },
        ...{ fee: 0.64, feeCurrency: 'EUR', tradeId: 'T1' },
      }),
      fill({
        ...{ ...common, symbol: 'ETH/BTC', side: 'sell', price: 0.05, quantity: 1 },
        ...{ fee: 0.0001, feeCurrency: 'BTC', tradeId: 'T2' },
      }),
    ]);
    expect(result.others).toEqual({ 'further leg of a fill': 2 });
    expect(result.outcomes).toHaveLength(4);
  });

  it('states a fee taken in both assets in the quote', async () => {
    const { executions } = await read(leg('T1', 'ZEUR', '-400', '0.3'), leg('T1', 'XXBT', '0.01', '0.00001'));
    expect(executions[0]).toMatchObject({ feeCurrency: 'EUR', fee: 0.3 + 0.4 });
  });

  it('reads an instant purchase, and a balance on hold as the asset itself', async () => {
    const { executions } = await read(
      leg('T1', 'EUR.HOLD', '-20', '0', 'spend'),
      leg('T1', 'DOT', '5', '0', 'receive'),
    );
    expect(executions).toMatchObject([{ symbol: 'DOT/EUR', side: 'buy', price: 4, quantity: 5, fee: 0 }]);
  });

  it.each([
    ['txid,refid,time,type,aclass,asset,amount,fee,balance', 'T1,2022-03-04 05:06:07,trade,currency'],
    ['txid,refid,time,type,subtype,aclass,asset,wallet,amount,fee,balance', 'T1,2022-03-04 05:06:07,trade,,currency'],
  ])('reads the variant %s', async (columns, begin) => {
    const wallet = columns.includes('wallet') ? ',spot / main' : '';
    const text = `${columns}\nL1,${begin},XXBT${wallet},0.01,0,1\nL2,${begin},ZUSD${wallet},-400,0.6,1\n`;
    expect(await recognisedAs(text)).toEqual(['kraken-ledgers-csv']);
    expect((await readAs(format, text)).executions).toMatchObject([{ symbol: 'BTC/USD', price: 40000 }]);
  });

  it('counts what is no trade by name', async () => {
    const deposit = leg('D1', 'ZEUR', '100', '0', 'deposit');
    const result = await read(
      deposit.replace('"LZEUR100"', '""'),
      deposit,
      leg('S', 'XXBT', '-1', '0', 'spend', 'dustsweeping'),
    );
    expect(result.others).toEqual({ pending: 1, deposit: 1, 'dust sweep': 1 });
  });

  it('asks for the pair where neither asset is the usual quote', async () => {
    const rows = [leg('T1', 'KSM', '-2'), leg('T1', 'ADA', '100')];
    expect((await read(...rows)).quarantined).toEqual([
      ...Array(2).fill('it cannot be told which of KSM and ADA is priced in the other; name the pair with --symbol'),
    ]);
    const named = await readAs(format, `${header}\n${rows.join('\n')}\n`, { symbol: 'KSM/ADA' });
    expect(named.executions).toMatchObject([{ symbol: 'KSM/ADA', side: 'sell', price: 50, quantity: 2 }]);
  });

  it.each([
    ['one leg', [leg('T1', 'ZEUR', '-400')], /"T1" changes EUR asset where a trade changes two/],
    [
      'three assets',
      [leg('T1', 'ZEUR', '-400'), leg('T1', 'XXBT', '0.01'), leg('T1', 'XETH', '1')],
      /changes EUR, BTC, ETH/,
    ],
    ['both received', [leg('T1', 'ZEUR', '400'), leg('T1', 'XXBT', '0.01')], /both assets on one side/],
    ['an unknown type', [leg('T1', 'ZEUR', '400', '0', 'magic')], /type is "magic"/],
    ['no amount', [leg('T1', 'ZEUR', '')], /amount is missing/],
    ['no time', [leg('T1', 'ZEUR', '1').replace('2022-03-04 05:06:07', 'soon')], /time is "soon"/],
  ])('quarantines every line of a trade with %s', async (_, rows, reason) => {
    const result = await read(...rows);
    expect(result.quarantined).toEqual(rows.map(() => expect.stringMatching(reason)));
    expect(result.executions).toEqual([]);
  });
});
