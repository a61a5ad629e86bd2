import { FailureError, failure } from '../../shared/base/errors';
import type { ExecutionColumns } from '../../shared/market/columns';
import type { TextColumn } from '../../shared/market/text-column';
import type { NumericColumn } from './segment-codec';

/**
 * Several parts of one segment as one: rows in time order, ties in the order of the parts and then of their rows; dictionaries
 * joined, so that every row still leads to its import.
 */
export function mergeColumns(parts: readonly ExecutionColumns[]): ExecutionColumns {
  const [only] = parts;
  if (only !== undefined && parts.length === 1) return only;
  const executedAtUs = joined(parts, null, float64, (part) => part.executedAtUs);
  const order = timeOrder(executedAtUs, parts);
  const number = (of: (part: ExecutionColumns) => Float64Array) => joined(parts, order, float64, of);
  const byte = (of: (part: ExecutionColumns) => Uint8Array) => joined(parts, order, uint8, of);
  const coded = (
    name: string,
    of: (part: ExecutionColumns) => Uint16Array,
    dictionaryOf: (part: ExecutionColumns) => readonly string[],
  ) => {
    const { dictionary, renumbered } = joinedDictionary(name, parts, of, dictionaryOf);
    return {
      dictionary,
      values: joined(parts, order, uint16, (part) => renumbered.get(part)!),
    };
  };
  const feeCurrency = coded(
    'feeCurrency',
    (part) => part.feeCurrency,
    (part) => part.dictionaries.feeCurrencies,
  );
  const venue = coded(
    'venue',
    (part) => part.venue,
    (part) => part.dictionaries.venues,
  );
  const account = coded(
    'account',
    (part) => part.account,
    (part) => part.dictionaries.accounts,
  );
  const version = coded(
    'version',
    (part) => part.version,
    (part) => part.dictionaries.versions,
  );
  const importIndex = coded(
    'importIndex',
    (part) => part.importIndex,
    (part) => part.dictionaries.importIds,
  );
  return {
    count: executedAtUs.length,
    executedAtUs: order === null ? executedAtUs : number((part) => part.executedAtUs),
    side: joined(parts, order, int8, (part) => part.side),
    price: number((part) => part.price),
    quantity: number((part) => part.quantity),
    fee: number((part) => part.fee),
    feeCurrency: feeCurrency.values,
    liquidity: byte((part) => part.liquidity),
    decidedAtUs: number((part) => part.decidedAtUs),
    submittedAtUs: number((part) => part.submittedAtUs),
    arrivalPrice: number((part) => part.arrivalPrice),
    intendedQuantity: number((part) => part.intendedQuantity),
    venue: venue.values,
    account: account.values,
    version: version.values,
    paper: byte((part) => part.paper),
    tradeId: joinedText(parts, order, (part) => part.tradeId),
    orderId: joinedText(parts, order, (part) => part.orderId),
    clientOrderId: joinedText(parts, order, (part) => part.clientOrderId),
    line: joined(parts, order, uint32, (part) => part.line),
    importIndex: importIndex.values,
    dictionaries: {
      feeCurrencies: feeCurrency.dictionary,
      venues: venue.dictionary,
      accounts: account.dictionary,
      versions: version.dictionary,
      importIds: importIndex.dictionary,
    },
  };
}

/** Sorted hash columns as one sorted column. */
export function mergeHashes(columns: readonly BigUint64Array[]): BigUint64Array {
  const merged = new BigUint64Array(columns.reduce((sum, column) => sum + column.length, 0));
  let at = 0;
  for (const column of columns) {
    merged.set(column, at);
    at += column.length;
  }
  return merged.sort();
}

/**
 * Where each row of the result comes from in the parts laid end to end, or null when that is the order already. The parts are
 * sorted runs, so neighbouring runs are merged until one is left.
 */
function timeOrder(times: Float64Array, parts: readonly ExecutionColumns[]): Uint32Array | null {
  const ends: number[] = [];
  let end = 0;
  let sorted = true;
  for (const part of parts) {
    if (end > 0 && part.count > 0 && times[end]! < times[end - 1]!) sorted = false;
    end += part.count;
    ends.push(end);
  }
  if (sorted) return null;
  let from = new Uint32Array(times.length);
  for (let row = 0; row < times.length; row++) from[row] = row;
  let into = new Uint32Array(times.length);
  let runs = ends;
  while (runs.length > 1) {
    const merged: number[] = [];
    for (let run = 0; run < runs.length; run += 2) {
      const start = run === 0 ? 0 : runs[run - 1]!;
      const middle = runs[run]!;
      const stop = runs[run + 1] ?? middle;
      let left = start;
      let right = middle;
      for (let at = start; at < stop; at++) {
        const takeLeft = right >= stop || (left < middle && times[from[left]!]! <= times[from[right]!]!);
        into[at] = takeLeft ? from[left++]! : from[right++]!;
      }
      merged.push(stop);
    }
    [from, into] = [into, from];
    runs = merged;
  }
  return from;
}

/** Makes and reorders columns of one type. One loop a type: a loop shared by all of them runs twenty times as long. */
interface ColumnKind<Column extends NumericColumn> {
  make(count: number): Column;
  reorder(from: Column, order: Uint32Array): Column;
}

const float64: ColumnKind<Float64Array> = {
  make: (count) => new Float64Array(count),
  reorder: (from, order) => {
    const into = new Float64Array(order.length);
    for (let row = 0; row < order.length; row++) into[row] = from[order[row]!]!;
    return into;
  },
};
const uint32: ColumnKind<Uint32Array> = {
  make: (count) => new Uint32Array(count),
  reorder: (from, order) => {
    const into = new Uint32Array(order.length);
    for (let row = 0; row < order.length; row++) into[row] = from[order[row]!]!;
    return into;
  },
};
const uint16: ColumnKind<Uint16Array> = {
  make: (count) => new Uint16Array(count),
  reorder: (from, order) => {
    const into = new Uint16Array(order.length);
    for (let row = 0; row < order.length; row++) into[row] = from[order[row]!]!;
    return into;
  },
};
const uint8: ColumnKind<Uint8Array> = {
  make: (count) => new Uint8Array(count),
  reorder: (from, order) => {
    const into = new Uint8Array(order.length);
    for (let row = 0; row < order.length; row++) into[row] = from[order[row]!]!;
    return into;
  },
};
const int8: ColumnKind<Int8Array> = {
  make: (count) => new Int8Array(count),
  reorder: (from, order) => {
    const into = new Int8Array(order.length);
    for (let row = 0; row < order.length; row++) into[row] = from[order[row]!]!;
    return into;
  },
};

function joined<Column extends NumericColumn>(
  parts: readonly ExecutionColumns[],
  order: Uint32Array | null,
  kind: ColumnKind<Column>,
  of: (part: ExecutionColumns) => Column,
): Column {
  const endToEnd = kind.make(parts.reduce((sum, part) => sum + part.count, 0));
  let at = 0;
  for (const part of parts) {
    endToEnd.set(of(part), at);
    at += part.count;
  }
  return order === null ? endToEnd : kind.reorder(endToEnd, order);
}

function joinedText(
  parts: readonly ExecutionColumns[],
  order: Uint32Array | null,
  of: (part: ExecutionColumns) => TextColumn,
): TextColumn {
  const total = parts.reduce((sum, part) => sum + part.count, 0);
  const size = parts.reduce((sum, part) => sum + of(part).bytes.length, 0);
  const bytes = new Uint8Array(size);
  const ends = new Uint32Array(total);
  let row = 0;
  let at = 0;
  for (const part of parts) {
    const text = of(part);
    bytes.set(text.bytes, at);
    for (let index = 0; index < part.count; index++) ends[row++] = at + text.ends[index]!;
    at += text.bytes.length;
  }
  if (order === null || size === 0) return { bytes, ends };
  const orderedBytes = new Uint8Array(size);
  const orderedEnds = new Uint32Array(total);
  let to = 0;
  for (let index = 0; index < total; index++) {
    const source = order[index]!;
    const stop = ends[source]!;
    for (let from = source === 0 ? 0 : ends[source - 1]!; from < stop; from++) orderedBytes[to++] = bytes[from]!;
    orderedEnds[index] = to;
  }
  return { bytes: orderedBytes, ends: orderedEnds };
}

const MOST_WORDS = 65_536;

function joinedDictionary(
  name: string,
  parts: readonly ExecutionColumns[],
  of: (part: ExecutionColumns) => Uint16Array,
  dictionaryOf: (part: ExecutionColumns) => readonly string[],
): { readonly dictionary: readonly string[]; readonly renumbered: ReadonlyMap<ExecutionColumns, Uint16Array> } {
  const numbers = new Map<string, number>();
  const renumbered = new Map<ExecutionColumns, Uint16Array>();
  for (const part of parts) {
    const words = dictionaryOf(part);
    for (const word of words) if (!numbers.has(word)) numbers.set(word, numbers.size);
    if (numbers.size > MOST_WORDS) {
      throw new FailureError(
        failure(
          'limit-exceeded',
          `One day of one symbol has more than ${MOST_WORDS} different values of ${name}`,
          'Report this: the column was made for names that repeat.',
        ),
      );
    }
    renumbered.set(
      part,
      of(part).map((index) => numbers.get(words[index]!)!),
    );
  }
  return { dictionary: [...numbers.keys()], renumbered };
}
