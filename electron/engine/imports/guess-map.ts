import { type CsvMapDraft, emptyDraft, type MapField, type StatusMeaning } from '../../../shared/contract/csv-map';
import type { Liquidity, Side } from '../../../shared/market/executions';
import { liquidityOfWord, sideOfWord } from './formats/row';
import type { DecimalMark } from './numbers';
import { parseNumber } from './numbers';
import { dateOrderOf, inferTimeReader, utcZone } from './times';

/**
 * What the columns of an unknown delimited file may mean, by their names and by the shape of their values. It is a proposal with its
 * reasons, shown before anything is read by it; where names and values disagree nothing is proposed.
 */

/** What the values of a column look like. */
export type ColumnLook = 'time' | 'number' | 'words' | 'text' | 'empty';

export interface SeenWord {
  readonly text: string;
  readonly count: number;
  /** What every reader takes the word for; null = it must be said. */
  readonly side: Side | null;
  readonly direction: 'long' | 'short' | null;
  readonly liquidity: Liquidity | null;
  readonly status: StatusMeaning | null;
}

export interface SeenColumn {
  /** How a map names it: its header, or `#3` where the header has none or has it twice. */
  readonly name: string;
  readonly title: string;
  readonly look: ColumnLook;
  /** The first values that are not empty. */
  readonly values: readonly string[];
  /** Rows of the sample in which it is filled. */
  readonly filled: number;
  /** The different words of a column that has few; empty otherwise. */
  readonly words: readonly SeenWord[];
  /** How its dates are put; `ambiguous` = day and month cannot be told apart. null = they need no telling. */
  readonly dateOrder: 'dayFirst' | 'monthFirst' | 'ambiguous' | 'mixed' | null;
  /** Its times do not say their zone. */
  readonly naive: boolean;
}

export interface GuessedMap {
  readonly draft: CsvMapDraft;
  readonly reasons: readonly { readonly field: MapField; readonly column: string; readonly reason: string }[];
}

const shownValues = 4;
const mostWords = 12;

export function seenColumns(
  header: readonly string[],
  rows: readonly (readonly string[])[],
  decimalMark: DecimalMark,
): readonly SeenColumn[] {
  return header.map((cell, index) => {
    const written = cell.replace('\ufeff', '').trim();
    const twice = header.some((other, at) => at !== index && other.trim().toLowerCase() === written.toLowerCase());
    const values = rows.map((row) => row[index]?.trim() ?? '').filter((value) => value !== '');
    const look = lookOf(values, decimalMark);
    const naive = look === 'time' && values.some((value) => /\d[-/.]\d/.test(value) && !statesZone(value));
    return {
      name: written === '' || twice ? `#${index + 1}` : written,
      title: written,
      look,
      values: values.slice(0, shownValues),
      filled: values.length,
      words: look === 'words' ? wordsOf(values) : [],
      dateOrder: look === 'time' ? dateOrderOf(values) : null,
      naive,
    };
  });
}

function lookOf(values: readonly string[], decimalMark: DecimalMark): ColumnLook {
  if (values.length === 0) return 'empty';
  const inferred = inferTimeReader(values, { zone: utcZone });
  if (inferred.kind === 'ambiguous' || inferred.kind === 'mixed') return 'time';
  if (inferred.kind === 'reader' && values.every((value) => isSaneTime(inferred.reader.read(value)))) return 'time';
  if (values.every((value) => Number.isFinite(parseNumber(value, decimalMark) ?? Number.NaN))) return 'number';
  const different = new Set(values.map((value) => value.toLowerCase()));
  const repeats = different.size <= mostWords && (different.size <= values.length / 2 || different.size <= 4);
  return repeats && values.every((value) => value.length <= 30 && !/\d{3}/.test(value)) ? 'words' : 'text';
}

/** Prices and ids are epochs too, of times when nobody traded by machine. */
function isSaneTime(atUs: number): boolean {
  return atUs > earliestUs && atUs < latestUs;
}

const earliestUs = Date.UTC(1990, 0, 1) * 1_000;
const latestUs = Date.UTC(2100, 0, 1) * 1_000;

function statesZone(value: string): boolean {
  return /(?:z|utc|gmt|[+-]\d{2}:?\d{2})\s*$/i.test(value);
}

function wordsOf(values: readonly string[]): readonly SeenWord[] {
  const counts = new Map<string, number>();
  for (const value of values) counts.set(value, (counts.get(value) ?? 0) + 1);
  return [...counts]
    .sort((left, right) => right[1] - left[1])
    .slice(0, mostWords)
    .map(([text, count]) => ({
      text,
      count,
      side: sideOfWord(text) ?? null,
      direction: directionWords.get(text.toLowerCase()) ?? null,
      liquidity: liquidityOfWord(text) ?? null,
      status: statusWords.get(text.toLowerCase().replaceAll(/[^a-z]+/g, ' ')) ?? null,
    }));
}

const directionWords: ReadonlyMap<string, 'long' | 'short'> = new Map([
  ['long', 'long'],
  ['buy', 'long'],
  ['short', 'short'],
  ['sell', 'short'],
]);

const wordsOfStatus: Readonly<Record<StatusMeaning, readonly string[]>> = {
  filled: [
    'filled',
    'fill',
    'closed',
    'done',
    'executed',
    'complete',
    'completed',
    'traded',
    'partially filled',
    'partial',
    'partial fill',
    'ok',
    'success',
  ],
  submitted: ['new', 'open', 'submitted', 'accepted', 'pending', 'placed', 'live', 'active', 'pending new'],
  rejected: ['rejected', 'reject', 'refused', 'failed', 'error', 'invalid'],
  cancelled: ['cancelled', 'canceled', 'cancel', 'withdrawn', 'pending cancel'],
  expired: ['expired', 'expire'],
};

const statusWords: ReadonlyMap<string, StatusMeaning> = new Map(
  Object.entries(wordsOfStatus).flatMap(([meaning, words]) =>
    // Object.entries widens the keys; they are the record's own.
    words.map((word): [string, StatusMeaning] => [word, meaning as StatusMeaning]),
  ),
);

type Fits = (column: SeenColumn) => boolean;
const isTime: Fits = ({ look }) => look === 'time';
const isNumber: Fits = ({ look }) => look === 'number';
/** A column of few rows without a value must not lose its meaning for it. */
const isNumberOrEmpty: Fits = ({ look }) => look === 'number' || look === 'empty';
const isWord: Fits = ({ look }) => look === 'words' || look === 'text';
const isId: Fits = ({ look }) => look !== 'time' && look !== 'empty';
const hasSides: Fits = ({ words }) => words.length > 0 && words.every(({ side }) => side !== null);
const hasWords: Fits = ({ look }) => look === 'words';

/** Names a column of that meaning goes by, the plainest first, and what its values must look like. */
interface Meaning {
  readonly field: MapField;
  readonly names: readonly string[];
  readonly fits: Fits;
}

const both: readonly Meaning[] = [
  {
    field: 'symbol',
    names: [
      'symbol',
      'pair',
      'trading pair',
      'instrument',
      'ticker',
      'market',
      'coin',
      'product',
      'product id',
      'currency pair',
      'inst id',
      'contract',
      'asset',
      'security',
    ],
    fits: isWord,
  },
  {
    field: 'feeCurrency',
    names: ['fee currency', 'fee coin', 'fee asset', 'fee ccy', 'fee unit', 'commission asset', 'commission currency'],
    fits: isWord,
  },
  { field: 'venue', names: ['exchange', 'venue', 'broker', 'exchange name'], fits: isWord },
  { field: 'account', names: ['account', 'account id', 'sub account', 'subaccount', 'wallet'], fits: isId },
  {
    field: 'strategy',
    names: ['strategy', 'strategy name', 'strategy id', 'bot', 'bot name', 'algo', 'algorithm', 'model'],
    fits: isWord,
  },
  { field: 'version', names: ['version', 'strategy version'], fits: isId },
  {
    field: 'quantity',
    names: [
      'quantity',
      'qty',
      'filled qty',
      'filled quantity',
      'fill qty',
      'fill quantity',
      'exec qty',
      'executed qty',
      'executed quantity',
      'filled size',
      'fill size',
      'last qty',
      'size',
      'amount',
      'filled amount',
      'volume',
      'vol',
      'filled',
      'shares',
      'contracts',
      'units',
      'lots',
      'base amount',
      'position size',
      'trade size',
      'order size',
      'order qty',
    ],
    fits: isNumber,
  },
];

const ofFills: readonly Meaning[] = [
  {
    field: 'time',
    names: [
      'time',
      'timestamp',
      'date time',
      'datetime',
      'executed at',
      'execution time',
      'exec time',
      'filled at',
      'fill time',
      'filled time',
      'trade time',
      'traded at',
      'transact time',
      'time utc',
      'date utc',
      'utc time',
      'timestamp ms',
      'timestamp utc',
      'ts',
      'when',
      'date',
      'created at',
      'time ms',
      'epoch',
      'unix',
      'unix time',
      'closed at',
      'close time',
    ],
    fits: isTime,
  },
  {
    field: 'side',
    names: [
      'side',
      'buy sell',
      'b s',
      'bs',
      'action',
      'order side',
      'trade side',
      'direction',
      'trade type',
      'transaction type',
      'type',
      'what',
    ],
    fits: hasWords,
  },
  {
    field: 'price',
    names: [
      'price',
      'fill price',
      'filled price',
      'exec price',
      'execution price',
      'executed price',
      'trade price',
      'avg price',
      'average price',
      'average',
      'avg fill price',
      'last px',
      'px',
      'rate',
      'unit price',
      'at',
      'deal price',
    ],
    fits: isNumber,
  },
  ...both,
  {
    field: 'fee',
    names: [
      'fee',
      'fees',
      'commission',
      'commissions',
      'trading fee',
      'fee paid',
      'fee amount',
      'fee cost',
      'exec fee',
      'transaction fee',
    ],
    fits: isNumberOrEmpty,
  },
  {
    field: 'liquidity',
    names: [
      'liquidity',
      'role',
      'maker taker',
      'taker maker',
      'taker or maker',
      'exec type',
      'execution type',
      'is maker',
      'liq',
    ],
    fits: ({ words }) => words.length > 0 && words.every(({ liquidity }) => liquidity !== null),
  },
  {
    field: 'tradeId',
    names: [
      'trade id',
      'tradeid',
      'fill id',
      'fillid',
      'exec id',
      'execution id',
      'transaction id',
      'trade no',
      'trade number',
      'deal id',
      'id',
    ],
    fits: isId,
  },
  {
    field: 'orderId',
    names: [
      'order id',
      'orderid',
      'order no',
      'order number',
      'order',
      'exchange order id',
      'venue order id',
      'order ref',
      'oid',
    ],
    fits: isId,
  },
  {
    field: 'clientOrderId',
    names: [
      'client order id',
      'clientorderid',
      'client oid',
      'cl ord id',
      'clordid',
      'client id',
      'custom id',
      'tag',
      'signal id',
    ],
    fits: isId,
  },
  {
    field: 'decidedAt',
    names: ['decided at', 'decision time', 'signal time', 'signal at', 'signal timestamp'],
    fits: isTime,
  },
  {
    field: 'submittedAt',
    names: [
      'submitted at',
      'submit time',
      'order time',
      'sent at',
      'sent time',
      'placed at',
      'order placed',
      'order date',
      'created time',
      'open time',
      'submission time',
    ],
    fits: isTime,
  },
  {
    field: 'arrivalPrice',
    names: [
      'arrival price',
      'decision price',
      'mid price',
      'mid',
      'expected price',
      'requested price',
      'signal price',
      'reference price',
    ],
    fits: isNumberOrEmpty,
  },
  {
    field: 'intendedQuantity',
    names: [
      'intended quantity',
      'intended qty',
      'ordered quantity',
      'ordered qty',
      'requested qty',
      'requested quantity',
      'orig qty',
      'original quantity',
      'order quantity',
    ],
    fits: isNumberOrEmpty,
  },
  { field: 'status', names: ['status', 'state', 'order status', 'order state'], fits: hasWords },
];

const ofRoundTrips: readonly Meaning[] = [
  {
    field: 'entryTime',
    names: [
      'entry time',
      'entry date',
      'entry timestamp',
      'entry at',
      'entered at',
      'open time',
      'open date',
      'opened at',
      'open timestamp',
      'entry datetime',
      'time in',
      'in',
      'buy time',
      'entry',
      'start time',
      'date opened',
    ],
    fits: isTime,
  },
  {
    field: 'exitTime',
    names: [
      'exit time',
      'exit date',
      'exit timestamp',
      'exit at',
      'exited at',
      'close time',
      'close date',
      'closed at',
      'close timestamp',
      'exit datetime',
      'time out',
      'out',
      'sell time',
      'exit',
      'end time',
      'date closed',
    ],
    fits: isTime,
  },
  {
    field: 'entryPrice',
    names: [
      'entry price',
      'open price',
      'open rate',
      'price in',
      'entry px',
      'avg entry price',
      'buy price',
      'entry rate',
      'pin',
      'entry',
      'avg entry',
    ],
    fits: isNumber,
  },
  {
    field: 'exitPrice',
    names: [
      'exit price',
      'close price',
      'close rate',
      'price out',
      'exit px',
      'avg exit price',
      'sell price',
      'exit rate',
      'pout',
      'exit',
      'avg exit',
    ],
    fits: isNumberOrEmpty,
  },
  {
    field: 'direction',
    names: ['direction', 'side', 'position', 'position side', 'type', 'long short', 'dir', 'trade type'],
    fits: hasWords,
  },
  ...both,
  {
    field: 'profit',
    names: [
      'gross pnl',
      'gross profit',
      'pnl',
      'p l',
      'profit',
      'profit abs',
      'realized pnl',
      'realised pnl',
      'profit loss',
      'net pnl',
      'net profit',
    ],
    fits: isNumberOrEmpty,
  },
  {
    field: 'entryFee',
    names: ['entry fee', 'open fee', 'fee open', 'entry commission', 'buy fee'],
    fits: isNumberOrEmpty,
  },
  {
    field: 'exitFee',
    names: ['exit fee', 'close fee', 'fee close', 'exit commission', 'sell fee'],
    fits: isNumberOrEmpty,
  },
  {
    field: 'tradeId',
    names: ['trade id', 'tradeid', 'trade no', 'trade number', 'trade', 'position id', 'id'],
    fits: isId,
  },
];

/** Names that only a round trip has, both of each pair. */
const roundTripPairs = [
  ['entryTime', 'exitTime'],
  ['entryPrice', 'exitPrice'],
] as const;

/** `Executed_At (UTC)`, `executedAt` and `EXECUTED AT` are one name. */
function plainName(title: string): string {
  return title
    .toLowerCase()
    .replace(/\([^)]*\)/g, ' ')
    .replace(/[^\p{L}\p{N}]+/gu, '');
}

export function guessMap(columns: readonly SeenColumn[]): GuessedMap {
  const trips = byName(columns, ofRoundTrips);
  const isRoundTrips = roundTripPairs.every((pair) => pair.every((field) => trips.has(field)));
  const found = isRoundTrips ? trips : byName(columns, ofFills);
  const reasons = [...found].map(([field, { column, reason }]) => ({ field, column: column.name, reason }));
  const taken = new Set([...found.values()].map(({ column }) => column));
  const byShape = (field: MapField, fits: Fits, reason: string) => {
    const left = columns.filter((column) => !taken.has(column) && fits(column));
    const [only] = left;
    if (found.has(field) || left.length !== 1 || only === undefined) return;
    taken.add(only);
    found.set(field, { column: only, reason });
    reasons.push({ field, column: only.name, reason });
  };
  if (isRoundTrips)
    byShape(
      'direction',
      ({ words }) => words.length > 0 && words.every((word) => word.direction !== null),
      'its values are long and short',
    );
  else {
    byShape('time', isTime, 'the only column of times');
    byShape('side', hasSides, 'its values are buy and sell');
  }
  byShape(
    'symbol',
    ({ look, values }) => look !== 'number' && values.length > 0 && values.every(looksLikePair),
    'its values look like instruments',
  );
  const kind = isRoundTrips ? 'roundTrips' : 'fills';
  const fromProfit = isRoundTrips && !found.has('quantity') && found.has('profit');
  const status = found.get('status')?.column.words ?? [];
  const draft: CsvMapDraft = {
    ...emptyDraft,
    kind,
    columns: Object.fromEntries([...found].map(([field, { column }]) => [field, column.name])),
    words: {
      ...emptyDraft.words,
      status: Object.fromEntries(
        status.flatMap(({ text, status: meaning }) => (meaning === null ? [] : [[text, meaning]])),
      ),
    },
    quantityFromProfit: fromProfit,
  };
  return { draft, reasons };
}

function looksLikePair(value: string): boolean {
  return (
    /^[A-Z0-9]{2,10}[-/_:][A-Z]{2,6}(?:[-_:][A-Z0-9]+)?$/.test(value) ||
    /^[A-Z0-9]{2,8}(?:USDT|USDC|USD|BTC|ETH|EUR|BUSD)$/.test(value)
  );
}

/** The best column for each meaning; a column has one meaning, the one whose plainest name it bears. */
function byName(
  columns: readonly SeenColumn[],
  meanings: readonly Meaning[],
): Map<MapField, { readonly column: SeenColumn; readonly reason: string }> {
  const candidates = meanings.flatMap(({ field, names, fits }) =>
    columns.flatMap((column) => {
      const rank = names.findIndex((name) => plainName(name) === plainName(column.title));
      return rank === -1 || !fits(column) ? [] : [{ field, column, rank }];
    }),
  );
  candidates.sort((left, right) => left.rank - right.rank);
  const found = new Map<MapField, { readonly column: SeenColumn; readonly reason: string }>();
  const taken = new Set<SeenColumn>();
  for (const { field, column } of candidates) {
    if (found.has(field) || taken.has(column)) continue;
    taken.add(column);
    found.set(field, { column, reason: `its name "${column.title}"` });
  }
  return found;
}
