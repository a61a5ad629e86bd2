/**
 * Kraken's ledger: one line per balance change, times UTC to the second. Lines of one `refid` are one trade; what was paid for what
 * says its price.
 */
import { krakenAsset, pairOfSymbol, pairSymbol, symbolOf } from '../../../../shared/market/symbols';
import type { Format, RowOutcome } from '../format';
import { parseNumber } from '../numbers';
import { isoReader, utcZone } from '../times';
import { RunningBalances } from './balances';
import { columnIndex, hasColumns, normaliseHeader } from './header';
import { fillOfLegs, LegGroups, marketOf, refusedLegs } from './legs';
import { execution, otherRow, quoted, RowCheck } from './row';
import { zoneChoice } from './zones';

const needed = ['txid', 'refid', 'time', 'type', 'aclass', 'asset', 'amount', 'fee', 'balance'];
const tradeTypes = new Set(['trade', 'spend', 'receive']);
const otherTypes = new Set([
  ...['deposit', 'withdrawal', 'transfer', 'margin', 'rollover', 'settled', 'staking', 'earn', 'reward', 'dividend'],
  ...['credit', 'adjustment', 'airdrop', 'invite bonus', 'nft_rebate', 'custodytransfer'],
]);

interface Leg {
  readonly asset: string;
  /** Change of the balance before the fee; positive received. */
  readonly amount: number;
  readonly fee: number;
  readonly atUs: number;
  readonly refid: string;
}

export const krakenLedgersCsv: Format = {
  id: 'kraken-ledgers-csv',
  title: 'Kraken ledger',
  describes:
    'Lines of type trade, spend and receive with one refid are one fill, its price worked out of the amounts; a fee taken in both assets is stated in the quote. Deposits, transfers, margin and rollover are counted, not read; each balance is compared with the lines before it. No order ids, no maker or taker; where the trade export is at hand, import that instead.',
  kind: 'executions',
  exampleHeader: '"txid","refid","time","type","subtype","aclass","asset","amount","fee","balance"',
  exampleRows: [
    '"LEUR20","T1","2022-03-04 05:06:07","trade","","currency","EUR",-20,0.05,100',
    '"LDOT5","T1","2022-03-04 05:06:07","trade","","currency","DOT",5,0,5',
    '"LUSD7","D1","2022-03-04 06:06:07","deposit","","currency","USD",7,0,7',
  ],
  reference: { otherRows: [...otherTypes, 'pending', 'dust sweep'] },
  impliedSource: 'live',
  recognise(sample) {
    if (sample.kind !== 'delimited' || !hasColumns(sample.header, needed)) return null;
    return { confidence: 0.99, reason: `header of Kraken's ledger export, ${sample.header.length} columns` };
  },
  reader: {
    shape: 'delimited',
    open(rawHeader, context) {
      const header = normaliseHeader(rawHeader);
      const at = (name: string): number => columnIndex(header, name);
      const [txid, refid, time, type, subtype] = [at('txid'), at('refid'), at('time'), at('type'), at('subtype')];
      const [asset, amount, fee] = [at('asset'), at('amount'), at('fee')];
      const [balance, wallet] = [at('balance'), at('wallet')];
      const iso = isoReader(zoneChoice(context, utcZone));
      const named = context.symbol === null ? null : pairOfSymbol(symbolOf(context.symbol));
      const check = new RowCheck();

      const settle = (legs: readonly Leg[]): readonly RowOutcome[] => {
        check.reset();
        const first = legs[0]!;
        const refuse = (problem: string): readonly RowOutcome[] => {
          check.refuse(problem);
          return refusedLegs(legs.length, check.quarantine(null, first.atUs));
        };
        const changes = new Map<string, { amount: number; fee: number }>();
        for (const { asset, amount, fee } of legs) {
          const change = changes.get(asset) ?? { amount: 0, fee: 0 };
          changes.set(asset, { amount: change.amount + amount, fee: change.fee + fee });
        }
        const traded = [...changes].filter(([, change]) => change.amount !== 0);
        const [one, other] = traded;
        if (one === undefined || other === undefined || traded.length > 2) {
          const seen = traded.map(([name]) => name).join(', ') || 'no';
          return refuse(
            `refid ${quoted(first.refid)} changes ${seen} asset${traded.length > 1 ? 's' : ''} where a trade changes two`,
          );
        }
        const market = marketOf(one[0], other[0], named);
        if (market === null) {
          return refuse(
            `it cannot be told which of ${one[0]} and ${other[0]} is priced in the other; name the pair with --symbol`,
          );
        }
        const [base, quote] = market.base === one[0] ? [one[1], other[1]] : [other[1], one[1]];
        if (base.amount > 0 === quote.amount > 0)
          return refuse(`refid ${quoted(first.refid)} has both assets on one side`);
        const price = Math.abs(quote.amount / base.amount);
        const fees = [...changes].filter(([, change]) => change.fee !== 0);
        const [charged] = fees;
        const third = fees.find(([name]) => name !== market.base && name !== market.quote);
        if (third !== undefined && fees.length > 1)
          return refuse(`refid ${quoted(first.refid)} is charged in ${third[0]} and more`);
        const feeInQuote = quote.fee + base.fee * price;
        return fillOfLegs(
          legs.length,
          execution({
            venue: 'kraken',
            symbol: pairSymbol(market),
            side: base.amount > 0 ? 'buy' : 'sell',
            price,
            quantity: Math.abs(base.amount),
            ...(charged !== undefined && fees.length === 1
              ? { fee: charged[1].fee, feeCurrency: charged[0] }
              : { fee: feeInQuote, feeCurrency: market.quote }),
            executedAtUs: Math.max(...legs.map(({ atUs }) => atUs)),
            tradeId: first.refid,
          }),
        );
      };

      const balances = new RunningBalances(context);
      const groups = new LegGroups(settle);
      return ({ cells, line }) => {
        check.reset();
        const word = check.requiredText('type', cells[type]).toLowerCase();
        // A pending deposit is listed twice, the first time without its id.
        if (check.text('txid', cells[txid]) === null) return otherRow('pending');
        const isOther = otherTypes.has(word);
        if (!isOther && !tradeTypes.has(word)) check.refuse(`type is ${quoted(cells[type])}, which is unknown`);
        const code = check.requiredText('asset', cells[asset]);
        const changed = {
          amount: check.requiredNumber('amount', cells[amount]),
          fee: check.number('fee', cells[fee]) ?? 0,
          atUs: check.requiredTime('time', cells[time], iso),
        };
        const place = cells[wallet]?.trim() ?? '';
        // Balances on hold or staked have codes of their own; some exports hide them.
        const after = parseNumber(cells[balance] ?? '');
        const name = place === '' ? code : `${code} (${place})`;
        balances.line(name, changed.amount - changed.fee, after, changed.atUs, line);
        if (isOther) return otherRow(word);
        if (cells[subtype]?.trim().toLowerCase() === 'dustsweeping') return otherRow('dust sweep');
        const leg: Leg = {
          ...changed,
          asset: krakenAsset(code.replace(/\.(?:HOLD|[BFM])$/i, '')),
          refid: check.requiredText('refid', cells[refid]),
        };
        return check.problem === null
          ? groups.hold(leg.refid, leg)
          : groups.refuse(leg.refid, check.quarantine(null, leg.atUs));
      };
    },
  },
};
