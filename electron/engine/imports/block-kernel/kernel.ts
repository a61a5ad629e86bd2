/**
 * The inner loop of reading a block of plain lines, as WebAssembly: written in AssemblyScript, which is TypeScript with machine types,
 * and compiled into module.ts by `npm run kernel`. It does what execution-bytes.ts, row-identity.ts and plain-blocks.ts say of a row,
 * one row after the other, and gives up (returns 0) at the first that is not plain. What it cannot judge itself (a word it sees for the
 * first time, a long number, a time in a zone) it asks plain-kernel.ts, which also lays out the memory all addresses point into.
 */

/** Reads the word of a column for the first time: what it stands for, or -1 when the row is not plain. */
declare function readWord(column: i32, start: i32, end: i32): i32;
/** Reads the digits as text: the number, or NaN. */
declare function readNumber(start: i32, end: i32): f64;
/** Reads the time of a column as text: microseconds, or NaN. */
declare function readTime(column: i32, start: i32, end: i32): f64;

// What a byte means: one byte each, as of execution-bytes.ts.
const plain: u32 = 0;
const cellEnds: u32 = 1;
const recordEnds: u32 = 2;
const returns: u32 = 3;
const blank: u32 = 32;
const lineFeed: u32 = 10;

// Kinds of columns.
const kindPositive: i32 = 0;
const kindNumber: i32 = 1;
const kindIsoTime: i32 = 2;
const kindEpochTime: i32 = 3;
const kindOtherTime: i32 = 4;
const kindId: i32 = 5;
const kindWord: i32 = 6;

// Words of the row being read, one i32 each; texts are numbers of texts, 0 = unknown.
const venue: usize = 0;
const account: usize = 4;
const strategy: usize = 8;
const version: usize = 12;
const symbol: usize = 16;
const feeCurrency: usize = 20;
const side: usize = 24;
const liquidity: usize = 28;
const paper: usize = 32;
const slotBytes: usize = 40;

// A column's record: what it holds and where its words and last time are kept.
const columnKind: usize = 0;
/** Place of its field: of a number among the numbers, of an id among the ids, of a word its slot in bytes. */
const columnField: usize = 4;
/** Microseconds an epoch counts in. */
const columnScale: usize = 8;
/** How many words it knows. */
const columnWords: usize = 12;
/** The date last read, as its ten bytes, and its first microsecond. */
const columnDateHead: usize = 16;
const columnDateTail: usize = 24;
const columnDay: usize = 32;
/** Number plus one of the word last found, by what it begins with. */
const columnRecent: usize = 40;
const recentMask: u32 = 1023;
/** Number plus one of each word, open addressing. */
const columnTable: usize = columnRecent + 2048;
const tableMask: u32 = 4095;
const columnSizes: usize = columnTable + 8192;
const columnValues: usize = columnSizes + 2048;
const columnBytes: usize = columnValues + 8192;
const columnStride: usize = columnBytes + 2048 * 64;
const mostWords: u32 = 2048;
const longestWord: u32 = 64;

// A group's record.
const groupStrategy: usize = 0;
const groupSymbol: usize = 4;
const groupStart: usize = 8;
/** Texts the prefix of the hash was made with; -1 = there is none. */
const groupVenue: usize = 16;
const groupAccount: usize = 20;
const groupLow: usize = 24;
const groupHigh: usize = 28;
const groupWords: usize = 32;
const groupStride: usize = 40;
const mostGroups: u32 = 16384;
const groupMask: u32 = 65535;

const longestRecord: usize = 65536;
const dayUs: i64 = 86400000000;
const mostSafe: u64 = 9007199254740991;

// Addresses and numbers that plain-kernel.ts says once.
let meanings: usize = 0;
let powers: usize = 0;
let cells: usize = 0;
let cellCount: u32 = 0;
let columns: usize = 0;
let defaults: usize = 0;
let slots: usize = 0;
/** Of each text: address of its UTF-16 units, and how many there are; -1 = null. */
let texts: usize = 0;
/** Of the four coded fields, one after the other: which code a text has in which block, and the texts in the order of their codes. */
let codes: usize = 0;
let codeTexts: usize = 0;
let mostTexts: u32 = 0;
/** How many codes each of the four has in this block. */
let codeCounts: usize = 0;
let lastGroups: usize = 0;
let groupTable: usize = 0;
let groups: usize = 0;
let hashWords: usize = 0;
let sourceText: u32 = 0;
let earliestUs: f64 = 0;
let latestUs: f64 = 0;

let groupCount: u32 = 0;
let bytesAt: usize = 0;
let block: u32 = 0;
/** Ends of what the readers below read; 0 = it is not plain. */
let numberEnd: usize = 0;
/** Halves of the hash after {@link mix}. */
let low: i32 = 0;
let high: i32 = 0;

/** Says where everything lies. */
export function place(
  meaningsAt: usize,
  powersAt: usize,
  cellsAt: usize,
  cellsCount: u32,
  columnsAt: usize,
  defaultsAt: usize,
  slotsAt: usize,
  textsAt: usize,
  codesAt: usize,
  codeTextsAt: usize,
  textsCount: u32,
  codeCountsAt: usize,
  lastGroupsAt: usize,
  groupTableAt: usize,
  groupsAt: usize,
  hashWordsAt: usize,
): void {
  meanings = meaningsAt;
  powers = powersAt;
  cells = cellsAt;
  cellCount = cellsCount;
  columns = columnsAt;
  defaults = defaultsAt;
  slots = slotsAt;
  texts = textsAt;
  codes = codesAt;
  codeTexts = codeTextsAt;
  mostTexts = textsCount;
  codeCounts = codeCountsAt;
  lastGroups = lastGroupsAt;
  groupTable = groupTableAt;
  groups = groupsAt;
  hashWords = hashWordsAt;
}

/** Says what the rows are and which times are sane. */
export function expect(source: u32, earliest: f64, latest: f64): void {
  sourceText = source;
  earliestUs = earliest;
  latestUs = latest;
}

/** Groups of the block read last. */
export function groupsRead(): u32 {
  return groupCount;
}

/**
 * Reads the lines from `start` to `end`, the last byte of which is a line feed, into columns, and returns how many they are.
 * @param rows address of the columns, laid out as PlainRows lays them out
 * @param capacity rows there is room for, a multiple of eight
 * @param number of the block, from 1 to 65,535, another for each until all codes are cleared
 */
export function readBlock(start: usize, end: usize, rows: usize, capacity: u32, number: u32): u32 {
  const room: usize = capacity;
  const ids = rows + room * 72 + room * 8;
  const words = rows + room * 104;
  const small = rows + room * 114;
  bytesAt = start;
  block = number;
  groupCount = 0;
  memory.fill(groupTable, 0, (<usize>groupMask + 1) * 2);
  memory.fill(codeCounts, 0, 16);
  let count: usize = 0;
  for (let at = start; at < end; count++) {
    if (count === room) return 0;
    const next = readRow(at, rows + count * 8, room * 8, ids + count * 4, room * 4);
    if (next === 0 || next - at > longestRecord) return 0;
    at = next;

    const row = rows + count * 8;
    const atUs = load<f64>(row);
    const decidedUs = load<f64>(row + room * 32);
    const submittedUs = load<f64>(row + room * 40);
    if (!(atUs >= earliestUs && atUs <= latestUs)) return 0;
    if (!isNaN<f64>(decidedUs) && !(decidedUs >= earliestUs && decidedUs <= latestUs)) return 0;
    if (!isNaN<f64>(submittedUs) && !(submittedUs >= earliestUs && submittedUs <= latestUs)) return 0;
    if (!(load<f64>(row + room * 8) > 0) || !(load<f64>(row + room * 16) > 0)) return 0;
    if (load<u32>(slots + strategy) === 0 || load<u32>(slots + symbol) === 0) return 0;

    store<u16>(words + count * 2, codeOf(0, load<u32>(slots + feeCurrency)));
    store<u16>(words + room * 2 + count * 2, codeOf(1, load<u32>(slots + venue)));
    store<u16>(words + room * 4 + count * 2, codeOf(2, load<u32>(slots + account)));
    store<u16>(words + room * 6 + count * 2, codeOf(3, load<u32>(slots + version)));
    const group = groupOf(<i64>atUs);
    if (group < 0) return 0;
    store<u16>(words + room * 8 + count * 2, <u16>group);
    store<u8>(small + count, <u8>load<i32>(slots + side));
    store<u8>(small + room + count, <u8>load<i32>(slots + liquidity));
    store<u8>(small + room * 2 + count, <u8>load<i32>(slots + paper));
    identify(groups + <usize>group * groupStride, row, room * 8, ids + count * 4, room * 4);
    const hasTradeId = load<u32>(ids + count * 4) !== load<u32>(ids + room * 12 + count * 4);
    store<u8>(small + room * 3 + count, hasTradeId ? 1 : 0);
    store<u32>(rows + room * 64 + count * 8, low);
    store<u32>(rows + room * 64 + count * 8 + 4, high);
    store<u32>(rows + room * 72 + count * 4, tradeWord);
    store<u32>(rows + room * 76 + count * 4, hasTradeId ? 0 : factWord(row, room * 8));
  }
  return <u32>count;
}

/**
 * Reads the record that begins at `start`; returns where the next one begins, or 0.
 * @param row address of its first number, the others `step` bytes apart
 * @param ids address of where its first id begins; after the three where the three end, `idStep` bytes apart
 */
function readRow(start: usize, row: usize, step: usize, ids: usize, idStep: usize): usize {
  for (let field: usize = 0; field < 8; field++) store<f64>(row + field * step, NaN);
  for (let place: usize = 0; place < 6; place++) store<u32>(ids + place * idStep, 0);
  memory.copy(slots, defaults, slotBytes);
  const last = cellCount - 1;
  let at = start;
  for (let cell: u32 = 0; ; cell++) {
    if (load<u8>(meanings + load<u8>(at)) === plain) {
      const first = load<u32>(cells + <usize>cell * 8);
      const more = load<u32>(cells + <usize>cell * 8 + 4);
      if (more === 0) at = endOfCell(at);
      else {
        const end = readCell(first, at, row, step, ids, idStep);
        if (end === 0) return 0;
        for (let other: u32 = 1; other < more; other++) {
          if (readCell(first + other, at, row, step, ids, idStep) !== end) return 0;
        }
        at = end;
      }
    }
    const means = load<u8>(meanings + load<u8>(at));
    at++;
    if (cell < last) {
      if (means !== cellEnds) return 0;
    } else {
      if (load<i32>(slots + side) === 0) return 0;
      if (means === recordEnds) return at;
      return means === returns && load<u8>(at) === lineFeed ? at + 1 : 0;
    }
  }
  return 0;
}

/** Reads the filled cell as the column of that number says; returns where it ends, or 0. */
function readCell(number: u32, start: usize, row: usize, step: usize, ids: usize, idStep: usize): usize {
  const column = columns + <usize>number * columnStride;
  const field = load<u32>(column + columnField);
  switch (load<i32>(column + columnKind)) {
    case kindPositive: {
      const value = numberAt(start);
      if (!(value > 0)) return 0;
      store<f64>(row + <usize>field * step, value);
      return numberEnd;
    }
    case kindNumber: {
      const value = numberAt(start);
      if (isNaN<f64>(value)) return 0;
      store<f64>(row + <usize>field * step, value);
      return numberEnd;
    }
    case kindIsoTime:
    case kindEpochTime:
    case kindOtherTime: {
      const value = timeAt(number, column, start);
      const other = load<f64>(row + <usize>field * step);
      if (!isNaN<f64>(other) ? value !== other : isNaN<f64>(value)) return 0;
      store<f64>(row + <usize>field * step, value);
      return numberEnd;
    }
    case kindId: {
      const end = endOfCell(start);
      store<u32>(ids + <usize>field * idStep, <u32>(start - bytesAt));
      store<u32>(ids + (<usize>field + 3) * idStep, <u32>(end - bytesAt));
      return isBare(start, end) ? end : 0;
    }
    case kindWord:
      return wordAt(number, column, slots + field, start);
    default:
      return 0;
  }
}

function endOfCell(start: usize): usize {
  let at = start;
  while (load<u8>(meanings + load<u8>(at)) === plain) at++;
  return at;
}

function isBare(start: usize, end: usize): bool {
  return load<u8>(start) !== blank && load<u8>(end - 1) !== blank;
}

/** A mantissa below 2^53 over a power of ten up to 22 is rounded once, correctly; every other number is asked for. NaN = not plain. */
function numberAt(start: usize): f64 {
  const negative = load<u8>(start) === 45;
  const first = negative ? start + 1 : start;
  let at = first;
  let mantissa: u64 = 0;
  let digit: u32 = <u32>load<u8>(at) - 48;
  for (; digit <= 9; digit = <u32>load<u8>(++at) - 48) mantissa = mantissa * 10 + digit;
  let digits = at - first;
  let decimals: usize = 0;
  if (digit === <u32>-2) {
    const point = at;
    digit = <u32>load<u8>(++at) - 48;
    for (; digit <= 9; digit = <u32>load<u8>(++at) - 48) mantissa = mantissa * 10 + digit;
    decimals = at - point - 1;
    digits += decimals;
  }
  numberEnd = at;
  if (digits === 0) return NaN;
  // Up to eighteen digits the mantissa is itself; after that it has wrapped round.
  if (digits > 18 || mantissa > mostSafe || decimals > 22)
    return readNumber(<i32>(start - bytesAt), <i32>(at - bytesAt));
  if (mantissa === 0 && negative) return NaN;
  const value = <f64>mantissa / load<f64>(powers + decimals * 8);
  return negative ? -value : value;
}

/** Value of two digits, or more than 99. */
function twoDigits(at: usize): u32 {
  const tens = <u32>load<u8>(at) - 48;
  const ones = <u32>load<u8>(at + 1) - 48;
  return tens <= 9 && ones <= 9 ? tens * 10 + ones : 1000;
}

/** Reads a time as machines write it: `YYYY-MM-DDTHH:MM:SS[.fraction]Z` or a count; every other one is asked for. */
function timeAt(number: u32, column: usize, start: usize): f64 {
  const kind = load<i32>(column + columnKind);
  if (kind === kindIsoTime) {
    const value = isoAt(column, start);
    if (!isNaN<f64>(value)) return value;
  } else if (kind === kindEpochTime) {
    let at = start;
    let value: u64 = 0;
    for (let digit: u32 = <u32>load<u8>(at) - 48; digit <= 9 && at - start < 17; digit = <u32>load<u8>(++at) - 48) {
      value = value * 10 + digit;
    }
    if (at - start <= 16 && at > start && load<u8>(meanings + load<u8>(at)) !== plain) {
      const scale: u64 = load<u32>(column + columnScale);
      numberEnd = at;
      return value <= mostSafe / scale ? <f64>(value * scale) : NaN;
    }
  }
  const end = endOfCell(start);
  numberEnd = end;
  return readTime(<i32>number, <i32>(start - bytesAt), <i32>(end - bytesAt));
}

function isoAt(column: usize, start: usize): f64 {
  // Shorter cells end before these places, at a byte that is none of them.
  const head = load<u64>(start);
  const tail = load<u16>(start + 8);
  if (head !== load<u64>(column + columnDateHead) || tail !== load<u16>(column + columnDateTail)) {
    if (!readDate(column, start)) return NaN;
    store<u64>(column + columnDateHead, head);
    store<u16>(column + columnDateTail, tail);
  }
  const between = load<u8>(start + 10);
  if ((between !== 84 && between !== 32) || load<u8>(start + 13) !== 58 || load<u8>(start + 16) !== 58) return NaN;
  const hour = twoDigits(start + 11);
  const minute = twoDigits(start + 14);
  const second = twoDigits(start + 17);
  if (hour > 23 || minute > 59 || second > 59) return NaN;
  let at = start + 19;
  let fraction: u32 = 0;
  if (load<u8>(at) === 46) {
    const first = ++at;
    let unit: u32 = 100000;
    for (let digit: u32 = <u32>load<u8>(at) - 48; digit <= 9; digit = <u32>load<u8>(++at) - 48) {
      fraction += digit * unit;
      unit /= 10;
    }
    if (at === first) return NaN;
  }
  if (load<u8>(at) !== 90 || load<u8>(meanings + load<u8>(at + 1)) === plain) return NaN;
  numberEnd = at + 1;
  const seconds: i64 = hour * 3600 + minute * 60 + second;
  return <f64>(load<i64>(column + columnDay) + seconds * 1000000 + fraction);
}

/** Reads `YYYY-MM-DD` of a day that exists. */
function readDate(column: usize, start: usize): bool {
  const century = twoDigits(start);
  const years = twoDigits(start + 2);
  const month = twoDigits(start + 5);
  const day = twoDigits(start + 8);
  if (load<u8>(start + 4) !== 45 || load<u8>(start + 7) !== 45) return false;
  if (century < 19 || century > 99 || years > 99 || month < 1 || month > 12 || day < 1) return false;
  const year = century * 100 + years;
  const leap = (year % 4 === 0 && year % 100 !== 0) || year % 400 === 0;
  const longest: u32 =
    month === 2 ? (leap ? 29 : 28) : month === 4 || month === 6 || month === 9 || month === 11 ? 30 : 31;
  if (day > longest) return false;
  // Days of the civil calendar, counted in years that begin in March (Hinnant).
  const shifted: i64 = month > 2 ? <i64>year : <i64>year - 1;
  const sinceMarch: i64 = month > 2 ? <i64>month - 3 : <i64>month + 9;
  const ofYear = (153 * sinceMarch + 2) / 5 + <i64>day - 1;
  const days = shifted * 365 + shifted / 4 - shifted / 100 + shifted / 400 + ofYear - 719468;
  store<i64>(column + columnDay, days * dayUs);
  return true;
}

/** Finds the word among those the column knows, or has it read, and puts what it stands for into its slot; returns its end, or 0. */
function wordAt(number: u32, column: usize, slot: usize, start: usize): usize {
  const begins = load<u32>(start);
  const recent = column + columnRecent + <usize>((begins ^ (begins >> 6) ^ (begins >> 12)) & recentMask) * 2;
  const likely = load<u16>(recent);
  if (likely !== 0) {
    const size = <usize>load<u8>(column + columnSizes + likely - 1);
    if (load<u8>(meanings + load<u8>(start + size)) !== plain && isWord(column, likely - 1, start, size)) {
      return taken(column, likely - 1, slot, start + size);
    }
  }
  let mixed: u32 = 0;
  let end = start;
  for (; load<u8>(meanings + load<u8>(end)) === plain; end++) mixed = (mixed ^ load<u8>(end)) * 0x01000193;
  const size = end - start;
  if (size > longestWord) return 0;
  for (let place = (mixed ^ (mixed >> 15)) & tableMask; ; place = (place + 1) & tableMask) {
    const entry = column + columnTable + <usize>place * 2;
    const known = load<u16>(entry);
    if (known !== 0) {
      if (load<u8>(column + columnSizes + known - 1) !== size || !isWord(column, known - 1, start, size)) continue;
      store<u16>(recent, known);
      return taken(column, known - 1, slot, end);
    }
    const fresh = load<u32>(column + columnWords);
    if (fresh === mostWords) return 0;
    const value = isBare(start, end) ? readWord(<i32>number, <i32>(start - bytesAt), <i32>(end - bytesAt)) : -1;
    memory.copy(column + columnBytes + <usize>fresh * longestWord, start, size);
    store<u8>(column + columnSizes + fresh, <u8>size);
    store<i32>(column + columnValues + <usize>fresh * 4, value);
    store<u32>(column + columnWords, fresh + 1);
    store<u16>(entry, <u16>(fresh + 1));
    store<u16>(recent, <u16>(fresh + 1));
    return taken(column, fresh, slot, end);
  }
  return 0;
}

function taken(column: usize, word: u32, slot: usize, end: usize): usize {
  const value = load<i32>(column + columnValues + <usize>word * 4);
  if (value === -1) return 0;
  store<i32>(slot, value === -2 ? -1 : value);
  return end;
}

/** Whether these bytes, none of which ends a cell, are the word's. What lies behind a block may be read, and is left out. */
function isWord(column: usize, word: u32, start: usize, size: usize): bool {
  const own = column + columnBytes + <usize>word * longestWord;
  let at: usize = 0;
  for (; at + 8 <= size; at += 8) if (load<u64>(own + at) !== load<u64>(start + at)) return false;
  const rest = size - at;
  if (rest === 0) return true;
  return (load<u64>(own + at) ^ load<u64>(start + at)) << ((8 - rest) * 8) === 0;
}

/** Code of a text in this block: codes are given in the order the texts come; 0 = unknown or empty. */
function codeOf(field: usize, text: u32): u16 {
  if (load<i32>(texts + <usize>text * 8 + 4) <= 0) return 0;
  const entry = codes + (field * mostTexts + text) * 4;
  const known = load<u32>(entry);
  if (known >> 16 === block) return <u16>known;
  const code = load<u32>(codeCounts + field * 4) + 1;
  store<u32>(codeCounts + field * 4, code);
  store<u32>(codeTexts + (field * mostTexts + code) * 4, text);
  store<u32>(entry, (block << 16) | code);
  return <u16>code;
}

/** Number of the group of the row's strategy, symbol and day; -1 = there are too many. */
function groupOf(atUs: i64): i32 {
  const ofStrategy = load<u32>(slots + strategy);
  const ofSymbol = load<u32>(slots + symbol);
  const lastEntry = lastGroups + <usize>ofSymbol * 4;
  const lastKnown = load<u32>(lastEntry);
  if (lastKnown >> 16 === block) {
    const group = groups + <usize>(lastKnown & 0xffff) * groupStride;
    const startUs = load<i64>(group + groupStart);
    if (load<u32>(group + groupStrategy) === ofStrategy && atUs >= startUs && atUs < startUs + dayUs) {
      return lastKnown & 0xffff;
    }
  }
  const startUs = (atUs / dayUs) * dayUs;
  let mixed: u32 = (ofSymbol * 0x9e3779b1) ^ (ofStrategy * 0x85ebca6b) ^ (<u32>(startUs / dayUs) * 0xc2b2ae35);
  mixed ^= mixed >> 15;
  for (let place = mixed & groupMask; ; place = (place + 1) & groupMask) {
    const entry = groupTable + <usize>place * 2;
    const known = load<u16>(entry);
    if (known === 0) {
      if (groupCount === mostGroups) return -1;
      const fresh = groupCount++;
      const group = groups + <usize>fresh * groupStride;
      store<u32>(group + groupStrategy, ofStrategy);
      store<u32>(group + groupSymbol, ofSymbol);
      store<i64>(group + groupStart, startUs);
      store<i32>(group + groupVenue, -1);
      store<u16>(entry, <u16>groupCount);
      store<u32>(lastEntry, (block << 16) | fresh);
      return fresh;
    }
    const group = groups + <usize>(known - 1) * groupStride;
    if (load<u32>(group + groupStrategy) !== ofStrategy || load<u32>(group + groupSymbol) !== ofSymbol) continue;
    if (load<i64>(group + groupStart) !== startUs) continue;
    store<u32>(lastEntry, (block << 16) | (known - 1));
    return known - 1;
  }
  return -1;
}

/** Hash of which trade the row tells, where it has a trade id; otherwise 0. */
let tradeWord: u32 = 0;

/** Makes the hash of the row, as of row-identity.ts, into {@link low} and {@link high}. */
function identify(group: usize, row: usize, step: usize, ids: usize, idStep: usize): void {
  const ofVenue = load<i32>(slots + venue);
  const ofAccount = load<i32>(slots + account);
  if (load<i32>(group + groupVenue) !== ofVenue || load<i32>(group + groupAccount) !== ofAccount) {
    let to = addText(hashWords, sourceText);
    to = addText(to, ofVenue);
    to = addText(to, ofAccount);
    to = addText(to, load<u32>(group + groupSymbol));
    low = 0;
    high = 0;
    mix(hashWords, to);
    store<i32>(group + groupVenue, ofVenue);
    store<i32>(group + groupAccount, ofAccount);
    store<i32>(group + groupLow, low);
    store<i32>(group + groupHigh, high);
    store<u32>(group + groupWords, <u32>(to - hashWords) / 4);
  }
  low = load<i32>(group + groupLow);
  high = load<i32>(group + groupHigh);
  let to = addId(hashWords, ids, idStep);
  const hasTradeId = load<u32>(hashWords) !== 0;
  if (!hasTradeId) {
    to = addId(to, ids + idStep, idStep);
    to = addId(to, ids + 2 * idStep, idStep);
  }
  to = addNumber(to, load<f64>(row));
  to = addNumber(to, load<f64>(row + step));
  to = addNumber(to, load<f64>(row + 2 * step));
  store<i32>(to, load<i32>(slots + side));
  to += 4;
  let from = hashWords;
  tradeWord = 0;
  if (hasTradeId) {
    mix(from, to);
    tradeWord = low;
    from = to;
    to = addId(to, ids + idStep, idStep);
    to = addId(to, ids + 2 * idStep, idStep);
    to = addNumber(to, load<f64>(row + 3 * step));
    to = addText(to, load<u32>(slots + feeCurrency));
    store<i32>(to, load<i32>(slots + liquidity) | (load<i32>(slots + paper) << 2));
    to = addOrderFacts(to + 4, row, step, load<u32>(slots + version));
  } else to = addNumber(to, load<f64>(row + 3 * step));
  mix(from, to);
  finish(load<u32>(group + groupWords) + <u32>(to - hashWords) / 4);
}

/** Hash of what a row without a trade id says besides which one it is; 0 when that is nothing. Leaves nothing else as it was. */
function factWord(row: usize, step: usize): u32 {
  const kind = load<i32>(slots + liquidity) | (load<i32>(slots + paper) << 2);
  let currency = load<u32>(slots + feeCurrency);
  if (load<i32>(texts + <usize>currency * 8 + 4) <= 0) currency = 0;
  let to = addOrderFacts(hashWords, row, step, 0);
  if (load<u32>(hashWords) === 0 && kind === 0 && currency === 0) return 0;
  to = addText(to, currency);
  store<i32>(to, kind);
  to += 4;
  low = 0;
  high = 0;
  mix(hashWords, to);
  finish(<u32>(to - hashWords) / 4);
  return low === 0 ? 1 : low;
}

/** Adds what is known of the row's order and version. */
function addOrderFacts(to: usize, row: usize, step: usize, versionText: u32): usize {
  const decided = load<f64>(row + 4 * step);
  const submitted = load<f64>(row + 5 * step);
  const arrival = load<f64>(row + 6 * step);
  const intended = load<f64>(row + 7 * step);
  if (load<i32>(texts + <usize>versionText * 8 + 4) <= 0) versionText = 0;
  const known =
    (!isNaN<f64>(decided) ? 1 : 0) |
    (!isNaN<f64>(submitted) ? 2 : 0) |
    (!isNaN<f64>(arrival) ? 4 : 0) |
    (!isNaN<f64>(intended) ? 8 : 0) |
    (versionText !== 0 ? 16 : 0);
  store<i32>(to, known);
  to += 4;
  if (known === 0) return to;
  to = addNumber(to, decided);
  to = addNumber(to, submitted);
  to = addNumber(to, arrival);
  to = addNumber(to, intended);
  return addText(to, versionText);
}

function addNumber(to: usize, value: f64): usize {
  store<f64>(to, value + 0);
  return to + 8;
}

/** Adds the size of the id and its bytes, the last word filled up with zeros. */
function addId(to: usize, ids: usize, idStep: usize): usize {
  const start = load<u32>(ids);
  const size = load<u32>(ids + 3 * idStep) - start;
  store<u32>(to, size);
  to += 4;
  const from = bytesAt + start;
  let at: usize = 0;
  for (; at + 4 <= size; at += 4) store<u32>(to + at, load<u32>(from + at));
  if (at === size) return to + at;
  store<u32>(to + at, load<u32>(from + at) & (((<u32>1) << (<u32>((size - at) * 8))) - 1));
  return to + at + 4;
}

function addText(to: usize, text: u32): usize {
  const from = <usize>load<u32>(texts + <usize>text * 8);
  const units = load<i32>(texts + <usize>text * 8 + 4);
  store<i32>(to, units);
  to += 4;
  if (units <= 0) return to;
  const size = ((<usize>units + 1) >> 1) * 4;
  memory.copy(to, from, size);
  return to + size;
}

/** Mixes words into {@link low} and {@link high}, as of shared/base/hash.ts. */
function mix(from: usize, to: usize): void {
  let a = low;
  let b = high;
  for (let at = from; at < to; at += 4) {
    const word = load<i32>(at);
    a ^= rotl<i32>(word * 0x239b961b, 15) * <i32>0xab0e9789;
    a = (rotl<i32>(a, 19) + b) * 5 + 0x561ccd1b;
    b ^= rotl<i32>(word * 0x38b34ae5, 17) * <i32>0xa1e38b93;
    b = (rotl<i32>(b, 15) + a) * 5 + <i32>0x96cd1c35;
  }
  low = a;
  high = b;
}

function finish(words: u32): void {
  let a = low ^ words;
  let b = high ^ words;
  a += b;
  b += a;
  a = avalanche(a);
  b = avalanche(b);
  a += b;
  b += a;
  low = a;
  high = b;
}

function avalanche(word: u32): u32 {
  word = (word ^ (word >> 16)) * 0x85ebca6b;
  word = (word ^ (word >> 13)) * 0xc2b2ae35;
  return word ^ (word >> 16);
}
