/**
 * Binance's account statement: one line per balance change, with no id and in no order within a second. Lines of one second belong
 * together, but not one by one: several fills of a second can only be read as one trade at their average price.
 */
import { compensatedSum } from '../../../../shared/base/sums';
import { SECOND_US } from '../../../../shared/base/time';
import { type Pair, pairOfSymbol } from '../../../../shared/market/symbols';
import type { Format, HeldRow, ParsedExecution, ReadContext, RowOutcome } from '../format';
import { heldRowsLimit } from '../held-rows';
import { parseNumber } from '../numbers';
import { utcZone } from '../times';
import { shortYearReader } from './columns';
import { absentColumn, columnIndex, hasColumns, missingColumns, normaliseHeader } from './header';
import { type AssetAmount, namedPair, refusedLegs, tradeOf } from './legs';
import { execution, otherRow, quoted, RowCheck } from './row';
import { zoneChoice } from './zones';

const needed = ['account', 'operation', 'coin', 'change'];

/**
 * What the lines of a trade are called. Since 2023 purchases and sales have words of their own and are told apart within a second;
 * before, the lines of all trades of a second are one heap.
 */
type Kind = 'trade' | 'purchase' | 'sale' | 'conversion' | 'fee';
const kindOfOperation: ReadonlyMap<string, Kind> = new Map<string, Kind>([
  ...['buy', 'sell', 'transaction related'].map((word): [string, Kind] => [word, 'trade']),
  ...['transaction buy', 'transaction spend'].map((word): [string, Kind] => [word, 'purchase']),
  ...['transaction sold', 'transaction revenue'].map((word): [string, Kind] => [word, 'sale']),
  ...['binance convert', 'large otc trading'].map((word): [string, Kind] => [word, 'conversion']),
  ...['fee', 'transaction fee'].map((word): [string, Kind] => [word, 'fee']),
]);
/** The account's life beside its trades. A liquidation trades and is not in it. */
const otherOperation =
  /deposit|withdraw|transfer|commission|referr|rebate|kickback|earn|savings|staking|launchpool|launchpad|airdrop|distribution|cash ?back|voucher|mining|realized? profit and loss|funding fee|insurance|loan|repay|interest|small assets exchange|dust|fiat|buy crypto|card|nft|c2c|p2p|auto-invest|liquid swap|token swap|swap farming|vault|reward|bonus|refund|recovery|crypto box|redemption|redenomination|subscription|rebranding|option|collateral|bnb deduct|payment|merchant|binance pay|gift|lucky|locked|learn|leveraged|eth 2\.0/;

interface Leg {
  readonly kind: Kind;
  readonly asset: string;
  /** Change of the balance; positive received. */
  readonly change: number;
}

/** Lines of trades of one account and second. */
interface Second {
  readonly key: string;
  readonly owner: string;
  readonly account: string | null;
  readonly atUs: number;
  readonly legs: Leg[];
  /** Set once the second was settled together with its neighbour. */
  outcomes: readonly RowOutcome[] | null;
  readonly group: HeldRow['group'];
}

/** A fill and the legs it was made of; the first of them stands for it. */
interface Settled {
  readonly fill: ParsedExecution;
  readonly legs: readonly Leg[];
}

const title = 'Binance account statement';
const describes =
  'The trade lines of one second are added up per coin: where one coin was paid for one other they are a fill at the average price of all fills of that second, else they go to quarantine. Conversions are fills too. Deposits, transfers, commissions, funding, earnings and dust are counted by operation. No ids, no maker or taker; where the trade history is at hand, import that instead.';

const reference = {
  rows: 'Rows are balance changes: the purchases, the sales and the conversions of a second are one fill each, at the average price.',
  fees: 'Lines of the operation Fee or Transaction Fee: negative is paid; in the coin of the line. A fee in BNB for several trades of a second is shared by what they are worth.',
  identity:
    'No trade id: time, symbol, side, price, quantity. A second whose lines are divided between two files makes two trades.',
  otherRows: [
    'deposit',
    'withdraw',
    'commission history',
    'funding fee',
    'realized profit and loss',
    'small assets exchange bnb',
  ],
};

/** Where a row keeps what is read. */
interface Columns {
  readonly user: number;
  readonly time: number;
  readonly account: number;
  readonly operation: number;
  readonly coin: number;
  readonly change: number;
}

export const binanceStatementCsv: Format = {
  id: 'binance-statement-csv',
  title,
  describes,
  kind: 'executions',
  exampleHeader: 'User_ID,UTC_Time,Account,Operation,Coin,Change,Remark',
  exampleRows: [
    '7,2021-03-04 05:06:06,Spot,Transaction Buy,ETH,1.5,',
    '7,2021-03-04 05:06:06,Spot,Transaction Spend,USDT,-3000,',
    '7,2021-03-04 05:06:06,Spot,Transaction Fee,BNB,-0.01,',
    '7,2021-03-04 06:00:00,Spot,Commission History,BNB,0.0001,',
  ],
  reference,
  impliedSource: 'live',
  recognise(sample) {
    if (sample.kind !== 'delimited' || !hasColumns(sample.header, needed)) return null;
    if (!sample.header.includes('utc_time') && !sample.header.includes('time')) return null;
    return { confidence: 0.99, reason: "header of Binance's account statement with Operation, Coin and Change" };
  },
  reader: {
    shape: 'delimited',
    open(rawHeader, context) {
      const header = normaliseHeader(rawHeader);
      const at = (...names: readonly string[]): number => columnIndex(header, ...names);
      return statementReader(context, header.includes('utc_time'), {
        user: at('user_id', 'user id'),
        time: at('utc_time', 'time'),
        ...{ account: at('account'), operation: at('operation'), coin: at('coin'), change: at('change') },
      });
    },
  },
};

/** Columns of lines without a header, by how many cells they have; null = no such statement. */
function columnsOfWidth(width: number): Columns | null {
  if (width !== 6 && width !== 7) return null;
  const first = width - 6;
  return {
    user: first === 1 ? 0 : absentColumn,
    ...{ time: first, account: first + 1, operation: first + 2, coin: first + 3, change: first + 4 },
  };
}

/** Whether the cells are a line of a statement, told by their shapes and an operation that is known. */
function isStatementLine(cells: readonly string[], { time, account, operation, coin, change }: Columns): boolean {
  const text = (column: number): string => cells[column]?.trim() ?? '';
  const word = text(operation).toLowerCase();
  return (
    /^(?:\d\d|\d{4})-\d\d-\d\d \d/.test(text(time)) &&
    /^[A-Za-z]/.test(text(account)) &&
    (kindOfOperation.has(word) || otherOperation.test(word)) &&
    /^[A-Z0-9]{1,20}$/.test(text(coin)) &&
    Number.isFinite(parseNumber(text(change)) ?? Number.NaN)
  );
}

export const binanceStatementHeaderlessCsv: Format = {
  id: 'binance-statement-headerless-csv',
  title: 'Binance account statement without its header',
  describes: `As the statement with its header, told by the shapes of its cells. ${describes} The zone of the times is not stated.`,
  kind: 'executions',
  exampleHeader: null,
  exampleRows: [
    '2021-03-04 05:06:06,Spot,Transaction Buy,ETH,1.5,""',
    '2021-03-04 05:06:06,Spot,Transaction Spend,USDT,-3000,""',
    '2021-03-04 05:06:06,Spot,Transaction Fee,BNB,-0.01,""',
    '2021-03-04 06:00:00,Earn,Simple Earn Flexible Interest,BNB,0.0001,""',
  ],
  reference,
  impliedSource: 'live',
  recognise(sample) {
    if (sample.kind !== 'delimited' || sample.headerLine !== 0) return null;
    const columns = columnsOfWidth(sample.header.length);
    const own = columns === null ? [] : sample.rows.filter((cells) => isStatementLine(cells, columns));
    // A bad line or an operation that is new must not hide what the others are.
    if (own.length === 0 || own.length < 0.8 * sample.rows.length) return null;
    return {
      confidence: 0.9,
      reason: "cells shaped like Binance's account statement: time, account, operation, coin, change",
    };
  },
  reader: {
    shape: 'delimited',
    headerless: true,
    open(header, context) {
      const columns = columnsOfWidth(header.length);
      if (columns === null) throw missingColumns('binance-statement-headerless-csv', ['Change'], header);
      return statementReader(context, false, columns);
    },
  },
};

/** @param isUtc whether the file says so; since 2023 times are in the zone of the user's account */
function statementReader(
  context: ReadContext,
  isUtc: boolean,
  columns: Columns,
): (row: { readonly cells: readonly string[] }) => RowOutcome | HeldRow {
  const time = shortYearReader(zoneChoice(context, isUtc ? utcZone : null));
  const check = new RowCheck();
  const seconds = new Seconds(context);
  return ({ cells }) => {
    check.reset();
    const operation = check.requiredText('Operation', cells[columns.operation]);
    const word = operation.toLowerCase();
    const kind = kindOfOperation.get(word);
    if (kind === undefined && otherOperation.test(word)) return otherRow(word);
    if (kind === undefined) check.refuse(`Operation is ${quoted(operation)}, which is unknown`);
    const atUs = check.requiredTime('Time', cells[columns.time], time);
    const place = check.text('Account', cells[columns.account]) ?? '';
    const user = check.text('User ID', cells[columns.user]);
    const leg: Leg = {
      kind: kind ?? 'trade',
      asset: check.requiredText('Coin', cells[columns.coin]).toUpperCase(),
      change: check.requiredNumber('Change', cells[columns.change]),
    };
    if (leg.change === 0) check.refuse('Change is 0');
    return check.problem === null ? seconds.hold(user, place, atUs, leg) : check.quarantine(null, atUs);
  };
}

class Seconds {
  private readonly open = new Map<string, Second>();
  /** Seconds that were no trade, so that a neighbour sees what else might have belonged to it. */
  private readonly refused = new Map<string, Second>();
  private readonly named: Pair | null;
  private fills = 0;

  constructor(context: ReadContext) {
    this.named = namedPair(context);
    context.atEnd(() => {
      if (this.fills === 0) return;
      context.warn(
        `Binance's account statement does not say which lines make one fill: ${this.fills} ${this.fills === 1 ? 'trade is the sum' : 'trades are the sums'} of all that was traded in a second, at the average price. Import the trade history instead where it is at hand, never both.`,
      );
    });
  }

  hold(account: string | null, place: string, atUs: number, leg: Leg): HeldRow {
    const owner = JSON.stringify([account, place]);
    const key = keyOf(owner, atUs);
    let second = this.open.get(key);
    if (second === undefined) {
      const made: Second = {
        ...{ key, owner, account, atUs, legs: [], outcomes: null },
        group: { settle: () => this.settle(made) },
      };
      second = made;
      this.open.set(key, second);
    }
    second.legs.push(leg);
    return { kind: 'held', group: second.group };
  }

  private settle(second: Second): readonly RowOutcome[] {
    if (second.outcomes !== null) return second.outcomes;
    const own = this.tradesOf(second.legs, second);
    const partner = typeof own === 'string' ? this.partnerOf(second) : null;
    this.open.delete(second.key);
    if (partner !== null) {
      this.open.delete(partner.key);
      const legs = [...second.legs, ...partner.legs];
      const outcomes = this.outcomesOf(legs, this.tradesOf(legs, second), second);
      partner.outcomes = outcomes.slice(second.legs.length);
      return outcomes.slice(0, second.legs.length);
    }
    if (typeof own === 'string') this.remember(second);
    return this.outcomesOf(second.legs, own, second);
  }

  private remember(second: Second): void {
    this.refused.set(second.key, second);
    if (this.refused.size <= heldRowsLimit) return;
    for (const oldest of this.refused.keys()) {
      this.refused.delete(oldest);
      break;
    }
  }

  /** A neighbour that, like this second, is no trade alone, and with it is one; only where no other neighbour would do for either. */
  private partnerOf(second: Second): Second | null {
    const candidates = this.candidatesOf(second);
    const [only] = candidates;
    if (only === undefined || candidates.length > 1 || this.refused.get(only.key) === only) return null;
    return this.candidatesOf(only).length === 1 ? only : null;
  }

  private candidatesOf(second: Second): readonly Second[] {
    return [second.atUs - SECOND_US, second.atUs + SECOND_US].flatMap((atUs) => {
      const key = keyOf(second.owner, atUs);
      const other = this.open.get(key) ?? this.refused.get(key);
      if (other === undefined || typeof this.tradesOf(other.legs, other) !== 'string') return [];
      return typeof this.tradesOf([...second.legs, ...other.legs], second) === 'string' ? [] : [other];
    });
  }

  private outcomesOf(
    legs: readonly Leg[],
    settled: readonly Settled[] | string,
    { atUs }: Second,
  ): readonly RowOutcome[] {
    if (typeof settled === 'string') {
      const check = new RowCheck();
      check.refuse(`the lines of this second are no trade: ${settled}`);
      return refusedLegs(legs.length, check.quarantine(null, atUs));
    }
    this.fills += settled.length;
    const standsFor = new Map(settled.map(({ fill, legs: [first] }) => [first, fill]));
    return legs.map((leg) => {
      const fill = standsFor.get(leg);
      return fill === undefined ? otherRow('further leg of a fill') : { kind: 'executions', executions: [fill] };
    });
  }

  /** The trades the legs make, one for each kind; a text = why they make none. */
  private tradesOf(legs: readonly Leg[], { account, atUs }: Second): readonly Settled[] | string {
    const settled: Settled[] = [];
    for (const kind of ['trade', 'purchase', 'sale', 'conversion'] as const) {
      const own = legs.filter((leg) => leg.kind === kind);
      if (own.length === 0) continue;
      const trade = this.tradeOfKind(own);
      if (typeof trade === 'string') return trade;
      settled.push({ fill: execution({ venue: 'binance', account, ...trade, executedAtUs: atUs }), legs: own });
    }
    if (settled.length === 0) return 'there is a fee, but nothing that was traded';
    const fees = amountsByAsset(legs.filter(({ kind }) => kind === 'fee')).map(({ asset, amount }) => ({
      asset,
      amount: 0 - amount,
    }));
    return withFees(settled, fees);
  }

  private tradeOfKind(legs: readonly Leg[]): ReturnType<typeof tradeOf> {
    const assets = new Set(legs.map(({ asset }) => asset));
    for (const asset of assets) {
      const signs = new Set(legs.filter((leg) => leg.asset === asset).map(({ change }) => change > 0));
      if (signs.size > 1) return `${asset} was both received and paid, so that its fills cannot be told apart`;
    }
    const received = amountsByAsset(legs.filter(({ change }) => change > 0));
    const paid = amountsByAsset(legs.filter(({ change }) => change < 0));
    const [gain, cost] = [received[0], paid[0]];
    if (gain === undefined || cost === undefined || received.length > 1 || paid.length > 1) {
      return `${listOf(received)} was received and ${listOf(paid)} paid`;
    }
    return tradeOf(gain, { asset: cost.asset, amount: 0 - cost.amount }, this.named);
  }
}

function keyOf(owner: string, atUs: number): string {
  return `${atUs} ${owner}`;
}

function listOf(amounts: readonly AssetAmount[]): string {
  return amounts.length === 0 ? 'nothing' : amounts.map(({ asset }) => asset).join(' and ');
}

function amountsByAsset(legs: readonly Leg[]): readonly AssetAmount[] {
  const changes = new Map<string, number[]>();
  for (const { asset, change } of legs) {
    const known = changes.get(asset);
    if (known) known.push(change);
    else changes.set(asset, [change]);
  }
  return [...changes].map(([asset, amounts]) => ({ asset, amount: compensatedSum(amounts) }));
}

/**
 * Gives the fees of a second to its trades: one in the coin that only one of them received to that trade, and one in BNB or another coin
 * to all in the share of what they are worth, as the venue charges. A text = they cannot be given to them.
 */
function withFees(settled: readonly Settled[], fees: readonly AssetAmount[]): readonly Settled[] | string {
  if (fees.length === 0) return settled;
  const [only] = settled;
  if (settled.length === 1 && only !== undefined) {
    const fee = feeOf(only.fill, fees);
    return typeof fee === 'string' ? fee : [withFee(only, fee)];
  }
  const owned = settled.map((one) => fees.filter(({ asset }) => asset !== 'BNB' && asset === receivedBy(one.fill)));
  if (owned.every((own) => own.length <= 1) && owned.flat().length === fees.length) {
    return settled.map((one, index) => {
      const [fee] = owned[index]!;
      return fee === undefined ? one : withFee(one, { fee: fee.amount, feeCurrency: fee.asset });
    });
  }
  const quotes = new Set(settled.map(({ fill }) => pairOfSymbol(fill.symbol)?.quote));
  const [fee] = fees;
  if (quotes.size > 1 || fee === undefined || fees.length > 1) {
    return `${settled.length} trades have fees in ${listOf(fees)}, which cannot be given to each`;
  }
  const worths = settled.map(({ fill }) => fill.price * fill.quantity);
  const total = compensatedSum(worths);
  return settled.map((one, index) =>
    withFee(one, { fee: (fee.amount * worths[index]!) / total, feeCurrency: fee.asset }),
  );
}

function withFee(settled: Settled, fee: Pick<ParsedExecution, 'fee' | 'feeCurrency'>): Settled {
  return { ...settled, fill: { ...settled.fill, ...fee } };
}

function receivedBy({ symbol, side }: ParsedExecution): string | undefined {
  return pairOfSymbol(symbol)?.[side === 'buy' ? 'base' : 'quote'];
}

/** One fee in one coin: as it is, or two in the coins of the pair stated in the quote. */
function feeOf(
  { symbol, price }: ParsedExecution,
  fees: readonly AssetAmount[],
): Pick<ParsedExecution, 'fee' | 'feeCurrency'> | string {
  const [first] = fees;
  if (first !== undefined && fees.length === 1) return { fee: first.amount, feeCurrency: first.asset };
  const pair = pairOfSymbol(symbol);
  if (pair === null || fees.some(({ asset }) => asset !== pair.base && asset !== pair.quote)) {
    return `it is charged in ${listOf(fees)}`;
  }
  const inQuote = fees.map(({ asset, amount }) => (asset === pair.base ? amount * price : amount));
  return { fee: compensatedSum(inQuote), feeCurrency: pair.quote };
}
