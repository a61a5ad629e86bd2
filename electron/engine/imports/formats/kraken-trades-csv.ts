/** Kraken's trade export: one fill a line, times UTC. The fee is stated in the quote even where it was taken in the base. */
import { pairSymbol, parseKrakenPair } from '../../../../shared/market/symbols';
import type { Format } from '../format';
import { isoReader, utcZone } from '../times';
import { amountCheck } from './columns';
import { columnIndex, hasColumns, normaliseHeader } from './header';
import { cachedSymbols, execution, RowCheck } from './row';
import { zoneChoice } from './zones';

const needed = ['txid', 'ordertxid', 'pair', 'time', 'type', 'ordertype', 'price', 'cost', 'fee', 'vol'];

export const krakenTradesCsv: Format = {
  id: 'kraken-trades-csv',
  title: 'Kraken trades',
  describes:
    'Every line is a fill with trade and order id; margin, misc and ledgers are not read. The file does not tell maker from taker.',
  kind: 'executions',
  exampleHeader:
    '"txid","ordertxid","pair","time","type","ordertype","price","cost","fee","vol","margin","misc","ledgers"',
  exampleRows: ['"T1","O1","XXBTZEUR","2022-01-02 03:04:05.6789","buy","limit",40000,400,0.64,0.01,0,"","L1,L2"'],
  impliedSource: 'live',
  recognise(sample) {
    if (sample.kind !== 'delimited' || !hasColumns(sample.header, needed)) return null;
    return { confidence: 0.99, reason: `header of Kraken's trade export, ${sample.header.length} columns` };
  },
  reader: {
    shape: 'delimited',
    // The two ids of `ledgers` are sometimes two cells, so that rows have one cell more than the header.
    ragged: true,
    open(rawHeader, context) {
      const header = normaliseHeader(rawHeader);
      const at = (name: string): number => columnIndex(header, name);
      const [txid, ordertxid, pair, time] = [at('txid'), at('ordertxid'), at('pair'), at('time')];
      const [type, price, cost, fee, vol] = [at('type'), at('price'), at('cost'), at('fee'), at('vol')];
      const ledgers = header.indexOf('ledgers');
      const last = Math.max(txid, ordertxid, pair, time, type, price, cost, fee, vol);
      const iso = isoReader(zoneChoice(context, utcZone));
      const check = new RowCheck();
      const checkCost = amountCheck(context, 'cost');
      const symbolOfPair = cachedSymbols((name) => {
        const known = parseKrakenPair(name);
        return known === null ? name : pairSymbol(known);
      });
      return ({ cells, line }) => {
        check.reset();
        const surplus = cells.length - header.length;
        // Only what follows `ledgers` can be displaced by it; nothing that is read does.
        const ids = surplus > 0 && ledgers !== -1 ? cells.slice(ledgers) : [];
        const areIds = ids.length > 0 && ledgers >= last && ids.every((id) => /^[^,\s]+$/.test(id.trim()));
        if (surplus < 0 || (surplus > 0 && !areIds)) {
          check.refuse(`the row has ${cells.length} cells where the header has ${header.length}`);
          return check.quarantine();
        }
        const symbol = symbolOfPair(check.requiredText('pair', cells[pair]));
        const quoteAt = symbol.indexOf('/');
        const feePaid = check.number('fee', cells[fee]);
        const fill = execution({
          venue: 'kraken',
          symbol,
          side: check.side('type', cells[type]),
          price: check.positive('price', cells[price]),
          quantity: check.positive('vol', cells[vol]),
          fee: feePaid,
          feeCurrency: feePaid === null || quoteAt === -1 ? null : symbol.slice(quoteAt + 1),
          executedAtUs: check.requiredTime('time', cells[time], iso),
          tradeId: check.requiredText('txid', cells[txid]),
          orderId: check.text('ordertxid', cells[ordertxid]),
        });
        const stated = check.number('cost', cells[cost]);
        if (check.problem !== null) return check.quarantine(symbol, fill.executedAtUs);
        checkCost(fill.price, fill.quantity, stated, line);
        return { kind: 'executions', executions: [fill] };
      };
    },
  },
};
