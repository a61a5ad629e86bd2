/**
 * A trade of Interactive Brokers' Flex queries. The user chooses the fields of a query and may have it as XML or as CSV; the names
 * are nearly the same, and a field that was not chosen is not there.
 */
import type { Side } from '../../../../shared/market/executions';
import type { HeldRow, ReadContext, RowOutcome } from '../format';
import { brokerTimeReader } from './broker';
import { amountCheck } from './columns';
import { LegGroups } from './legs';
import { execution, otherRow, quoted, RowCheck } from './row';

/** A field as both writings name it: letters and digits only, lower case. */
export function flexName(name: string): string {
  return name.toLowerCase().replace(/[^a-z0-9]/g, '');
}

/** The value of the first of these fields that the trade has; undefined where it says none (`--`, `N/A`, nothing). */
export type FlexFields = (...names: readonly string[]) => string | undefined;

export function saidValue(value: string | undefined): string | undefined {
  return value === undefined || /^(?:-{1,2}|n\/a)?$/i.test(value.trim()) ? undefined : value;
}

/** A level of detail that is not the single fill, and what such rows are called. */
const summaries: ReadonlyMap<string, string> = new Map([
  ...['symbol_summary', 'symbolsummary'].map((level): [string, string] => [level, 'summary of a symbol']),
  ...['asset_summary', 'assetsummary'].map((level): [string, string] => [level, 'summary of an asset class']),
  ...['closed_lot', 'closedlot'].map((level): [string, string] => [level, 'closed lot']),
  ...['wash_sale', 'washsale'].map((level): [string, string] => [level, 'wash sale']),
]);

interface WaitingOrder {
  readonly outcome: RowOutcome;
}

/** Names of rows that are no fills. */
export const flexOtherRows: readonly string[] = [
  ...new Set(summaries.values()),
  'order beside its executions',
  'book entry without a price',
  'trade bust',
  'trade correction',
];

/**
 * Makes the function that turns a trade into its outcome. A row of a whole order waits for the end of the file: where its executions
 * are there too, they are the fills.
 */
export function flexTradeReader(context: ReadContext): (fields: FlexFields) => RowOutcome | HeldRow {
  const check = new RowCheck();
  const time = brokerTimeReader(context);
  const checkAmount = amountCheck(context, 'money of the trade');
  const withExecutions = new Set<string>();
  const orders = new LegGroups<WaitingOrder & { readonly orderId: string }>((rows) =>
    rows.map(({ orderId, outcome }) =>
      withExecutions.has(orderId) ? otherRow('order beside its executions') : outcome,
    ),
  );

  return (fields) => {
    check.reset();
    const level = (fields('levelofdetail') ?? 'execution').toLowerCase();
    const summary = summaries.get(level);
    if (summary !== undefined) return otherRow(summary);
    const isOrder = level === 'order';
    if (!isOrder && level !== 'execution') check.refuse(`LevelOfDetail is ${quoted(level)}, which is unknown`);

    const symbol = symbolOfTrade(fields, context);
    if (symbol === null)
      check.refuse(
        'the instrument is not named: neither Symbol, ISIN nor Conid is in the query; name it with --symbol',
      );
    const executedAtUs = timeOf(check, fields, time);
    const quantity = check.requiredNumber('Quantity', fields('quantity'));
    const word = (fields('buysell') ?? '').toLowerCase();
    const side: Side = word.startsWith('buy') || (word === '' && quantity > 0) ? 'buy' : 'sell';
    if (word !== '' && !/^(?:buy|sell)/.test(word)) check.refuse(`Buy/Sell is ${quoted(word)}, which is neither`);
    const cancels =
      word.includes('(ca.)') ||
      /cancel/i.test(fields('transactiontype') ?? '') ||
      (fields('notes', 'code', 'notescodes') ?? '').split(/[;,\s]+/).includes('Ca');
    const reference = idOf(fields('origtradeid'));
    // A row with the code Co stands for the trade that a row with Ca took back, and is a trade; only this kind of row changes one.
    const corrects = !cancels && /correct/i.test(fields('transactiontype') ?? '') && reference !== null;
    if (cancels && reference === null) {
      check.refuse(
        'the row cancels an earlier trade, but does not name it (OrigTradeID); add that field to the query and import it again',
      );
    } else if (!cancels && word !== '' && quantity > 0 !== (side === 'buy') && fields('transactiontype') !== undefined)
      check.refuse(`Quantity is ${quoted(fields('quantity'))}, which is not what ${quoted(word)} does`);
    if (quantity === 0 && !cancels) check.refuse('Quantity is zero');
    const isBook = /^book/i.test(fields('transactiontype') ?? '');
    const priced = check.requiredNumber('TradePrice', fields('tradeprice', 'price'));
    if (isBook && priced === 0 && check.problem === null) return otherRow('book entry without a price');
    if (!(priced > 0)) check.refuse(`TradePrice is ${quoted(fields('tradeprice', 'price'))}, but must be above zero`);
    const multiplier = check.optionalPositive('Multiplier', fields('multiplier')) ?? 1;
    const units = Math.abs(quantity) * multiplier;

    const currency = fields('currency', 'currencyprimary') ?? null;
    const fee = feeOf(check, fields, currency);
    const orderId = idOf(fields('iborderid', 'orderid'));
    const submittedAtUs = check.time('OrderTime', fields('ordertime'), time);
    const amount = check.number('TradeMoney', fields('trademoney', 'proceeds'));
    if (check.problem !== null || symbol === null) return check.quarantine(symbol, executedAtUs);
    if (reference !== null && (cancels || corrects)) {
      // A bust of a bought trade may be written as a buy or as a sale.
      const place = { venue: 'ibkr', account: fields('accountid', 'clientaccountid') ?? null, symbol };
      return {
        kind: 'change',
        change: {
          ...{
            rule: cancels ? 'trade bust' : 'trade correction',
            reference,
            strategy: null,
            ...place,
            atUs: executedAtUs,
          },
          ...{ tradeId: idOf(fields('tradeid', 'ibexecid', 'transactionid')), orderId: null },
          side: cancels ? null : side,
          to: cancels ? null : { price: priced, quantity: units, ...fee },
        },
      };
    }
    if (isBook)
      context.warn(
        'Book entries (assignments, exercises, transfers) are no fills of the market; those with a price are read as trades.',
      );
    checkAmount(priced, units, amount, 0);
    const fill = execution({
      ...{ venue: 'ibkr', account: fields('accountid', 'clientaccountid') ?? null },
      ...{ symbol, side, price: priced, quantity: units, ...fee, executedAtUs },
      // A book entry names no order that anyone sent.
      orderId: isBook ? null : orderId,
      clientOrderId: fields('orderreference') ?? null,
      tradeId: isOrder ? null : idOf(fields('tradeid', 'ibexecid', 'transactionid')),
      submittedAtUs: submittedAtUs !== null && submittedAtUs <= executedAtUs ? submittedAtUs : null,
    });
    const outcome: RowOutcome = { kind: 'executions', executions: [fill] };
    if (!isOrder) {
      if (orderId !== null) withExecutions.add(orderId);
      return outcome;
    }
    if (orderId === null) {
      check.refuse(
        'the row is a whole order and has no order id, so that it cannot be told whether its executions are in the file',
      );
      return check.quarantine(symbol, executedAtUs);
    }
    return orders.hold(orderId, { orderId, outcome });
  };
}

function idOf(value: string | undefined): string | null {
  return value === undefined || value === '0' ? null : value;
}

/** Pairs of currencies are traded as `EUR.USD`; all else keeps its ticker, the blanks of options collapsed. */
function symbolOfTrade(fields: FlexFields, context: ReadContext): string | null {
  const name = fields('symbol')?.replace(/\s+/g, ' ').trim();
  if (
    name !== undefined &&
    /^[A-Z]{3}\.[A-Z]{3}$/.test(name) &&
    /^cash$/i.test(fields('assetcategory', 'assetclass') ?? 'cash')
  )
    return name.replace('.', '/');
  return name ?? fields('isin') ?? fields('securityid') ?? fields('conid') ?? context.symbol;
}

function timeOf(check: RowCheck, fields: FlexFields, time: ReturnType<typeof brokerTimeReader>): number {
  const both = fields('datetime');
  if (both !== undefined) return check.requiredTime('DateTime', both, time);
  const clock = fields('tradetime');
  return check.requiredTime('TradeDate', [fields('tradedate'), clock].filter(Boolean).join(';'), time);
}

/** Commission and taxes are negative where they are paid. */
function feeOf(
  check: RowCheck,
  fields: FlexFields,
  currency: string | null,
): { readonly fee: number | null; readonly feeCurrency: string | null } {
  const commission = check.number('IBCommission', fields('ibcommission', 'commission'));
  const taxes = check.number('Taxes', fields('taxes')) ?? 0;
  const feeCurrency = fields('ibcommissioncurrency') ?? currency;
  if (taxes !== 0 && feeCurrency !== currency)
    check.refuse(`its commission is in ${feeCurrency} and its taxes in ${currency}, which cannot be added`);
  if (commission === null) return { fee: taxes === 0 ? null : 0 - taxes, feeCurrency: taxes === 0 ? null : currency };
  return { fee: 0 - commission - taxes, feeCurrency };
}
