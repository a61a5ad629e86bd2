/** Every format has a page, and the page is what its reader does. */
import { describe, expect, it } from 'vitest';
import { formatById, formats } from '../../../electron/engine/imports/formats/index';
import { describeFormat } from '../../../electron/engine/imports/reference';
import { formatPageSchema } from '../../../shared/contract/format-page';

const pageOf = async (id: string) => describeFormat(formatById(id)!);

describe('the reference', () => {
  it.each(formats.map((format) => [format.id, format] as const))('%s has a whole page', async (_, format) => {
    const page = formatPageSchema.parse(await describeFormat(format));
    if (format.reader.shape === 'nothing') return;
    expect(page.exampleRows, 'give the format exampleRows: lines below its exampleHeader').not.toEqual([]);
    expect(page.columns.filter(({ use }) => use !== 'ignored')).not.toEqual([]);
    expect([page.rows, page.times, page.fees, page.identity].join(' ')).not.toMatch(/Not told/);
    // A page can name only columns that the header has.
    if (format.exampleHeader !== null) {
      const header = format.exampleHeader
        .replaceAll('\ufeff', '')
        .replaceAll('"', '')
        .split(/[,;\t]/);
      for (const { name } of page.columns) expect(header.map((cell) => cell.trim())).toContain(name);
    }
  });

  it('tells what each column becomes, what is only checked, and what is ignored', async () => {
    const { columns, times, fees, identity, otherRows } = await pageOf('kraken-trades-csv');
    expect(
      Object.fromEntries(columns.map(({ name, use, feeds }) => [name, `${use} ${feeds.join(' ')}`.trim()])),
    ).toEqual({
      txid: 'required tradeId',
      ordertxid: 'read orderId',
      pair: 'required symbol feeCurrency',
      time: 'required executedAt',
      type: 'required side',
      ordertype: 'ignored',
      price: 'required price',
      cost: 'read',
      fee: 'read fee feeCurrency',
      vol: 'required quantity',
      margin: 'ignored',
      misc: 'ignored',
      ledgers: 'ignored',
    });
    expect(times).toBe('Times (time) are UTC, as the venue states or documents; a zone that is named is not applied.');
    expect(fees).toBe('fee: positive is paid, negative a rebate; in the quote currency.');
    expect(identity).toMatch(/^The trade id \(txid\)/);
    expect(otherRows).toEqual([]);
  });

  it.each([
    ['bitfinex-trades-csv', 'fees', /^FEE: negative is paid, .*currency is in FEE CURRENCY/],
    ['binance-futures-trades-csv', 'times', /do not state their zone/],
    ['kucoin-fills-v3', 'times', /are UTC\+02:00, as the venue states/],
    ['kraken-rest-TradesHistory', 'times', /state their zone, or count/],
    ['binance-spot-trades-v3', 'fees', /currency stands beside the amount in Fee/],
    ['binance-spot-trades-v1', 'identity', /^No trade id/],
    ['bybit-uta-transactionlog-csv', 'rows', /2 of the example together are one fill/],
    ['freqtrade-backtest-json', 'rows', /several fills/],
    ['candles-csv', 'rows', /observed price/],
    ['poloniex-trades-csv', 'fees', /Worked out/],
  ] as const)('%s tells its %s', async (id, part, words) => {
    expect((await pageOf(id))[part]).toMatch(words);
  });

  it('names rows that are no trades, and what the user must say', async () => {
    expect((await pageOf('bybit-uta-transactionlog-csv')).otherRows).toContain('transfer_in');
    expect((await pageOf('tradingview-trades-csv-2025')).needs).toContain('symbol');
  });
});
