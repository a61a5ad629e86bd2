/**
 * The reference: a page for each format of what is read, what is ignored and what it means. Nothing of it is written down: the reader
 * is run over the format's example with each part changed in turn, and the page says what that changed.
 */
import type { FormatColumn, FormatPage } from '../../../shared/contract/format-page';
import { pairOfSymbol } from '../../../shared/market/symbols';
import { type Example, type ExamplePart, type ExampleReading, exampleOf } from './example-run';
import type { Format, FormatReader, ParsedExecution, ReferenceNotes, RowOutcome } from './format';
import { parseNumber } from './numbers';

const contents: Readonly<Record<FormatReader['shape'], string>> = {
  delimited: 'Delimited text (CSV), one row a line below a header',
  lines: 'Text, a message a line',
  jsonLines: 'JSON Lines, one object a line',
  json: 'One JSON document',
  jsonRecords: 'JSON: one document, or a message a line',
  sqlite: 'SQLite database',
  markup: 'XML or HTML report',
  nothing: 'A file that belongs to trades and holds none; it is refused with what to import in its place',
};

/** The page of a format. Its columns are empty where the format has no example. */
export async function describeFormat(format: Format): Promise<FormatPage> {
  const { id, title, describes, kind, impliedSource, exampleHeader } = format;
  const reference = format.reader.shape === 'nothing' ? holdsNothing : (format.reference ?? {});
  const example = exampleOf(format);
  const read = example === null ? null : await example.read();
  const columns = example === null || read === null ? [] : await columnsOf(example, read);
  const executions = read === null ? [] : executionsOf(read.outcomes);
  return {
    ...{ id, title, describes, kind, impliedSource, exampleHeader },
    content: contents[format.reader.shape],
    exampleRows: [...(example?.rows ?? [])],
    columns: [...columns, ...declared(reference.reads, 'read'), ...declared(reference.ignores, 'ignored')],
    rows: reference.rows ?? (read === null ? unknown : rowsOf(read, executions)),
    times: reference.times ?? (example === null || read === null ? unknown : await timesOf(example, read, columns)),
    fees: reference.fees ?? (kind === 'prices' ? 'Prices have no fees.' : feesOf(example, executions, columns)),
    identity: reference.identity ?? (kind === 'prices' ? 'Symbol and time.' : identityOf(executions, columns)),
    otherRows: [...new Set([...(reference.otherRows ?? []), ...otherNames(read)])].sort(),
    needs: example === null ? [] : await needsOf(example, executions),
  };
}

const unknown = 'Not told: the format has no example.';
const nothing = 'None are read.';
const holdsNothing: ReferenceNotes = { rows: nothing, times: nothing, fees: nothing, identity: nothing };

function declared(names: readonly string[] | undefined, use: FormatColumn['use']): readonly FormatColumn[] {
  return (names ?? []).map((name) => ({ name, use, feeds: [] }));
}

async function columnsOf(example: Example, read: ExampleReading): Promise<readonly FormatColumn[]> {
  const columns: FormatColumn[] = [];
  for (const part of example.parts) columns.push(await columnOf(part, read));
  return columns;
}

/** What a column is for: each of its values is taken away and changed, and what comes of it compared. */
async function columnOf({ name, places }: ExamplePart, read: ExampleReading): Promise<FormatColumn> {
  const feeds = new Set<string>();
  let required = false;
  let matters = false;
  for (const place of places) {
    for (const value of variantsOf(place.value)) {
      const changed = await place.readWith(value);
      if (sameReading(changed, read)) continue;
      matters = true;
      const refused = isRefused(changed, read);
      if (refused && value === undefined) required = true;
      if (!refused) for (const field of changedFields(changed.outcomes, read.outcomes)) feeds.add(field);
    }
  }
  return { name, use: required ? 'required' : matters ? 'read' : 'ignored', feeds: [...feeds] };
}

const opposites: Readonly<Record<string, string>> = {
  ...{ buy: 'sell', sell: 'buy', b: 's', s: 'b', bought: 'sold', sold: 'bought', maker: 'taker', taker: 'maker' },
  ...{ true: 'false', false: 'true', long: 'short', short: 'long', m: 't', t: 'm', '1': '2', '2': '1' },
};

/** Other things the value could be: absent, nonsense, the next number, the other sign, the other word. */
function* variantsOf(value: unknown): Generator<unknown> {
  yield undefined;
  if (typeof value === 'number') {
    yield value + 1;
    yield -value;
    return;
  }
  if (typeof value === 'boolean') {
    yield !value;
    return;
  }
  const text = String(value);
  yield '~';
  yield `${text}x`;
  yield `x${text}`;
  yield text.replace(/\d(?=\D*$)/, (digit) => String((Number(digit) + 1) % 10));
  yield text.replace(/\d/, (digit) => String((Number(digit) % 9) + 1));
  yield text.startsWith('-') ? text.slice(1) : `-${text}`;
  const opposite = opposites[text.toLowerCase()];
  if (opposite !== undefined) yield /^[A-Z]+$/.test(text) ? opposite.toUpperCase() : opposite;
  const words = text.replace(/\b(?:buy|sell|long|short)\b/i, (word) => opposites[word.toLowerCase()] ?? word);
  if (words !== text) yield words;
}

function sameReading(one: ExampleReading, other: ExampleReading): boolean {
  return (
    one.failure === other.failure &&
    JSON.stringify(one.outcomes) === JSON.stringify(other.outcomes) &&
    JSON.stringify(one.warnings) === JSON.stringify(other.warnings)
  );
}

function isRefused(changed: ExampleReading, read: ExampleReading): boolean {
  const count = ({ outcomes }: ExampleReading) => outcomes.filter(({ kind }) => kind === 'quarantine').length;
  return changed.failure !== null || count(changed) > count(read);
}

/** Names of what differs, where both tell of the same things. */
function changedFields(changed: readonly RowOutcome[], read: readonly RowOutcome[]): ReadonlySet<string> {
  const fields = new Set<string>();
  for (const listed of [executionsOf, eventsOf, pricesOf]) {
    const [now, before] = [listed(changed), listed(read)];
    if (now.length !== before.length) continue;
    for (const [index, one] of now.entries()) {
      const other = new Map<string, unknown>(Object.entries(before[index]!));
      for (const [name, value] of Object.entries(one)) {
        if (value !== other.get(name)) fields.add(name.replace(/Us$/, ''));
      }
    }
  }
  return fields;
}

function executionsOf(outcomes: readonly RowOutcome[]): readonly ParsedExecution[] {
  return outcomes.flatMap((outcome) => (outcome.kind === 'executions' ? outcome.executions : []));
}

function eventsOf(outcomes: readonly RowOutcome[]): readonly object[] {
  return outcomes.flatMap((outcome) =>
    outcome.kind === 'executions' || outcome.kind === 'orderEvents' ? (outcome.orderEvents ?? []) : [],
  );
}

function pricesOf(outcomes: readonly RowOutcome[]): readonly object[] {
  return outcomes.flatMap((outcome) => (outcome.kind === 'prices' ? outcome.points : []));
}

function otherNames(read: ExampleReading | null): readonly string[] {
  return (read?.outcomes ?? []).flatMap((outcome) => (outcome.kind === 'other' ? outcome.name : []));
}

function rowsOf({ outcomes, held }: ExampleReading, executions: readonly ParsedExecution[]): string {
  const several = outcomes.some((outcome) => outcome.kind === 'executions' && outcome.executions.length > 1);
  const events = eventsOf(outcomes).length > 0;
  const what =
    pricesOf(outcomes).length > 0
      ? 'A row is an observed price.'
      : held > executions.length
        ? `Rows are balance changes or halves of a trade: ${held} of the example together are ${executions.length === 1 ? 'one fill' : `${executions.length} fills`}.`
        : several
          ? 'A row is several fills: a round trip with its entry and exit, or an order with its fills.'
          : executions.length > 0
            ? 'A row is a fill.'
            : 'A row is something that happened to an order.';
  return events && executions.length > 0 ? `${what} Rows may also tell of orders that were not filled.` : what;
}

async function timesOf(example: Example, read: ExampleReading, columns: readonly FormatColumn[]): Promise<string> {
  const shifted = await example.read({ zone: '+01:00' });
  const at = columns
    .filter(({ feeds }) => feeds.some((field) => ['executedAt', 'at'].includes(field)))
    .map(({ name }) => name);
  const where = at.length === 0 ? '' : ` (${at.join(', ')})`;
  if (shifted.failure !== null) return `Times${where} are read as the file states them; no other zone can be named.`;
  if (!changedTimes(shifted.outcomes, read.outcomes)) {
    const fixed = shifted.warnings.flatMap((warning) => /are always (.+);/.exec(warning)?.[1] ?? [])[0];
    return fixed === undefined
      ? `Times${where} state their zone, or count from 1970 in UTC.`
      : `Times${where} are ${fixed}, as the venue states or documents; a zone that is named is not applied.`;
  }
  return read.warnings.some((warning) => /are read as UTC/.test(warning))
    ? `Times${where} do not state their zone: they are read as UTC, with a warning, unless the zone is named.`
    : `Times${where} do not state their zone: the format knows it, and another may be named.`;
}

function changedTimes(changed: readonly RowOutcome[], read: readonly RowOutcome[]): boolean {
  return [...changedFields(changed, read)].some((field) => field === 'at' || field.endsWith('At'));
}

function feesOf(
  example: Example | null,
  executions: readonly ParsedExecution[],
  columns: readonly FormatColumn[],
): string {
  const charged = executions.filter(({ fee }) => fee !== null && fee !== 0);
  const [first] = charged;
  if (first === undefined || example === null || first.fee === null) return 'No fee: it is unknown, which is not zero.';
  const amounts = example.parts.flatMap(({ name, places }) =>
    columns.some((column) => column.name === name && column.feeds.includes('fee'))
      ? places.flatMap(({ value }) => {
          const text = String(value).replace(/\s*[A-Z][A-Z0-9]*$/, '');
          const amount = parseNumber(text);
          return amount === null || Number.isNaN(amount) ? [] : { name, amount };
        })
      : [],
  );
  const currency = feeCurrency(first, example, columns);
  const stated = amounts.find(({ amount }) => charged.some(({ fee }) => fee === amount));
  const negative = amounts.find(({ amount }) => charged.some(({ fee }) => fee === -amount));
  if (stated !== undefined) return `${stated.name}: positive is paid, negative a rebate; ${currency}.`;
  if (negative !== undefined) return `${negative.name}: negative is paid, positive a rebate; ${currency}.`;
  const names = [...new Set(amounts.map(({ name }) => name))].join(', ');
  return `Worked out from ${names === '' ? 'the amounts of the row' : names}; ${currency}.`;
}

function feeCurrency(
  { symbol, feeCurrency }: ParsedExecution,
  example: Example,
  columns: readonly FormatColumn[],
): string {
  if (feeCurrency === null) return 'the currency is not told';
  const own = columns.find(({ feeds }) => feeds.length === 1 && feeds[0] === 'feeCurrency');
  if (own !== undefined) return `the currency is in ${own.name}`;
  const pair = pairOfSymbol(symbol);
  const suffix = columns.find(
    ({ name, feeds }) =>
      feeds.includes('fee') &&
      example.parts.some(
        (part) =>
          part.name === name && part.places.some(({ value }) => String(value).toUpperCase().endsWith(feeCurrency)),
      ),
  );
  if (suffix !== undefined) return `the currency stands beside the amount in ${suffix.name}`;
  return pair !== null && feeCurrency === pair.quote
    ? 'in the quote currency'
    : pair !== null && feeCurrency === pair.base
      ? 'in the base currency where that is received'
      : `in ${feeCurrency}`;
}

function identityOf(executions: readonly ParsedExecution[], columns: readonly FormatColumn[]): string {
  const fedBy = (field: string): string => {
    const names = columns.filter(({ feeds }) => feeds.includes(field)).map(({ name }) => name);
    return names.length === 0 ? '' : ` (${names.join(', ')})`;
  };
  if (executions.length === 0) return 'Rows are told apart by all they say.';
  if (executions.every(({ tradeId }) => tradeId !== null))
    return `The trade id${fedBy('tradeId')}, with time, symbol, side, price and quantity.`;
  const order = executions.some(({ orderId }) => orderId !== null) ? `, order id${fedBy('orderId')}` : '';
  return `No trade id: time, symbol, side, price, quantity${order}; equal rows of one file are real and are told apart by their order.`;
}

async function needsOf(example: Example, executions: readonly ParsedExecution[]): Promise<FormatPage['needs']> {
  const unnamed = await example.read({ symbol: null });
  const needs: FormatPage['needs'] = [];
  if (unnamed.failure?.failure.detail?.['missing'] === 'symbol') needs.push('symbol');
  if (executions.some(({ strategy }) => strategy === null)) needs.push('strategy');
  return needs;
}
