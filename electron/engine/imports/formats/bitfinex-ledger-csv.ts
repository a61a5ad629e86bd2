/**
 * Bitfinex's ledger: one line per balance change, what it was told in a sentence. The two lines of an exchange have one sentence and
 * make a fill; the line of its fee names the same amount, rounded. Margin trades change no balance but by their settlement.
 */
import { pairSymbol } from '../../../../shared/market/symbols';
import type { Format, RowOutcome } from '../format';
import { parseNumber } from '../numbers';
import { utcZone } from '../times';
import { RunningBalances } from './balances';
import { bitfinexAsset } from './bitfinex-trades-csv';
import { eitherReader } from './columns';
import { columnIndex, hasColumns, normaliseHeader } from './header';
import { LegGroups, refusedLegs } from './legs';
import { execution, otherRow, quoted, RowCheck } from './row';
import { zoneChoice } from './zones';

const needed = ['description', 'currency', 'amount', 'balance', 'date'];

/** `Exchange 0.5 ETH for USD @ 2000.0 on wallet exchange`, in 2014 `… on Exchange wallet`. */
const exchangePattern = /^exchange\s+(\d*\.?\d+(?:e-?\d+)?)\s+(\S+)\s+for\s+(\S+)\s+@\s+(\d*\.?\d+(?:e-?\d+)?)\b/i;
/** `Trading fees for 0.5 ETH (ETHUSD) @ 2000.0 on BFX (0.2%) on wallet exchange`, in 2014 `Trading fee 0.5 BTC @ 315.01 (0.18% fee) on …`. */
const feePattern =
  /^trading fees?(?: for)?\s+(\d*\.?\d+(?:e-?\d+)?)\s+(\S+)\s+(?:\(\S+\)\s+)?@\s+(\d*\.?\d+(?:e-?\d+)?)\b/i;
/** How every sentence ends that tells which wallet it is about. */
const walletPattern = /\bon (?:wallet (\w+)|(\w+) wallet)\s*$/i;
/** What a line is that is no trade, by how its sentence begins or what it holds. */
const otherKinds: readonly (readonly [RegExp, string])[] = [
  [/\bsettlement\b/i, 'settlement of a margin trade'],
  [/^position\b|^claiming fee\b|funding cost|\bswap\b/i, 'margin position'],
  [/^margin funding|^interest\b|funding payment|lending/i, 'margin funding'],
  [/^earned fees|affiliate|rebate|commission|^unused fees/i, 'rebate'],
  [/withdrawal|withdraw|wire/i, 'withdrawal'],
  [/deposit/i, 'deposit'],
  [/^transfer|canceled|cancelled/i, 'transfer'],
  [/airdrop|fork|distribution|token|adjustment|staking|reward|bonus|conversion|settle|^used/i, 'adjustment'],
];

interface Leg {
  readonly isFee: boolean;
  readonly asset: string;
  readonly change: number;
  readonly price: number;
  readonly base: string;
  /** Null on the line of a fee. */
  readonly quote: string | null;
  readonly text: string;
  readonly atUs: number;
}

export const bitfinexLedgerCsv: Format = {
  id: 'bitfinex-ledger-csv',
  title: 'Bitfinex ledger',
  describes:
    'The two lines of an exchange with one time and sentence are a fill, its fee the line that names the same amount. Settlements, positions, funding, fees of margin trades, deposits and withdrawals are counted by kind; each balance is compared with the lines before it. No ids, no maker or taker; where the trades export is at hand, import that instead.',
  kind: 'executions',
  exampleHeader: '#,DESCRIPTION,CURRENCY,AMOUNT,BALANCE,DATE,WALLET',
  exampleRows: [
    '3,Trading fees for 0.5 ETH (ETHUSD) @ 2000.0 on BFX (0.2%) on wallet exchange,ETH,-0.001,4.499,05-03-21 04:05:06,exchange',
    '2,Exchange 0.5 ETH for USD @ 2000.0 on wallet exchange,ETH,0.5,4.5,05-03-21 04:05:06,exchange',
    '1,Exchange 0.5 ETH for USD @ 2000.0 on wallet exchange,USD,-1000,5000,05-03-21 04:05:06,exchange',
    '0,Margin Funding Payment on wallet funding,USD,0.5,70,05-03-21 01:00:00,funding',
  ],
  reference: {
    fees: 'Lines that begin with Trading fee: negative is paid, positive a rebate; in the currency of the line.',
    otherRows: otherKinds.map(([, name]) => name),
  },
  impliedSource: 'live',
  recognise(sample) {
    if (sample.kind !== 'delimited' || !hasColumns(sample.header, needed)) return null;
    // A bank statement has these columns too; before there were numbers the sentences tell.
    const description = columnIndex(sample.header, 'description');
    const isOwn =
      sample.header.includes('#') ||
      sample.header[0] === 'currency' ||
      sample.rows.some((cells) => walletPattern.test(cells[description] ?? ''));
    if (!isOwn) return null;
    return { confidence: 0.95, reason: "header of Bitfinex's ledger with Description and Balance" };
  },
  reader: {
    shape: 'delimited',
    open(rawHeader, context) {
      const header = normaliseHeader(rawHeader);
      const at = (name: string): number => columnIndex(header, name);
      const [description, currency, amount] = [at('description'), at('currency'), at('amount')];
      const [balance, date, wallet] = [at('balance'), at('date'), at('wallet')];
      const time = eitherReader(/^\d\d-/, 'DD-MM-YY H:mm:ss[.S]', zoneChoice(context, utcZone));
      const check = new RowCheck();
      const balances = new RunningBalances(context);

      const settle = (legs: readonly Leg[]): readonly RowOutcome[] => {
        const { base, atUs } = legs[0]!;
        const trades = legs.filter(({ isFee }) => !isFee);
        const [first] = trades;
        if (first === undefined || first.quote === null) return legs.map(() => otherRow('fee of a margin trade'));
        const symbol = pairSymbol({ base, quote: first.quote });
        const refuse = (problem: string): readonly RowOutcome[] => {
          check.reset();
          check.refuse(`${quoted(first.text)}: ${problem}`);
          return refusedLegs(legs.length, check.quarantine(symbol, atUs));
        };
        const fees = legs.filter(({ isFee }) => isFee).sort(byPriceAndSize);
        const bases = trades.filter(({ asset }) => asset === base).sort(byPriceAndSize);
        const quotes = trades.filter(({ asset }) => asset === first.quote).sort(byPriceAndSize);
        if (bases.length === 0 || bases.length !== quotes.length || bases.length + quotes.length !== trades.length) {
          return refuse('its lines do not pay one asset for the other');
        }
        if (fees.length > 0 && fees.length !== bases.length) {
          return refuse(`${bases.length} fills of one amount have ${fees.length} fees`);
        }
        const fills = new Map<Leg, RowOutcome>();
        for (const [index, leg] of bases.entries()) {
          const [other, fee] = [quotes[index]!, fees[index]];
          const quantity = Math.abs(leg.change);
          if (leg.change === 0 || leg.change > 0 === other.change > 0) return refuse('nothing was exchanged');
          if (Math.abs(Math.abs(other.change) - leg.price * quantity) > 0.01 * leg.price * quantity) {
            return refuse(`${other.change} ${other.asset} is not what ${quantity} ${base} cost at ${leg.price}`);
          }
          if (fee !== undefined && Math.abs(fee.price - leg.price) > 0.005 * leg.price) {
            return refuse(`its fee is told for the price ${fee.price}`);
          }
          const fill = execution({
            venue: 'bitfinex',
            symbol,
            side: leg.change > 0 ? 'buy' : 'sell',
            price: leg.price,
            quantity,
            fee: fee === undefined ? null : 0 - fee.change,
            feeCurrency: fee?.asset ?? null,
            executedAtUs: leg.atUs,
          });
          fills.set(leg, { kind: 'executions', executions: [fill] });
        }
        return legs.map((leg) => fills.get(leg) ?? otherRow('further leg of a fill'));
      };

      const groups = new LegGroups(settle);
      return ({ cells, line }) => {
        check.reset();
        const text = check.requiredText('Description', cells[description]);
        const asset = bitfinexAsset(check.requiredText('Currency', cells[currency]));
        const change = check.requiredNumber('Amount', cells[amount]);
        const after = parseNumber(cells[balance] ?? '');
        const atUs = check.requiredTime('Date', cells[date], time);
        const place = cells[wallet]?.trim() || walletPattern.exec(text)?.slice(1).join('') || '';
        balances.line(place === '' ? asset : `${asset} (${place.toLowerCase()})`, change, after, atUs, line);
        if (check.problem !== null) return check.quarantine(null, atUs);
        const exchange = exchangePattern.exec(text);
        const fee = exchange === null ? feePattern.exec(text) : null;
        const [, size = '', name = '', second = '', last = ''] = exchange ?? fee ?? [];
        if (exchange === null && fee === null) {
          const kind = otherKinds.find(([pattern]) => pattern.test(text));
          if (kind) return otherRow(kind[1]);
          check.refuse(`Description is ${quoted(text)}, which is unknown`);
          return check.quarantine(null, atUs);
        }
        const price = exchange === null ? second : last;
        const unreadable = [size, price].find((told) => !Number.isFinite(Number(told)));
        if (unreadable !== undefined) {
          check.refuse(`Description tells ${quoted(unreadable)}, which is no amount or price`);
          return check.quarantine(null, atUs);
        }
        const leg: Leg = {
          isFee: exchange === null,
          asset,
          change,
          base: bitfinexAsset(name),
          quote: exchange === null ? null : bitfinexAsset(second),
          price: Number(price),
          text,
          atUs,
        };
        // The sentence of a fee rounds amount and price.
        return groups.hold(JSON.stringify([atUs, leg.base, Number(size).toFixed(4)]), leg);
      };
    },
  },
};

/** So that the order of the lines does not decide what belongs together. */
function byPriceAndSize(left: Leg, right: Leg): number {
  return left.price - right.price || Math.abs(left.change) - Math.abs(right.change);
}
