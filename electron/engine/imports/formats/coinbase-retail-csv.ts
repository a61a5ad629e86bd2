/**
 * Coinbase's transaction history of an account, in the layouts of its years: the currency stands in the names of the columns, then in
 * one of its own, and since 2024 lines have ids and amounts a currency sign. Trades of Advanced Trade are fills of the exchange and their
 * notes tell market and price; Buy, Sell and Convert are trades with Coinbase itself as dealer.
 */
import { pairSymbol, parsePair, symbolOf } from '../../../../shared/market/symbols';
import type { Format, ReadContext, RowOutcome } from '../format';
import { parseNumber } from '../numbers';
import { isoReader, utcZone } from '../times';
import { absentColumn, columnIndex, hasColumns, missingColumns, normaliseHeader } from './header';
import { namedPair, tradeOf } from './legs';
import { execution, otherRow, quoted, RowCheck } from './row';
import { zoneChoice } from './zones';

const needed = ['timestamp', 'transaction type', 'asset', 'quantity transacted'];
const subtotalColumn = /^(?:([a-z]{3,5}) )?subtotal$/;
const priceColumn = /^(?:[a-z]{3,5} )?(?:spot )?price at transaction$/;
const totalColumn = /^(?:[a-z]{3,5} )?total \(inclusive of fees(?: and\/or spread)?\)$/;
const feesColumn = /^(?:[a-z]{3,5} )?fees(?: and\/or spread)?$/;

const tradeTypes: ReadonlyMap<string, { readonly side: 'buy' | 'sell'; readonly isFill: boolean }> = new Map([
  ['buy', { side: 'buy', isFill: false }],
  ['sell', { side: 'sell', isFill: false }],
  // Spelled without the d until 2024.
  ['advanced trade buy', { side: 'buy', isFill: true }],
  ['advanced trade sell', { side: 'sell', isFill: true }],
  ['advance trade buy', { side: 'buy', isFill: true }],
  ['advance trade sell', { side: 'sell', isFill: true }],
]);
const otherTypes =
  /^(?:send|receive|deposit|withdrawal|transfer|donation|order|card spend|admin (?:debit|credit)|coinbase earn|clawback)$|deposit|withdrawal|transfer|income|reward|interest|rebate|subscription|incentive|payment|paid|migration|airdrop|fork|wrap|unwrap|staking|unstaking|loan|collateral|vault|savings|gift|payout|card/;

const amount = '([\\d.,]+(?:e-?\\d+)?)';
/** `Bought 0.5 ETH for 1000 USDC on ETH-USDC at 2000 USDC/ETH` */
const productNote = new RegExp(`^(?:bought|sold)\\s+.*?\\s+on\\s+(\\S+-\\S+)\\s+at\\s+${amount}\\s`, 'i');
/** `Converted 0.5 ETH to 0.03 BTC` */
const convertedNote = new RegExp(`^converted\\s+${amount}\\s+(\\S+)\\s+to\\s+${amount}\\s+(\\S+)`, 'i');

/** The exchange itself is kept apart from Coinbase as dealer, whose prices hold a spread. */
const dealer = 'coinbase-dealer';

export const coinbaseRetailCsv: Format = {
  id: 'coinbase-retail-csv',
  title: 'Coinbase transaction history',
  describes:
    'Advanced Trade lines are fills, their market and price taken from the notes. Buy, Sell and Convert are read as fills of the venue coinbase-dealer: Coinbase itself sold or bought; what a conversion cost is in its price. Sends, receipts, rewards, deposits and withdrawals are counted by type. Ids since 2024; no order ids, no maker or taker.',
  kind: 'executions',
  exampleHeader:
    'ID,Timestamp,Transaction Type,Asset,Quantity Transacted,Price Currency,Price at Transaction,Subtotal,Total (inclusive of fees and/or spread),Fees and/or Spread,Notes',
  exampleRows: [
    'a1,2024-02-03 04:05:06 UTC,Advanced Trade Buy,ETH,0.5,EUR,€2000.00,€1000.00,€1003.00,€3.00,Bought 0.5 ETH for 1000 EUR on ETH-EUR at 2000 EUR/ETH',
    'a2,2024-02-03 05:05:06 UTC,Sell,ETH,-0.25,EUR,€2000.00,-€500.00,-€495.00,€5.00,Sold 0.25 ETH for 495 EUR',
    'a3,2024-02-03 06:05:06 UTC,Convert,ETH,-0.25,EUR,€2000.00,-€500.00,-€500.00,€0.00,Converted 0.25 ETH to 0.0125 BTC',
    'a4,2024-02-04 00:00:00 UTC,Staking Income,ETH,0.001,EUR,€2000.00,€2.00,€2.00,€0.00,',
  ],
  reference: { otherRows: ['send', 'receive', 'deposit', 'withdrawal', 'rewards income', 'learning reward'] },
  impliedSource: 'live',
  recognise(sample) {
    if (sample.kind !== 'delimited' || !hasColumns(sample.header, needed)) return null;
    return { confidence: 0.98, reason: "header of Coinbase's transaction history with Quantity Transacted" };
  },
  reader: {
    shape: 'delimited',
    open(rawHeader, context) {
      const header = normaliseHeader(rawHeader);
      const at = (...names: readonly string[]): number => columnIndex(header, ...names);
      const matching = (pattern: RegExp): number => {
        const index = header.findIndex((name) => pattern.test(name));
        return index === -1 ? absentColumn : index;
      };
      const [id, timestamp, type, asset, quantity] = [
        ...[at('id'), at('timestamp'), at('transaction type'), at('asset')],
        at('quantity transacted'),
      ] as [number, number, number, number, number]; // one index for each name
      const [currency, notes] = [at('spot price currency', 'price currency'), at('notes')];
      const [price, subtotal] = [matching(priceColumn), matching(subtotalColumn)];
      const [total, fees] = [matching(totalColumn), matching(feesColumn)];
      const currencyOfHeader = subtotalColumn.exec(header[subtotal] ?? '')?.[1]?.toUpperCase() ?? null;
      if (subtotal === absentColumn) throw missingColumns('coinbase-retail-csv', ['Subtotal'], header);
      if (currency === absentColumn && currencyOfHeader === null) {
        throw missingColumns('coinbase-retail-csv', ['Price Currency'], header);
      }
      const iso = isoReader(zoneChoice(context, utcZone));
      const check = new RowCheck();
      const named = namedPair(context);
      const tally = dealerTally(context);
      const checkTotal = totalCheck(context);

      return ({ cells, line }) => {
        check.reset();
        const word = check.requiredText('Transaction Type', cells[type]).toLowerCase();
        const trade = tradeTypes.get(word);
        const isConversion = word === 'convert';
        if (trade === undefined && !isConversion && otherTypes.test(word)) return otherRow(word);
        if (trade === undefined && !isConversion) {
          check.refuse(`Transaction Type is ${quoted(cells[type])}, which is unknown`);
        }
        const executedAtUs = check.requiredTime('Timestamp', cells[timestamp], iso);
        const coin = check.requiredText('Asset', cells[asset]).toUpperCase();
        const moved = Math.abs(check.requiredNumber('Quantity Transacted', cells[quantity]));
        if (moved === 0) check.refuse('Quantity Transacted is 0, but must not be');
        const note = cells[notes]?.replace(/\s+/g, ' ').trim() ?? '';
        const tradeId = check.text('ID', cells[id]);
        if (isConversion) {
          const outcome = conversion(coin, moved, note);
          if (typeof outcome === 'string') check.refuse(outcome);
          if (check.problem !== null || typeof outcome === 'string') return check.quarantine(null, executedAtUs);
          if ('kind' in outcome) return outcome;
          tally();
          const fill = execution({
            ...{ venue: dealer, ...outcome.trade, fee: 0, feeCurrency: outcome.feeCurrency, executedAtUs, tradeId },
          });
          return { kind: 'executions', executions: [fill] };
        }
        const money = currencyOfHeader ?? check.requiredText('Price Currency', cells[currency]).toUpperCase();
        const worth = Math.abs(check.requiredNumber('Subtotal', cells[subtotal]));
        const paid = check.number('Fees', cells[fees]);
        const stated = check.number('Total', cells[total]);
        const spot = check.number('Price at Transaction', cells[price]);
        const side = trade?.side ?? 'buy';
        const product = trade?.isFill === true ? productNote.exec(note) : null;
        const pair = product === null ? null : parsePair(product[1]!);
        // A trade of one coin for another has a line for each; the line of the quote is in the other's fill.
        if (check.problem === null && pair !== null && pair.quote === coin && pair.base !== coin) {
          return otherRow('further leg of a fill');
        }
        if (pair !== null && pair.base !== coin)
          check.refuse(`Notes say ${pairSymbol(pair)}, but Asset is ${quoted(coin)}`);
        const notePrice = pair === null ? null : check.positive('price in Notes', product?.[2]);
        if (notePrice !== null && pair?.quote === money && worth > 0) {
          const said = notePrice * Math.abs(moved);
          // What is shown is rounded to cents; a price that is cut or mistyped is off by far more.
          if (!(Math.abs(said - worth) <= Math.max(0.01 * worth, 0.02)))
            check.refuse(`Notes say a price of ${notePrice}, but Subtotal is ${quoted(cells[subtotal])}`);
        }
        if (pair === null && !(worth > 0)) check.refuse(`Subtotal is ${quoted(cells[subtotal])}, but must not be 0`);
        const symbol = pair === null ? symbolOf(`${coin}/${money}`) : pairSymbol(pair);
        if (check.problem !== null) return check.quarantine(symbol, executedAtUs);
        if (trade?.isFill !== true) tally();
        checkTotal(side, worth, paid, stated, line);
        const fill = execution({
          venue: trade?.isFill === true ? 'coinbase' : dealer,
          symbol,
          side,
          price: notePrice ?? priceOf(spot, worth, moved),
          quantity: moved,
          fee: paid === null ? null : Math.abs(paid),
          feeCurrency: paid === null ? null : money,
          executedAtUs,
          tradeId,
        });
        return { kind: 'executions', executions: [fill] };
      };

      function conversion(
        coin: string,
        moved: number,
        note: string,
      ):
        | RowOutcome
        | { readonly trade: Exclude<ReturnType<typeof tradeOf>, string>; readonly feeCurrency: string }
        | string {
        const [, , from = '', gained = '', to = ''] = convertedNote.exec(note) ?? [];
        const received = parseNumber(gained) ?? Number.NaN;
        if (!(received > 0)) return `Notes are ${quoted(note)}, but must say what was converted to what`;
        if (to.toUpperCase() === coin) return otherRow('further leg of a fill');
        if (from.toUpperCase() !== coin) return `Notes convert ${quoted(from)}, but Asset is ${quoted(coin)}`;
        const trade = tradeOf({ asset: to.toUpperCase(), amount: received }, { asset: coin, amount: moved }, named);
        return typeof trade === 'string' ? trade : { trade, feeCurrency: to.toUpperCase() };
      }
    },
  },
};

/** The price in its own column has more digits than what was paid by the quantity, where both say the same to the cent. */
function priceOf(spot: number | null, worth: number, quantity: number): number {
  return spot !== null && spot > 0 && Math.abs(spot * quantity - worth) <= 0.006 ? spot : worth / quantity;
}

/** Counts trades with the dealer and tells how many there were. */
function dealerTally(context: ReadContext): () => void {
  let count = 0;
  context.atEnd(() => {
    if (count === 0) return;
    context.warn(
      `${count} ${count === 1 ? 'trade was' : 'trades were'} made with Coinbase itself (Buy, Sell, Convert) at its quoted price, not on an order book; the venue is ${dealer}.`,
    );
  });
  return () => {
    count++;
  };
}

/** A warning, once, where the total is not the subtotal and the fees. */
function totalCheck(
  context: ReadContext,
): (side: 'buy' | 'sell', worth: number, paid: number | null, stated: number | null, line: number) => void {
  let told = false;
  return (side, worth, paid, stated, line) => {
    if (told || paid === null || stated === null) return;
    const expected = side === 'buy' ? worth + Math.abs(paid) : worth - Math.abs(paid);
    if (Math.abs(Math.abs(stated) - expected) <= 0.02 + 1e-6 * worth) return;
    told = true;
    context.warn(
      `The total on line ${line} is ${Math.abs(stated)}, but subtotal and fees come to ${Number(expected.toPrecision(12))}.`,
    );
  };
}
