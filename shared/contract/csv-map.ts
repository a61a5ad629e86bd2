import { z } from 'zod';

/**
 * A map says how a delimited file that no format knows is read: which column is what, how its times are written, what its words
 * mean. Map files, saved maps and the wizard's drafts all have this form; `electron/engine/imports/map.ts` reads files by it.
 */

/** A column by its name, or the part of its text between two markers (`{'order_id': 42}`: after `'order_id': `, until `}`). */
const columnSchema = z.union([
  z.string().min(1),
  z.strictObject({ column: z.string().min(1), after: z.string().min(1), until: z.string().min(1) }),
]);
export type ColumnSpec = z.infer<typeof columnSchema>;

const words = z.array(z.string().min(1)).min(1);

const timeSchema = z.strictObject({
  /** `iso`, `epoch-s`, `epoch-ms`, `epoch-us`, `epoch-ns`, `auto`, or a pattern such as `DD/MM/YYYY HH:mm:ss`. */
  format: z.string().min(1).default('auto'),
  /** Zone of times that do not state one; `--zone` on the command line goes before it. */
  zone: z.string().min(1).optional(),
});

const constantsSchema = z.strictObject({
  symbol: z.string().min(1).optional(),
  venue: z.string().min(1).optional(),
  account: z.string().min(1).optional(),
  strategy: z.string().min(1).optional(),
  version: z.string().min(1).optional(),
  feeCurrency: z.string().min(1).optional(),
  quantity: z.number().positive().optional(),
  paper: z.boolean().optional(),
});

/** What a word in a status column can mean; a row that is not `filled` becomes an order event of that kind. */
export const statusMeanings = ['filled', 'submitted', 'rejected', 'cancelled', 'expired'] as const;
export type StatusMeaning = (typeof statusMeanings)[number];

const statusSchema = z.strictObject({
  column: columnSchema,
  filled: words,
  submitted: words.optional(),
  rejected: words.optional(),
  cancelled: words.optional(),
  expired: words.optional(),
});

const common = {
  id: z.string().regex(/^[a-z0-9][a-z0-9-]{0,60}$/, 'must be small letters, digits and hyphens'),
  title: z.string().min(1).max(100),
  /** The header this map is recognised by, all columns in order; left out, the map is used only where it is named. */
  header: z.array(z.string()).min(2).optional(),
  /** The file has no header: its first line is a row, and columns are named by their place, `#1` being the first. */
  headerless: z.boolean().optional(),
  /** Lines that may follow that header, for the reference; they decide nothing. */
  exampleRows: z.array(z.string()).optional(),
  time: timeSchema.default({ format: 'auto' }),
  constants: constantsSchema.default({}),
  feeSign: z.enum(['positivePaid', 'negativePaid']).default('positivePaid'),
};

const fillsSchema = z.strictObject({
  ...common,
  kind: z.literal('fills'),
  columns: z.strictObject({
    time: columnSchema,
    side: columnSchema,
    price: columnSchema,
    symbol: columnSchema.optional(),
    quantity: columnSchema.optional(),
    fee: columnSchema.optional(),
    feeCurrency: columnSchema.optional(),
    liquidity: columnSchema.optional(),
    tradeId: columnSchema.optional(),
    orderId: columnSchema.optional(),
    clientOrderId: columnSchema.optional(),
    decidedAt: columnSchema.optional(),
    submittedAt: columnSchema.optional(),
    arrivalPrice: columnSchema.optional(),
    intendedQuantity: columnSchema.optional(),
    venue: columnSchema.optional(),
    account: columnSchema.optional(),
    strategy: columnSchema.optional(),
    version: columnSchema.optional(),
  }),
  sides: z.strictObject({ buy: words, sell: words }).optional(),
  liquidity: z.strictObject({ maker: words, taker: words }).optional(),
  status: statusSchema.optional(),
});

const roundTripsSchema = z.strictObject({
  ...common,
  kind: z.literal('roundTrips'),
  columns: z.strictObject({
    entryTime: columnSchema,
    exitTime: columnSchema,
    entryPrice: columnSchema,
    exitPrice: columnSchema,
    direction: columnSchema,
    symbol: columnSchema.optional(),
    quantity: columnSchema.optional(),
    /** Profit without fees; used for the quantity where the log has none: |profit / (exit - entry)|. */
    profit: columnSchema.optional(),
    entryFee: columnSchema.optional(),
    exitFee: columnSchema.optional(),
    feeCurrency: columnSchema.optional(),
    tradeId: columnSchema.optional(),
    venue: columnSchema.optional(),
    account: columnSchema.optional(),
    strategy: columnSchema.optional(),
    version: columnSchema.optional(),
  }),
  directions: z.strictObject({ long: words, short: words }).optional(),
  /** Where the quantity comes from when there is no column for it. */
  quantityFromProfit: z.boolean().default(false),
});

export const csvMapSchema = z.discriminatedUnion('kind', [fillsSchema, roundTripsSchema]);
export type CsvMap = z.infer<typeof csvMapSchema>;
export type FillsMap = z.infer<typeof fillsSchema>;
export type RoundTripsMap = z.infer<typeof roundTripsSchema>;

/** What a column of fills may mean, in the order people look for them. */
export const fillFields = [...fillsSchema.shape.columns.keyof().options, 'status'] as const;
export type FillField = (typeof fillFields)[number];

/** What a column of round trips may mean. */
export const roundTripFields = roundTripsSchema.shape.columns.keyof().options;
export type RoundTripField = (typeof roundTripFields)[number];
export type MapField = FillField | RoundTripField;

const mapFields = [...new Set<MapField>([...fillFields, ...roundTripFields])];

/** What the words of a log can mean, by what they stand for. */
export const wordMeanings = {
  side: ['buy', 'sell'],
  direction: ['long', 'short'],
  liquidity: ['maker', 'taker'],
  status: statusMeanings,
} as const;
export type WordKind = keyof typeof wordMeanings;
export type WordMeaning<Kind extends WordKind> = (typeof wordMeanings)[Kind][number];

const wordsOf = <const Meanings extends readonly [string, ...string[]]>(meanings: Meanings) =>
  z.record(z.string(), z.enum(meanings)).default({});

/**
 * A map in the making: columns may be missing, words are listed singly, and what belongs to the other kind is kept while a kind is
 * tried out.
 */
export const csvMapDraftSchema = z.strictObject({
  kind: z.enum(['fills', 'roundTrips']),
  columns: z.partialRecord(z.enum(mapFields), columnSchema.optional()),
  time: common.time,
  constants: common.constants,
  feeSign: common.feeSign,
  /** The log's own words; those that everybody understands need not be in it. */
  words: z.strictObject({
    side: wordsOf(wordMeanings.side),
    direction: wordsOf(wordMeanings.direction),
    liquidity: wordsOf(wordMeanings.liquidity),
    status: wordsOf(wordMeanings.status),
  }),
  quantityFromProfit: z.boolean().default(false),
});
export type CsvMapDraft = z.infer<typeof csvMapDraftSchema>;

export const emptyDraft: CsvMapDraft = {
  kind: 'fills',
  columns: {},
  time: { format: 'auto' },
  constants: {},
  feeSign: 'positivePaid',
  words: { side: {}, direction: {}, liquidity: {}, status: {} },
  quantityFromProfit: false,
};

/** The draft that makes the map again. */
export function draftOfMap(map: CsvMap): CsvMapDraft {
  const { kind, time, constants, feeSign } = map;
  const shared = { ...emptyDraft, kind, time, constants, feeSign };
  if (map.kind === 'roundTrips') {
    const direction = listed(map.directions);
    return {
      ...shared,
      columns: map.columns,
      quantityFromProfit: map.quantityFromProfit,
      words: { ...emptyDraft.words, direction },
    };
  }
  const { column: statusColumn, ...states } = map.status ?? {};
  return {
    ...shared,
    columns: { ...map.columns, ...(statusColumn !== undefined && { status: statusColumn }) },
    words: {
      ...emptyDraft.words,
      side: listed(map.sides),
      liquidity: listed(map.liquidity),
      status: listed(states),
    },
  };
}

function listed<Meaning extends string>(
  lists: Partial<Record<Meaning, readonly string[] | undefined>> | undefined,
): Record<string, Meaning> {
  const words: Record<string, Meaning> = {};
  for (const meaning in lists) for (const word of lists[meaning] ?? []) words[word] = meaning;
  return words;
}

interface MapName {
  readonly id: string;
  readonly title: string;
  /** The header it is recognised by; null = it is used only where it is named. */
  readonly header: readonly string[] | null;
}

/**
 * The map as a map file writes it: only what the kind knows and what differs from the defaults. It may still lack something that
 * {@link csvMapSchema} asks for.
 */
export function mapOfDraft(draft: CsvMapDraft, { id, title, header }: MapName): Readonly<Record<string, unknown>> {
  const { kind, time, constants, feeSign, words } = draft;
  const fields: readonly MapField[] = kind === 'fills' ? fillFields : roundTripFields;
  const columns = Object.fromEntries(
    fields.flatMap((field) => {
      const spec = draft.columns[field];
      return spec === undefined || field === 'status' ? [] : [[field, spec]];
    }),
  );
  const usesWords = <Kind extends WordKind>(of: Kind) =>
    draft.columns[of] !== undefined && Object.keys(words[of]).length > 0;
  return {
    id,
    title,
    kind,
    ...(header !== null && { header }),
    ...((time.format !== 'auto' || time.zone !== undefined) && { time }),
    columns,
    ...(kind === 'fills' && usesWords('side') && { sides: lists('side', words.side) }),
    ...(kind === 'roundTrips' && usesWords('direction') && { directions: lists('direction', words.direction) }),
    ...(kind === 'fills' && usesWords('liquidity') && { liquidity: lists('liquidity', words.liquidity) }),
    ...(kind === 'fills' &&
      draft.columns.status !== undefined && {
        status: { column: draft.columns.status, ...lists('status', words.status) },
      }),
    ...(Object.keys(constants).length > 0 && { constants }),
    ...(feeSign !== 'positivePaid' && { feeSign }),
    ...(kind === 'roundTrips' && draft.quantityFromProfit && { quantityFromProfit: true }),
  };
}

/** Words by meaning. Where both of a pair must be named and one has no word yet, the plain English word stands for it. */
function lists<Kind extends WordKind>(
  kind: Kind,
  words: Readonly<Record<string, WordMeaning<Kind>>>,
): Readonly<Record<string, readonly string[]>> {
  const byMeaning: Record<string, string[]> = {};
  for (const [word, meaning] of Object.entries(words)) byMeaning[meaning] = [...(byMeaning[meaning] ?? []), word];
  if (kind !== 'status') for (const meaning of wordMeanings[kind]) byMeaning[meaning] ??= [meaning];
  return byMeaning;
}

/** What the draft still lacks before a file can be read by it; empty = nothing. */
export function missingInDraft({
  kind,
  columns,
  constants,
  quantityFromProfit,
  words,
}: CsvMapDraft): readonly MapField[] {
  const needed: readonly MapField[] =
    kind === 'fills' ? ['time', 'side', 'price'] : ['entryTime', 'exitTime', 'entryPrice', 'exitPrice', 'direction'];
  const missing = needed.filter((field) => columns[field] === undefined);
  const quantityKnown = columns.quantity !== undefined || constants.quantity !== undefined;
  const fromProfit = kind === 'roundTrips' && quantityFromProfit && columns.profit !== undefined;
  if (!quantityKnown && !fromProfit) missing.push('quantity');
  if (kind === 'fills' && columns.status !== undefined && !Object.values(words.status).includes('filled'))
    missing.push('status');
  return missing;
}
