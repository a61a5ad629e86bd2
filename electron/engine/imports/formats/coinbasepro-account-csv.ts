/**
 * Coinbase Pro (Exchange, GDAX) account statement: one line per balance change. Lines with one trade and order id are a fill: what
 * was paid, what was received, and the fee.
 */
import { compensatedSum } from '../../../../shared/base/sums';
import { pairOfSymbol, pairSymbol, symbolOf } from '../../../../shared/market/symbols';
import type { Format, RowOutcome } from '../format';
import { parseNumber } from '../numbers';
import { isoReader, utcZone } from '../times';
import { RunningBalances } from './balances';
import { columnIndex, hasColumns, normaliseHeader } from './header';
import { fillOfLegs, LegGroups, marketOf, refusedLegs } from './legs';
import { execution, otherRow, quoted, RowCheck } from './row';
import { zoneChoice } from './zones';

const needed = ['type', 'time', 'amount', 'balance', 'amount/balance unit', 'transfer id', 'trade id', 'order id'];
const otherTypes = new Set(['deposit', 'withdrawal', 'transfer', 'conversion', 'rebate', 'stake', 'reward']);

interface Leg {
  readonly isFee: boolean;
  readonly asset: string;
  /** Change of the balance; positive received. */
  readonly amount: number;
  readonly atUs: number;
  readonly tradeId: string;
  readonly orderId: string;
  readonly account: string | null;
}

export const coinbaseproAccountCsv: Format = {
  id: 'coinbasepro-account-csv',
  title: 'Coinbase Pro account statement',
  describes:
    'Lines of type match and fee with one trade and order id are a fill, its price worked out of the amounts (the average, where one trade id holds several matches); the portfolio is its account; without a line of type fee the fee is unknown. Deposits, withdrawals and conversions are counted, not read; each balance is compared with the lines before it. The file does not tell maker from taker.',
  kind: 'executions',
  exampleHeader: 'portfolio,type,time,amount,balance,amount/balance unit,transfer id,trade id,order id',
  exampleRows: [
    'desk,match,2021-02-03T04:05:06.789Z,-900,0,USD,,31,o1',
    'desk,match,2021-02-03T04:05:06.789Z,0.03,0,BTC,,31,o1',
    'desk,fee,2021-02-03T04:05:06.789Z,-4.5,0,USD,,31,o1',
  ],
  reference: { otherRows: [...otherTypes] },
  impliedSource: 'live',
  recognise(sample) {
    if (sample.kind !== 'delimited' || !hasColumns(sample.header, needed)) return null;
    return { confidence: 0.99, reason: "header of Coinbase Pro's account statement" };
  },
  reader: {
    shape: 'delimited',
    open(rawHeader, context) {
      const header = normaliseHeader(rawHeader);
      const at = (name: string): number => columnIndex(header, name);
      const [portfolio, type, time, amount] = [at('portfolio'), at('type'), at('time'), at('amount')];
      const [balance, unit] = [at('balance'), at('amount/balance unit')];
      const [tradeId, orderId] = [at('trade id'), at('order id')];
      const iso = isoReader(zoneChoice(context, utcZone));
      const named = context.symbol === null ? null : pairOfSymbol(symbolOf(context.symbol));
      const check = new RowCheck();

      const settle = (legs: readonly Leg[]): readonly RowOutcome[] => {
        check.reset();
        const first = legs[0]!;
        const refuse = (problem: string): readonly RowOutcome[] => {
          check.refuse(`trade ${first.tradeId}: ${problem}`);
          return refusedLegs(legs.length, check.quarantine(null, first.atUs));
        };
        const matches = legs.filter(({ isFee }) => !isFee);
        const assets = [...new Set(matches.map(({ asset }) => asset))];
        const [one, other] = assets;
        if (one === undefined || other === undefined || assets.length > 2) {
          return refuse(`its lines change ${assets.join(', ') || 'no asset'} where a fill changes two assets`);
        }
        const market = marketOf(one, other, named);
        if (market === null) {
          return refuse(
            `it cannot be told which of ${one} and ${other} is priced in the other; name the pair with --symbol`,
          );
        }
        const fees = legs.filter(({ isFee }) => isFee);
        const feeCurrency = fees[0]?.asset ?? market.quote;
        if (fees.some(({ asset }) => asset !== feeCurrency)) return refuse('it is charged in more than one asset');
        const sum = (of: readonly Leg[]): number => compensatedSum(of.map(({ amount }) => amount));
        const [ones, others] = assets.map((asset) => matches.filter((leg) => leg.asset === asset).length);
        if (ones !== others)
          return refuse(`${ones} of its lines change ${one} and ${others} ${other}, so one of them is missing`);
        const base = sum(matches.filter(({ asset }) => asset === market.base));
        const quote = sum(matches.filter(({ asset }) => asset === market.quote));
        if (base === 0 || quote === 0 || base > 0 === quote > 0) return refuse('nothing was exchanged');
        return fillOfLegs(
          legs.length,
          execution({
            venue: 'coinbase',
            account: first.account,
            symbol: pairSymbol(market),
            side: base > 0 ? 'buy' : 'sell',
            price: Math.abs(quote / base),
            quantity: Math.abs(base),
            // A trade without a line of a fee may have been free, or its line is not in the file.
            fee: fees.length === 0 ? null : 0 - sum(fees),
            feeCurrency: fees.length === 0 ? null : feeCurrency,
            executedAtUs: Math.min(...matches.map(({ atUs }) => atUs)),
            tradeId: first.tradeId,
            orderId: first.orderId,
          }),
        );
      };

      const balances = new RunningBalances(context);
      const groups = new LegGroups(settle);
      return ({ cells, line }) => {
        check.reset();
        const word = check.requiredText('type', cells[type]).toLowerCase();
        const isOther = otherTypes.has(word);
        if (!isOther && word !== 'match' && word !== 'fee')
          check.refuse(`type is ${quoted(cells[type])}, which is unknown`);
        const changed = {
          asset: check.requiredText('amount/balance unit', cells[unit]).toUpperCase(),
          amount: check.requiredNumber('amount', cells[amount]),
          atUs: check.requiredTime('time', cells[time], iso),
          account: check.text('portfolio', cells[portfolio]),
        };
        const after = parseNumber(cells[balance] ?? '');
        balances.line(placeOf(changed.asset, changed.account), changed.amount, after, changed.atUs, line);
        if (isOther) return otherRow(word);
        const leg: Leg = {
          ...changed,
          isFee: word === 'fee',
          tradeId: check.requiredText('trade id', cells[tradeId]),
          orderId: check.requiredText('order id', cells[orderId]),
        };
        const key = JSON.stringify([leg.account, leg.tradeId, leg.orderId]);
        return check.problem === null ? groups.hold(key, leg) : groups.refuse(key, check.quarantine(null, leg.atUs));
      };
    },
  },
};

/** Each portfolio has balances of its own. */
function placeOf(asset: string, portfolio: string | null): string {
  return portfolio === null || portfolio === 'default' ? asset : `${asset} (${portfolio})`;
}
