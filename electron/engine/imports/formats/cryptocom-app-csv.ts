/**
 * Crypto.com's app: what a card and wallet account did. Exchanges of one coin for another and purchases are trades with Crypto.com as
 * dealer; everything else is no trade.
 */
import type { Format } from '../format';
import { isoReader, utcZone } from '../times';
import { columnIndex, hasColumns, normaliseHeader } from './header';
import { type AssetAmount, namedPair, tradeOf } from './legs';
import { execution, otherRow, quoted, RowCheck } from './row';
import { zoneChoice } from './zones';

const needed = ['timestamp (utc)', 'currency', 'amount', 'to currency', 'to amount', 'transaction kind'];

/** One line with both sides: what was given in Currency, what came for it in To Currency. */
const tradeKinds = new Set(['crypto_exchange', 'viban_purchase', 'crypto_viban_exchange']);
/** A purchase with a card: what came is in Currency, what was given in Native Currency. */
const cardPurchase = 'crypto_purchase';
/** How the app names what it does, for reasons and counts. */
const kindShape = /^[a-z][a-z0-9_.]*$/;
/** The app itself changes a coin into its successor, on two lines and at no price of a market. */
const swapKind = /^crypto_wallet_swap_(?:credited|debited)$/;
/** A kind that trades in a way that is not known must not be passed over. */
const unknownTrade = /exchange$|purchase$|trading|limit_order|_sell|_buy/;
const transfers = /^(?:crypto_to_exchange_transfer|exchange_to_crypto_transfer)$/;

export const cryptocomAppCsv: Format = {
  id: 'cryptocom-app-csv',
  title: 'Crypto.com app',
  describes:
    'Exchanges of one coin for another and purchases from the cash wallet are fills of the venue crypto.com-app, their price, which holds the spread, worked out of the two amounts. Card, staking, rewards, transfers and swaps of a coin by the app are counted by kind. No ids, no fees, no maker or taker.',
  kind: 'executions',
  exampleHeader:
    'Timestamp (UTC),Transaction Description,Currency,Amount,To Currency,To Amount,Native Currency,Native Amount,Native Amount (in USD),Transaction Kind,Transaction Hash',
  exampleRows: [
    '2024-02-03 04:05:06,ETH -> USDC,ETH,-0.5,USDC,1000,EUR,920.5,1000,crypto_exchange,',
    '2024-02-03 03:05:06,Buy BTC,BTC,0.01,,,EUR,400,430,crypto_purchase,',
    '2024-02-02 00:00:00,Card Cashback,CRO,5,,,EUR,0.5,0.6,referral_card_cashback,',
  ],
  reference: {
    otherRows: ['swap of a coin by the app', 'card_top_up', 'crypto_deposit', 'exchange_to_crypto_transfer'],
  },
  impliedSource: 'live',
  recognise(sample) {
    if (sample.kind !== 'delimited' || !hasColumns(sample.header, needed)) return null;
    return { confidence: 0.99, reason: "header of Crypto.com's app with Transaction Kind" };
  },
  reader: {
    shape: 'delimited',
    open(rawHeader, context) {
      const header = normaliseHeader(rawHeader);
      const [time, currency, amount, toCurrency, toAmount, kindAt] = needed.map((name) =>
        columnIndex(header, name),
      ) as [
        ...[number, number, number, number, number, number], // one index for each name
      ];
      const inCurrency = { name: 'Amount', asset: currency, amount };
      const inTo = { name: 'To Amount', asset: toCurrency, amount: toAmount };
      const inNative = {
        name: 'Native Amount',
        ...{ asset: columnIndex(header, 'native currency'), amount: columnIndex(header, 'native amount') },
      };
      const iso = isoReader(zoneChoice(context, utcZone));
      const named = namedPair(context);
      const check = new RowCheck();
      let trades = 0;
      context.atEnd(() => {
        if (trades === 0) return;
        context.warn(
          `${trades} ${trades === 1 ? 'trade was' : 'trades were'} made with Crypto.com itself at its quoted price, not on an order book; the venue is crypto.com-app.`,
        );
      });
      return ({ cells }) => {
        check.reset();
        const kind = check.requiredText('Transaction Kind', cells[kindAt]);
        if (swapKind.test(kind)) return otherRow('swap of a coin by the app');
        if (!tradeKinds.has(kind) && kind !== cardPurchase) {
          const isKnown = kindShape.test(kind) && (transfers.test(kind) || !unknownTrade.test(kind));
          if (isKnown) return otherRow(kind);
          check.refuse(`Transaction Kind is ${quoted(kind)}, which is unknown`);
        }
        const executedAtUs = check.requiredTime('Timestamp', cells[time], iso);
        const [given, received] = kind === cardPurchase ? [inNative, inCurrency] : [inCurrency, inTo];
        const cost = amountOf(check, given, cells, -1);
        const gain = amountOf(check, received, cells, 1);
        const trade = check.problem === null ? tradeOf(gain, cost, named) : '';
        if (typeof trade === 'string') {
          check.refuse(trade);
          return check.quarantine(null, executedAtUs);
        }
        trades++;
        const fill = execution({ venue: 'crypto.com-app', ...trade, executedAtUs });
        return { kind: 'executions', executions: [fill] };
      };
    },
  },
};

/** The asset and amount of two columns. Native amounts are positive whichever way they go. */
function amountOf(
  check: RowCheck,
  columns: { readonly name: string; readonly asset: number; readonly amount: number },
  cells: readonly string[],
  sign: 1 | -1,
): AssetAmount {
  const { name } = columns;
  const signed = check.requiredNumber(name, cells[columns.amount]);
  const isRight = name === 'Native Amount' ? signed !== 0 : signed * sign > 0;
  if (!isRight) {
    check.refuse(`${name} is ${quoted(cells[columns.amount])}, but must be ${sign > 0 ? 'above' : 'below'} zero`);
  }
  const asset = check.requiredText(name.replace('Amount', 'Currency'), cells[columns.asset]);
  return { asset: asset.toUpperCase(), amount: Math.abs(signed) };
}
