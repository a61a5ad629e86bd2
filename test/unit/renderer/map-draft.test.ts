import { describe, expect, it } from 'vitest';
import {
  columnsOfHeader,
  datePattern,
  draftForColumns,
  idOfTitle,
  mapText,
  meaningOf,
  missingOfDraft,
  partsOf,
  shownWords,
  withMeaning,
  withPart,
  withWord,
} from '../../../renderer/state/map-draft';
import type { SeenColumn } from '../../../shared/contract/calls';
import { type CsvMapDraft, csvMapSchema, emptyDraft } from '../../../shared/contract/csv-map';

/** What the mapping wizard's choices make of its draft. */

type Word = SeenColumn['words'][number];
const word = (text: string, known: Partial<Word> = {}): Word => ({
  text,
  count: 1,
  side: null,
  direction: null,
  liquidity: null,
  status: null,
  ...known,
});

function column(name: string, known: Partial<SeenColumn> = {}): SeenColumn {
  return { name, title: name, look: 'text', values: [], filled: 1, words: [], dateOrder: null, naive: false, ...known };
}

const when = column('When', { look: 'time' });
const what = column('What', { look: 'words', words: [word('BUY', { side: 'buy' }), word('Abgabe')] });
const state = column('State', { look: 'words', words: [word('done', { status: 'filled' }), word('weg')] });
const columns = [when, what, column('At'), column('Size'), column('Coin'), state];

function mapped(pairs: readonly (readonly [SeenColumn, Parameters<typeof withMeaning>[2]])[]): CsvMapDraft {
  return pairs.reduce((draft, [of, field]) => withMeaning(draft, of, field), emptyDraft);
}

const complete = mapped([
  [when, 'time'],
  [what, 'side'],
  [columns[2]!, 'price'],
  [columns[3]!, 'quantity'],
  [columns[4]!, 'symbol'],
]);

describe('a column’s meaning', () => {
  it('is one, and a meaning has one column', () => {
    const draft = withMeaning(complete, columns[3]!, 'price');
    expect(draft.columns).toEqual({ time: 'When', side: 'What', price: 'Size', symbol: 'Coin' });
    expect(meaningOf(draft, 'At')).toBeNull();
    expect(withMeaning(draft, columns[3]!, null).columns).toEqual({ time: 'When', side: 'What', symbol: 'Coin' });
  });

  it('of the other kind of row is kept while that kind is tried out', () => {
    const trips = withMeaning({ ...complete, kind: 'roundTrips' }, when, 'entryTime');
    expect(meaningOf(trips, 'When')).toBe('entryTime');
    expect(meaningOf({ ...trips, kind: 'fills' }, 'When')).toBe('time');
  });

  it('can be a part of its text', () => {
    const draft = withPart(complete, 'orderId', { column: 'State', after: 'id=', until: ';' });
    expect(partsOf(draft, 'State')).toEqual([['orderId', { column: 'State', after: 'id=', until: ';' }]]);
  });
});

describe('words', () => {
  it('everybody knows need no saying; once one is said, the known ones are said with it', () => {
    expect(shownWords(complete, what)?.words.map(({ text, meaning }) => [text, meaning])).toEqual([
      ['BUY', 'buy'],
      ['Abgabe', null],
    ]);
    expect(complete.words.side).toEqual({});
    expect(withWord(complete, what, 'side', 'Abgabe', 'sell').words.side).toEqual({ BUY: 'buy', Abgabe: 'sell' });
  });

  it('of a status are listed from the start, because a status is nothing without them', () => {
    const draft = withMeaning(complete, state, 'status');
    expect(draft.words.status).toEqual({ done: 'filled' });
    expect(missingOfDraft(draft, columns, '')).toEqual([]);
    expect(missingOfDraft(withWord(draft, state, 'status', 'done', null), columns, '')).toEqual([
      'which status means filled',
    ]);
  });

  it('that the first rows do not show can be added, and unsaid again', () => {
    const draft = withWord(complete, what, 'side', 'Kauf', 'buy');
    expect(shownWords(draft, what)?.words.at(-1)).toEqual({ text: 'Kauf', count: null, meaning: 'buy' });
    expect(withWord(draft, what, 'side', 'kauf', null).words.side).toEqual({ BUY: 'buy' });
  });
});

describe('what is missing', () => {
  it.each<readonly [string, CsvMapDraft, string, readonly string[]]>([
    ['nothing', complete, '', []],
    ['the price', withMeaning(complete, columns[2]!, null), '', ['a column for price']],
    ['the symbol', withMeaning(complete, columns[4]!, null), '', ['a column for the symbol, or the symbol itself']],
    ['not the symbol where the file’s is said', withMeaning(complete, columns[4]!, null), 'ETH/USDT', []],
    ['the quantity', withMeaning(complete, columns[3]!, null), '', ['a column for the quantity, or a fixed quantity']],
  ])('is %s', (_, draft, symbol, missing) => {
    expect(missingOfDraft(draft, columns, symbol)).toEqual(missing);
  });

  it('is the order of day and month where the values do not tell it', () => {
    const doubtful = [{ ...when, values: ['03/04/2026 10:00'], dateOrder: 'ambiguous' as const }, ...columns.slice(1)];
    expect(missingOfDraft(complete, doubtful, '')).toEqual(['whether its dates put the day or the month first']);
    const said = { ...complete, time: { format: datePattern('03/04/2026 10:00', 'dayFirst') } };
    expect(missingOfDraft(said, doubtful, '')).toEqual([]);
  });
});

describe('the map', () => {
  it('of a complete draft is one that can be saved, under a name made of its title', () => {
    expect(idOfTitle('  Größter Bot / 2026! ')).toBe('gro-ter-bot-2026');
    const text = mapText(complete, 'My bot', null, ['When', 'What']);
    expect(csvMapSchema.safeParse(JSON.parse(text)).success).toBe(true);
    expect(JSON.parse(text)).toMatchObject({ id: 'my-bot', title: 'My bot', header: ['When', 'What'] });
  });

  it('written by hand finds its columns whatever their capitals', () => {
    const byHand = { ...emptyDraft, columns: { time: 'when ', price: 'AT' } };
    expect(draftForColumns(byHand, columns).columns).toEqual({ time: 'When', price: 'At' });
  });

  it('without a file shows the columns of its header', () => {
    expect(columnsOfHeader(['a', '', 'a']).map(({ name }) => name)).toEqual(['#1', '#2', '#3']);
  });
});
