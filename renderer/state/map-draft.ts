import type { SeenColumn } from '../../shared/contract/calls';
import {
  type ColumnSpec,
  type CsvMapDraft,
  fillFields,
  type MapField,
  mapOfDraft,
  missingInDraft,
  roundTripFields,
  type WordKind,
  type WordMeaning,
} from '../../shared/contract/csv-map';

/**
 * The mapping wizard's draft: what each column means, what the log's words mean, how its times are written. Pure: the page applies
 * these to its draft and shows what comes out.
 */

export interface FieldWords {
  readonly title: string;
  readonly explains: string;
}

/** What a column can be, in the trader's words. */
export const fieldWords: Readonly<Record<MapField, FieldWords>> = {
  time: { title: 'Time of the fill', explains: 'when the trade was executed' },
  side: { title: 'Side', explains: 'buy or sell' },
  price: { title: 'Price', explains: 'price per unit, above zero' },
  quantity: { title: 'Quantity', explains: 'units of the instrument, above zero' },
  symbol: { title: 'Symbol', explains: 'the instrument traded' },
  fee: { title: 'Fee', explains: 'what the trade cost, in its own currency' },
  feeCurrency: { title: 'Fee currency', explains: 'the currency the fee was paid in' },
  liquidity: { title: 'Maker or taker', explains: 'whether it made or took liquidity' },
  tradeId: { title: 'Trade id', explains: 'the venue’s number of the trade' },
  orderId: { title: 'Order id', explains: 'the venue’s number of the order' },
  clientOrderId: { title: 'Client order id', explains: 'the strategy’s own number of the order' },
  decidedAt: { title: 'Time of the decision', explains: 'when the strategy decided' },
  submittedAt: { title: 'Time of submission', explains: 'when the order was sent' },
  arrivalPrice: { title: 'Arrival price', explains: 'the market when the order was decided' },
  intendedQuantity: { title: 'Intended quantity', explains: 'what the order asked for' },
  venue: { title: 'Venue', explains: 'exchange or broker' },
  account: { title: 'Account', explains: 'whose account traded' },
  strategy: { title: 'Strategy', explains: 'the strategy that traded' },
  version: { title: 'Version', explains: 'the version of the strategy' },
  status: { title: 'Status', explains: 'filled, rejected, cancelled: rows that are not filled become order events' },
  entryTime: { title: 'Entry time', explains: 'when the position was opened' },
  exitTime: { title: 'Exit time', explains: 'when it was closed; empty = still open' },
  entryPrice: { title: 'Entry price', explains: 'price it was opened at' },
  exitPrice: { title: 'Exit price', explains: 'price it was closed at' },
  direction: { title: 'Direction', explains: 'long or short' },
  profit: { title: 'Profit', explains: 'profit without fees' },
  entryFee: { title: 'Entry fee', explains: 'fee of the opening trade' },
  exitFee: { title: 'Exit fee', explains: 'fee of the closing trade' },
};

const timeFields: readonly MapField[] = ['time', 'entryTime', 'exitTime', 'decidedAt', 'submittedAt'];
const wordKinds: Partial<Record<MapField, WordKind>> = {
  side: 'side',
  direction: 'direction',
  liquidity: 'liquidity',
  status: 'status',
};

/** The meanings a column of this kind of log can have, the needed ones first. */
export function meaningGroups(
  kind: CsvMapDraft['kind'],
): readonly { readonly title: string; readonly fields: readonly MapField[] }[] {
  const needed: readonly MapField[] =
    kind === 'fills'
      ? ['time', 'side', 'price', 'quantity', 'symbol']
      : ['entryTime', 'exitTime', 'entryPrice', 'exitPrice', 'direction', 'quantity', 'symbol'];
  const all: readonly MapField[] = kind === 'fills' ? fillFields : roundTripFields;
  return [
    { title: 'Needed', fields: needed },
    { title: 'Also read', fields: all.filter((field) => !needed.includes(field)) },
  ];
}

const fieldsOf = (kind: CsvMapDraft['kind']): readonly MapField[] => (kind === 'fills' ? fillFields : roundTripFields);

/** The draft with its columns named as the file names them; maps written by hand may put blanks and capitals otherwise. */
export function draftForColumns(draft: CsvMapDraft, columns: readonly SeenColumn[]): CsvMapDraft {
  const plain = (name: string) => name.trim().replaceAll(/\s+/g, ' ').toLowerCase();
  const nameOf = (name: string) => columns.find((column) => plain(column.name) === plain(name))?.name ?? name;
  const named = Object.entries(draft.columns).map(([field, spec]) => [
    field,
    typeof spec === 'string' ? nameOf(spec) : spec && { ...spec, column: nameOf(spec.column) },
  ]);
  return { ...draft, columns: Object.fromEntries(named) };
}

/** What the whole column means; null = nothing. */
export function meaningOf(draft: CsvMapDraft, column: string): MapField | null {
  return fieldsOf(draft.kind).find((field) => draft.columns[field] === column) ?? null;
}

/** Meanings taken from a part of the column's text. */
export function partsOf(
  draft: CsvMapDraft,
  column: string,
): readonly (readonly [MapField, Exclude<ColumnSpec, string>])[] {
  return fieldsOf(draft.kind).flatMap((field) => {
    const spec = draft.columns[field];
    return typeof spec === 'object' && spec.column === column ? [[field, spec] as const] : [];
  });
}

/** The draft in which the column means that and nothing else; a meaning has one column, so another that had it loses it. */
export function withMeaning(draft: CsvMapDraft, column: SeenColumn, field: MapField | null): CsvMapDraft {
  const before = meaningOf(draft, column.name);
  const columns = { ...draft.columns };
  if (before !== null) delete columns[before];
  if (field === null) return { ...draft, columns };
  columns[field] = column.name;
  const kind = wordKinds[field];
  const changed = { ...draft, columns };
  if (kind === undefined || before === field) return changed;
  // Words belong to the column they stood in. A status needs its words listed, of the others only unusual ones.
  return { ...changed, words: { ...draft.words, [kind]: kind === 'status' ? knownWords(column, kind) : {} } };
}

/** The draft in which a part of the column's text means that. */
export function withPart(draft: CsvMapDraft, field: MapField, part: Exclude<ColumnSpec, string>): CsvMapDraft {
  return { ...draft, columns: { ...draft.columns, [field]: part } };
}

export function withoutField(draft: CsvMapDraft, field: MapField): CsvMapDraft {
  const columns = { ...draft.columns };
  delete columns[field];
  return { ...draft, columns };
}

function knownWords(column: SeenColumn, kind: WordKind): Readonly<Record<string, string>> {
  return Object.fromEntries(column.words.flatMap((word) => (word[kind] === null ? [] : [[word.text, word[kind]]])));
}

export interface ShownWord {
  readonly text: string;
  /** Rows of the sample; null = the word is the user's and not in it. */
  readonly count: number | null;
  /** What it means now; null = rows with it go to quarantine. */
  readonly meaning: string | null;
}

/** The words of a column whose meaning asks for words. */
export function shownWords(
  draft: CsvMapDraft,
  column: SeenColumn,
): { readonly kind: WordKind; readonly words: readonly ShownWord[] } | null {
  const field = meaningOf(draft, column.name);
  const kind = field === null ? undefined : wordKinds[field];
  if (kind === undefined) return null;
  const own: Readonly<Record<string, string>> = draft.words[kind];
  const listed = Object.keys(own).length > 0;
  const seen = column.words.map((word) => ({
    text: word.text,
    count: word.count,
    // A list of words of its own is the whole list.
    meaning: meaningIn(own, word.text) ?? (listed || kind === 'status' ? null : word[kind]),
  }));
  const isSeen = (text: string) => column.words.some((word) => word.text.toLowerCase() === text.toLowerCase());
  const added = Object.entries(own)
    .filter(([text]) => !isSeen(text))
    .map(([text, meaning]) => ({ text, count: null, meaning }));
  return { kind, words: [...seen, ...added] };
}

function meaningIn(words: Readonly<Record<string, string>>, text: string): string | null {
  const [, meaning] = Object.entries(words).find(([word]) => word.toLowerCase() === text.toLowerCase()) ?? [];
  return meaning ?? null;
}

/** The draft in which the word means that (null = nothing); words understood so far stay understood. */
export function withWord<Kind extends WordKind>(
  draft: CsvMapDraft,
  column: SeenColumn,
  kind: Kind,
  text: string,
  meaning: WordMeaning<Kind> | null,
): CsvMapDraft {
  const own: Readonly<Record<string, string>> = draft.words[kind];
  const before = Object.keys(own).length > 0 ? own : knownWords(column, kind);
  const words = Object.fromEntries(
    Object.entries(before).filter(([word]) => word.toLowerCase() !== text.toLowerCase()),
  );
  return { ...draft, words: { ...draft.words, [kind]: meaning === null ? words : { ...words, [text]: meaning } } };
}

/** Columns whose times the draft reads. */
export function timeColumns(draft: CsvMapDraft, columns: readonly SeenColumn[]): readonly SeenColumn[] {
  const used = fieldsOf(draft.kind).filter((field) => timeFields.includes(field));
  return columns.filter(({ name }) => used.some((field) => draft.columns[field] === name));
}

/** The pattern of a date put that way, with the separator of the example: `DD.MM.YYYY`, and whatever time of day follows. */
export function datePattern(example: string, order: 'dayFirst' | 'monthFirst'): string {
  const separator = /\d([-/.])\d/.exec(example)?.[1] ?? '/';
  const date = order === 'dayFirst' ? ['D', 'M', 'YYYY'] : ['M', 'D', 'YYYY'];
  return `${date.join(separator)}[,][ H:mm[:ss][.S][ A]]`;
}

/** What still has to be said before anything can be read, in words. */
export function missingOfDraft(
  draft: CsvMapDraft,
  columns: readonly SeenColumn[],
  symbolOfCard: string,
): readonly string[] {
  const missing = missingInDraft(draft).map((field) => {
    if (field === 'quantity') {
      return draft.kind === 'fills'
        ? 'a column for the quantity, or a fixed quantity'
        : 'a column for the quantity, a fixed quantity, or a profit to work it out from';
    }
    return field === 'status' ? 'which status means filled' : `a column for ${fieldWords[field].title.toLowerCase()}`;
  });
  if (draft.columns.symbol === undefined && draft.constants.symbol === undefined && symbolOfCard.trim() === '')
    missing.push('a column for the symbol, or the symbol itself');
  const doubtful =
    draft.time.format === 'auto' && timeColumns(draft, columns).some(({ dateOrder }) => dateOrder === 'ambiguous');
  if (doubtful) missing.push('whether its dates put the day or the month first');
  return missing;
}

/** A map's id from its title: small letters, digits and hyphens. Empty where nothing of the title can be one. */
export function idOfTitle(title: string): string {
  return title
    .normalize('NFKD')
    .replaceAll(/\p{M}/gu, '')
    .toLowerCase()
    .replaceAll(/[^a-z0-9]+/g, '-')
    .replaceAll(/^-+|-+$/g, '')
    .slice(0, 60)
    .replace(/-+$/, '');
}

/** The map as a file, named or not yet. */
export function mapText(
  draft: CsvMapDraft,
  title: string,
  id: string | null,
  header: readonly string[] | null,
): string {
  const name = { id: id ?? (idOfTitle(title) || 'unnamed'), title: title.trim() || 'Unnamed', header };
  return `${JSON.stringify(mapOfDraft(draft, name), null, 2)}\n`;
}

/** Columns of a header alone: what a saved map shows when no file is at hand. */
export function columnsOfHeader(header: readonly string[]): readonly SeenColumn[] {
  return header.map((cell, index) => {
    const title = cell.trim();
    const twice = header.some((other, at) => at !== index && other.trim().toLowerCase() === title.toLowerCase());
    const name = title === '' || twice ? `#${index + 1}` : title;
    return { name, title, look: 'empty', values: [], filled: 0, words: [], dateOrder: null, naive: false };
  });
}
