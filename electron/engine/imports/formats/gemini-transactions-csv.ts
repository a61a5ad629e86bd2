/**
 * Gemini's transaction history: amounts, fees and balances in three columns per currency, in the notation of accountants. The price of
 * a trade is worked out of its two amounts; date and time of the order are in the file.
 */
import { type Pair, pairSymbol } from '../../../../shared/market/symbols';
import type { Format } from '../format';
import { isoReader, utcZone } from '../times';
import { columnIndex, hasColumns, normaliseHeader } from './header';
import { execution, otherRow, quoted, RowCheck } from './row';
import { zoneChoice } from './zones';

const needed = ['date', 'time (utc)', 'type', 'symbol', 'specification', 'liquidity indicator'];
const otherTypes = new Set([
  'credit',
  'debit',
  'transfer',
  'deposit',
  'withdrawal',
  'earn',
  'interest credit',
  'redeem',
]);

/** Columns of the amounts and fees, by currency. */
interface CurrencyColumns {
  readonly amounts: ReadonlyMap<string, number>;
  readonly fees: ReadonlyMap<string, number>;
}

export const geminiTransactionsCsv: Format = {
  id: 'gemini-transactions-csv',
  title: 'Gemini transaction history',
  describes:
    'Lines of type Buy and Sell are fills with maker or taker and the time of their order; the price is worked out of the two amounts, which are rounded. Deposits, withdrawals and balances are not read.',
  kind: 'executions',
  exampleHeader:
    'Date,Time (UTC),Type,Symbol,Specification,Liquidity Indicator,Trading Fee Rate (bps),USD Amount USD,Fee (USD) USD,USD Balance USD,BTC Amount BTC,Fee (BTC) BTC,BTC Balance BTC,Trade ID,Order ID,Order Date,Order Time,Client Order ID',
  exampleRows: [
    '2020-02-03,04:05:06.789,Sell,BTCUSD,Limit,Taker,25,"$10,000.00 ",($25.00),"$20,000.00 ",(0.5 BTC),,1.5 BTC ,71,72,2020-02-03,04:05:01.500,mine',
    '2020-02-03,04:05:06,Credit,USD,,,,$5.00 ,,$5.00 ,,,,,,,,',
  ],
  reference: { otherRows: [...otherTypes] },
  impliedSource: 'live',
  recognise(sample) {
    if (sample.kind !== 'delimited' || !hasColumns(sample.header, needed)) return null;
    if (currencyColumns(sample.header).amounts.size < 2) return null;
    return { confidence: 0.99, reason: "header of Gemini's transaction history with an amount column per currency" };
  },
  reader: {
    shape: 'delimited',
    open(rawHeader, context) {
      const header = normaliseHeader(rawHeader);
      const at = (name: string): number => columnIndex(header, name);
      const [date, time, type, symbolAt] = [at('date'), at('time (utc)'), at('type'), at('symbol')];
      const [liquidity, tradeId, orderId] = [at('liquidity indicator'), at('trade id'), at('order id')];
      const [orderDate, orderTime, clientOrderId] = [at('order date'), at('order time'), at('client order id')];
      const { amounts, fees } = currencyColumns(header);
      const iso = isoReader(zoneChoice(context, utcZone));
      const check = new RowCheck();
      let lateTold = false;
      return ({ cells, line }) => {
        check.reset();
        const word = check.requiredText('Type', cells[type]).toLowerCase();
        if (otherTypes.has(word)) return otherRow(word);
        const name = check.requiredText('Symbol', cells[symbolAt]).toUpperCase();
        const pair = pairAmong(name, amounts);
        if (pair === null) check.refuse(`Symbol is ${quoted(name)}, which is no pair of the file's currencies`);
        const amountOf = (currency: string, columns: ReadonlyMap<string, number>, what: string): number | null => {
          const column = columns.get(currency);
          return column === undefined
            ? null
            : check.number(`${what} ${currency}`, withoutUnit(cells[column], currency));
        };
        const [base, quote] =
          pair === null
            ? [null, null]
            : [amountOf(pair.base, amounts, 'Amount'), amountOf(pair.quote, amounts, 'Amount')];
        const executedAtUs = check.requiredTime(
          'Date',
          `${cells[date]?.trim() ?? ''}T${cells[time]?.trim() ?? ''}`,
          iso,
        );
        const [orderDay, orderClock] = [cells[orderDate]?.trim() ?? '', cells[orderTime]?.trim() ?? ''];
        // Either alone is no time.
        const hasOrderTime = orderDay !== '' && orderClock !== '';
        const placedAtUs = hasOrderTime ? check.requiredTime('Order Date', `${orderDay}T${orderClock}`, iso) : null;
        const side = check.side('Type', cells[type]);
        if (!base || !quote || base > 0 === quote > 0 || base > 0 !== (side === 'buy')) {
          check.refuse(`the amounts of ${quoted(name)} are not what a ${side} pays and receives`);
        }
        const charged = [...fees.keys()].flatMap((currency) => {
          const change = amountOf(currency, fees, 'Fee');
          return change === null || change === 0 ? [] : [{ currency, paid: 0 - change }];
        });
        if (charged.length > 1) check.refuse('the fee is taken in more than one currency');
        const isLate = placedAtUs !== null && placedAtUs > executedAtUs;
        if (check.problem !== null || pair === null || !base || !quote) {
          return check.quarantine(pair === null ? name : pairSymbol(pair), executedAtUs);
        }
        if (isLate && !lateTold) {
          lateTold = true;
          context.warn(
            `An order is dated after its trade, first on line ${line}; the time of such orders is not read.`,
          );
        }
        const fill = execution({
          venue: 'gemini',
          symbol: pairSymbol(pair),
          side,
          price: Math.abs(quote / base),
          quantity: Math.abs(base),
          fee: charged[0]?.paid ?? null,
          feeCurrency: charged[0]?.currency ?? null,
          liquidity: check.liquidity('Liquidity Indicator', cells[liquidity]),
          executedAtUs,
          submittedAtUs: isLate ? null : placedAtUs,
          tradeId: check.text('Trade ID', cells[tradeId]),
          orderId: check.text('Order ID', cells[orderId]),
          clientOrderId: check.text('Client Order ID', cells[clientOrderId]),
        });
        return check.problem === null
          ? { kind: 'executions', executions: [fill] }
          : check.quarantine(fill.symbol, executedAtUs);
      };
    },
  },
};

/** `USD Amount USD`, `Fee (USD) USD`, `Fee ZEC`, as normalised. */
function currencyColumns(header: readonly string[]): CurrencyColumns {
  const amounts = new Map<string, number>();
  const fees = new Map<string, number>();
  header.forEach((name, index) => {
    const amount = /^(\w+) amount \1$/.exec(name)?.[1];
    if (amount !== undefined) amounts.set(amount.toUpperCase(), index);
    const fee = /^fee (?:\(\w+\) )?(\w+)$/.exec(name)?.[1];
    if (fee !== undefined) fees.set(fee.toUpperCase(), index);
  });
  return { amounts, fees };
}

function pairAmong(name: string, currencies: ReadonlyMap<string, number>): Pair | null {
  for (const base of currencies.keys()) {
    const quote = name.slice(base.length);
    if (name.startsWith(base) && currencies.has(quote)) return { base, quote };
  }
  return null;
}

/** `(0.03447186 BTC)` without its coin. */
function withoutUnit(cell: string | undefined, currency: string): string | undefined {
  const text = cell?.trim() ?? '';
  const end = text.endsWith(')') ? ')' : '';
  const amount = text.slice(0, text.length - end.length);
  if (!amount.toUpperCase().endsWith(currency.toUpperCase())) return cell;
  return amount.slice(0, -currency.length).trimEnd() + end;
}
