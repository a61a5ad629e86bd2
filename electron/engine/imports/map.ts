/**
 * Maps: how a CSV that no format knows is read. A map is a JSON file that names the columns; maps for known layouts are in
 * resources/maps and are recognised by their header. A map makes a {@link Format}, so that everything else treats it like one.
 */
import { type Failure, FailureError, failure } from '../../../shared/base/errors';
import { fail, ok, type Result } from '../../../shared/base/result';
import {
  type ColumnSpec,
  type CsvMap,
  csvMapSchema,
  type FillsMap,
  type RoundTripsMap,
} from '../../../shared/contract/csv-map';
import type { Liquidity, Side } from '../../../shared/market/executions';
import { symbolOf } from '../../../shared/market/symbols';
import type {
  ColumnContent,
  DelimitedSample,
  ExecutionLayout,
  Format,
  ParsedExecution,
  ReadContext,
  RowOutcome,
} from './format';
import { columnTimeReader, symbolOfUser } from './formats/columns';
import { absentColumn, columnIndex, missingColumns, normaliseHeader, normaliseHeaderCell } from './formats/header';
import { cachedSymbols, execution, liquidityOfWord, orderEvent, quoted, RowCheck, sideOfWord } from './formats/row';
import { namedZone, zoneChoice } from './formats/zones';
import { decimalMarkOf } from './numbers';
import { type EpochUnit, epochReader, isoReader, patternReader, type TimeReader, utcZone } from './times';

/** Reads the text of a map file. A failure names the key, what is wrong with it, and what is allowed. */
export function readMap(text: string): Result<CsvMap> {
  let value: unknown;
  try {
    value = JSON.parse(text.replace(/^\ufeff/, ''));
  } catch (thrown) {
    return fail(mapFailure(`the text is no JSON: ${thrown instanceof Error ? thrown.message : String(thrown)}`));
  }
  const parsed = csvMapSchema.safeParse(value);
  if (!parsed.success) {
    const issue = parsed.error.issues[0];
    const path = issue === undefined || issue.path.length === 0 ? 'the map' : issue.path.map(String).join('.');
    return fail(mapFailure(`${path}: ${issue?.message ?? 'is not valid'}`));
  }
  const problem = contradiction(parsed.data);
  return problem === null ? ok(parsed.data) : fail(mapFailure(problem));
}

function mapFailure(problem: string): Failure {
  return failure(
    'map-invalid',
    `The map cannot be used: ${problem}.`,
    'Correct the map; "lockstep formats" shows the ready-made ones.',
    {
      problem,
    },
  );
}

/** What the schema cannot say: a map that could never read a row. */
function contradiction(map: CsvMap): string | null {
  if (map.time.zone !== undefined && !isZone(map.time.zone)) {
    return `time.zone: "${map.time.zone}" is no IANA zone, UTC or offset such as +05:30`;
  }
  if (map.time.format !== 'auto' && timeReaderOf(map.time.format, isoReader({ zone: utcZone })) === null) {
    return `time.format: "${map.time.format}" is neither iso, epoch-s, epoch-ms, epoch-us, epoch-ns, auto, nor a pattern with year, month and day`;
  }
  if (map.headerless === true && map.header !== undefined) {
    return 'headerless: a file without a header is not recognised by one; leave out "header" and name the map with --map';
  }
  const hasQuantity = map.columns.quantity !== undefined || map.constants.quantity !== undefined;
  if (map.kind === 'roundTrips' && map.quantityFromProfit && map.columns.profit === undefined) {
    return 'quantityFromProfit needs columns.profit';
  }
  if (!hasQuantity && !(map.kind === 'roundTrips' && map.quantityFromProfit)) {
    return 'columns.quantity or constants.quantity is missing';
  }
  return null;
}

function isZone(name: string): boolean {
  try {
    namedZone(name);
    return true;
  } catch (thrown) {
    if (thrown instanceof FailureError) return false;
    throw thrown;
  }
}

const epochUnits: Readonly<Record<string, EpochUnit>> = {
  'epoch-s': 's',
  'epoch-ms': 'ms',
  'epoch-us': 'us',
  'epoch-ns': 'ns',
};

function timeReaderOf(format: string, iso: TimeReader, choice = { zone: utcZone }): TimeReader | null {
  if (format === 'iso') return iso;
  const unit = epochUnits[format];
  return unit === undefined ? patternReader(format, choice) : epochReader(unit);
}

/**
 * The format that reads files by this map.
 * @param origin a map the desk saved for a header is certain of it; one that ships only knows what others have written so
 */
export function formatOfMap(map: CsvMap, origin: 'ships' | 'saved' = 'ships'): Format {
  const signature = map.header === undefined ? null : normaliseHeader(map.header);
  return {
    id: map.id,
    title: map.title,
    describes:
      map.kind === 'fills'
        ? 'Read by a map: every line is a fill.'
        : 'Read by a map: every line is a round trip and becomes its entry and its exit.',
    kind: 'executions',
    exampleHeader: map.header?.join(',') ?? null,
    ...(map.header !== undefined && map.exampleRows !== undefined && { exampleRows: map.exampleRows }),
    impliedSource: null,
    map,
    recognise(sample) {
      if (
        sample.kind !== 'delimited' ||
        sample.headerLine === 0 ||
        signature === null ||
        signature.length !== sample.header.length
      )
        return null;
      if (!signature.every((name, index) => name === sample.header[index])) return null;
      return origin === 'saved'
        ? { confidence: 1, reason: `your map "${map.title}", saved for this header`, saved: true }
        : { confidence: 0.9, reason: `header of the map "${map.title}" (${map.id})` };
    },
    reader: {
      shape: 'delimited',
      ...(map.headerless === true && { headerless: true }),
      open(rawHeader, context, sample) {
        const columns = new MappedColumns(map, normaliseHeader(rawHeader), context, sample);
        return map.kind === 'fills' ? fillsReader(map, columns) : roundTripsReader(map, columns);
      },
      layout(rawHeader, context, sample) {
        if (map.kind !== 'fills' || decimalMarkOf(sample) !== '.') return null;
        return fillsLayout(
          map,
          normaliseHeader(rawHeader),
          new MappedColumns(map, normaliseHeader(rawHeader), context, sample),
        );
      },
    },
  };
}

type Cells = readonly string[];
type Getter = (cells: Cells) => string | undefined;

/** The columns of one file as the map names them. */
class MappedColumns {
  readonly check: RowCheck;
  readonly symbolOf: (cells: Cells) => string;
  private readonly missing: string[] = [];

  constructor(
    private readonly map: CsvMap,
    private readonly header: readonly string[],
    readonly context: ReadContext,
    private readonly sample: DelimitedSample,
  ) {
    this.check = new RowCheck(decimalMarkOf(sample));
    const symbol = map.columns.symbol;
    const constant = map.constants.symbol;
    const cached = cachedSymbols(symbolOf);
    if (symbol !== undefined) {
      const get = this.getter(symbol);
      this.symbolOf = (cells) => cached(this.check.requiredText('symbol', get(cells)));
    } else {
      const fixed = constant === undefined ? symbolOfUser(context) : symbolOf(constant);
      this.symbolOf = () => fixed;
    }
  }

  /** Reads the column as text; a column the map does not name is unknown in every row. */
  getter(spec: ColumnSpec | undefined): Getter {
    if (spec === undefined) return () => undefined;
    const index = this.index(spec);
    if (typeof spec === 'string') return (cells) => cells[index];
    return (cells) => {
      const cell = cells[index] ?? '';
      const start = cell.indexOf(spec.after);
      if (start === -1) return undefined;
      const rest = cell.slice(start + spec.after.length);
      const end = rest.indexOf(spec.until);
      return end === -1 ? undefined : rest.slice(0, end);
    };
  }

  timeReader(spec: ColumnSpec): TimeReader {
    const { zone } = this.map.time;
    const choice = zoneChoice({ ...this.context, zone: this.context.zone ?? zone ?? null }, null);
    if (this.map.time.format !== 'auto') {
      return timeReaderOf(this.map.time.format, isoReader(choice), choice) ?? isoReader(choice);
    }
    const get = this.getter(spec);
    const rows = this.sample.rows.map((cells) => [get(cells) ?? '']);
    return columnTimeReader(typeof spec === 'string' ? spec : spec.column, 0, { rows }, choice);
  }

  /** Called when all getters are made. */
  failOnMissing(): void {
    if (this.missing.length > 0) throw missingColumns(`the map ${this.map.id}`, this.missing, this.header);
  }

  private index(spec: ColumnSpec): number {
    const name = typeof spec === 'string' ? spec : spec.column;
    const index = mappedColumn(this.header, name);
    if (index === absentColumn && !this.missing.includes(name)) this.missing.push(name);
    return index;
  }
}

/** A column by its name; where none is called so, `#3` is the third: for headers that name a column twice, or not at all. */
function mappedColumn(header: readonly string[], name: string): number {
  const index = columnIndex(header, normaliseHeaderCell(name));
  const place = index === absentColumn ? /^#([1-9]\d{0,3})$/.exec(name)?.[1] : undefined;
  return place !== undefined && Number(place) <= header.length ? Number(place) - 1 : index;
}

/** Which of the lists the word is in, whatever its case; undefined = in none. */
function wordTable<Meaning>(
  lists: readonly (readonly [Meaning, readonly string[] | undefined])[],
): ReadonlyMap<string, Meaning> {
  const table = new Map<string, Meaning>();
  for (const [meaning, list] of lists) for (const word of list ?? []) table.set(word.trim().toLowerCase(), meaning);
  return table;
}

function mappedSides({ sides }: FillsMap): ReadonlyMap<string, Side> | undefined {
  return (
    sides &&
    wordTable<Side>([
      ['buy', sides.buy],
      ['sell', sides.sell],
    ])
  );
}

function mappedLiquidities({ liquidity }: FillsMap): ReadonlyMap<string, Liquidity> | undefined {
  return (
    liquidity &&
    wordTable<Liquidity>([
      ['maker', liquidity.maker],
      ['taker', liquidity.taker],
    ])
  );
}

/** Where the fills lie; null where the map asks for more than columns: parts of cells, states of orders, turned signs. */
function fillsLayout(map: FillsMap, header: readonly string[], columns: MappedColumns): ExecutionLayout | null {
  const { columns: specs, constants } = map;
  if (map.status !== undefined || map.feeSign !== 'positivePaid' || specs.quantity === undefined) return null;
  if (Object.values(specs).some((spec) => typeof spec !== 'string')) return null;
  const time = columns.timeReader(specs.time);
  const own = (word: string) => word;
  const [sides, liquidities] = [mappedSides(map), mappedLiquidities(map)];
  const contents: readonly (readonly [ColumnSpec | undefined, ColumnContent])[] = [
    [specs.symbol, { field: 'symbol', read: symbolOf }],
    [specs.time, { field: 'executedAtUs', time }],
    [specs.side, { field: 'side', read: (word) => (sides ? sides.get(word.toLowerCase()) : sideOfWord(word)) }],
    [specs.price, { field: 'price' }],
    [specs.quantity, { field: 'quantity' }],
    [specs.fee, { field: 'fee' }],
    [specs.feeCurrency, { field: 'feeCurrency', read: (word) => word.toUpperCase() }],
    [
      specs.liquidity,
      {
        field: 'liquidity',
        read: (word) => (liquidities ? liquidities.get(word.toLowerCase()) : liquidityOfWord(word)),
      },
    ],
    [specs.tradeId, { field: 'tradeId' }],
    [specs.orderId, { field: 'orderId' }],
    [specs.clientOrderId, { field: 'clientOrderId' }],
    [specs.decidedAt, { field: 'decidedAtUs', time }],
    [specs.submittedAt, { field: 'submittedAtUs', time }],
    [specs.arrivalPrice, { field: 'arrivalPrice' }],
    [specs.intendedQuantity, { field: 'intendedQuantity' }],
    [specs.venue, { field: 'venue', read: own }],
    [specs.account, { field: 'account', read: own }],
    [specs.strategy, { field: 'strategy', read: own }],
    [specs.version, { field: 'version', read: own }],
  ];
  return {
    columns: contents.flatMap(([spec, content]) =>
      typeof spec === 'string' ? [{ index: mappedColumn(header, spec), ...content }] : [],
    ),
    // Where the log names its instruments, a row without one is not read as another's.
    constants: {
      venue: constants.venue ?? null,
      account: constants.account ?? null,
      strategy: constants.strategy ?? null,
      version: constants.version ?? null,
      feeCurrency: constants.feeCurrency ?? null,
      symbol: specs.symbol === undefined ? columns.symbolOf([]) : null,
      paper: constants.paper ?? false,
    },
  };
}

function fillsReader(map: FillsMap, columns: MappedColumns): (row: { cells: Cells }) => RowOutcome {
  const { check, symbolOf: symbolOfRow } = columns;
  const { constants } = map;
  const specs = map.columns;
  const [side, price, quantity] = [
    columns.getter(specs.side),
    columns.getter(specs.price),
    columns.getter(specs.quantity),
  ];
  const [fee, feeCurrency, liquidity] = [
    columns.getter(specs.fee),
    columns.getter(specs.feeCurrency),
    columns.getter(specs.liquidity),
  ];
  const [tradeId, orderId, clientOrderId] = [
    columns.getter(specs.tradeId),
    columns.getter(specs.orderId),
    columns.getter(specs.clientOrderId),
  ];
  const [decidedAt, submittedAt] = [columns.getter(specs.decidedAt), columns.getter(specs.submittedAt)];
  const [arrivalPrice, intendedQuantity] = [columns.getter(specs.arrivalPrice), columns.getter(specs.intendedQuantity)];
  const [venue, account] = [columns.getter(specs.venue), columns.getter(specs.account)];
  const [strategy, version] = [columns.getter(specs.strategy), columns.getter(specs.version)];
  const time = columns.getter(specs.time);
  const status = columns.getter(map.status?.column);
  const timeReader = columns.timeReader(specs.time);
  columns.failOnMissing();

  const sideOfMap = mappedSides(map);
  const liquidityOfMap = mappedLiquidities(map);
  const statusOfWord =
    map.status &&
    wordTable<'filled' | 'submitted' | 'rejected' | 'cancelled' | 'expired'>([
      ['filled', map.status.filled],
      ['submitted', map.status.submitted],
      ['rejected', map.status.rejected],
      ['cancelled', map.status.cancelled],
      ['expired', map.status.expired],
    ]);
  const feeSign = map.feeSign === 'positivePaid' ? 1 : -1;

  const readSide = (raw: string | undefined): Side => {
    if (sideOfMap === undefined) return check.side('side', raw);
    const known = sideOfMap.get(raw?.trim().toLowerCase() ?? '');
    if (known === undefined) check.refuse(`side is ${quoted(raw)}, which the map does not know`);
    return known ?? 'buy';
  };
  const readLiquidity = (raw: string | undefined): Liquidity | null => {
    if (liquidityOfMap === undefined) return check.liquidity('liquidity', raw);
    if (raw === undefined || raw.trim() === '') return null;
    const known = liquidityOfMap.get(raw.trim().toLowerCase());
    if (known === undefined) check.refuse(`liquidity is ${quoted(raw)}, which the map does not know`);
    return known ?? null;
  };

  return ({ cells }) => {
    check.reset();
    const symbol = symbolOfRow(cells);
    const atUs = check.requiredTime('time', time(cells), timeReader);
    const state = statusOfWord === undefined ? 'filled' : statusOfWord.get(status(cells)?.trim().toLowerCase() ?? '');
    if (state === undefined) check.refuse(`status is ${quoted(status(cells))}, which the map does not know`);
    const facts = {
      symbol,
      side: readSide(side(cells)),
      venue: check.text('venue', venue(cells)) ?? constants.venue ?? null,
      account: check.text('account', account(cells)) ?? constants.account ?? null,
      strategy: check.text('strategy', strategy(cells)) ?? constants.strategy ?? null,
      version: check.text('version', version(cells)) ?? constants.version ?? null,
      orderId: check.text('orderId', orderId(cells)),
      clientOrderId: check.text('clientOrderId', clientOrderId(cells)),
      intendedQuantity: check.optionalPositive('intendedQuantity', intendedQuantity(cells)),
      paper: constants.paper ?? false,
    };
    if (state !== undefined && state !== 'filled') {
      const asked = check.number('price', price(cells));
      const event = orderEvent({
        ...facts,
        kind: state,
        atUs,
        price: asked !== null && asked > 0 ? asked : null,
        intendedQuantity: facts.intendedQuantity ?? (check.number('quantity', quantity(cells)) || null),
      });
      return check.problem === null ? { kind: 'orderEvents', orderEvents: [event] } : check.quarantine(symbol, atUs);
    }
    const paid = check.number('fee', fee(cells));
    const fill = execution({
      symbol,
      side: facts.side,
      venue: facts.venue,
      account: facts.account,
      strategy: facts.strategy,
      version: facts.version,
      orderId: facts.orderId,
      clientOrderId: facts.clientOrderId,
      intendedQuantity: facts.intendedQuantity,
      paper: facts.paper,
      price: check.positive('price', price(cells)),
      quantity:
        specs.quantity === undefined ? (constants.quantity ?? Number.NaN) : check.positive('quantity', quantity(cells)),
      fee: paid === null ? null : paid * feeSign + 0,
      feeCurrency: check.text('feeCurrency', feeCurrency(cells))?.toUpperCase() ?? constants.feeCurrency ?? null,
      liquidity: readLiquidity(liquidity(cells)),
      executedAtUs: atUs,
      tradeId: check.text('tradeId', tradeId(cells)),
      decidedAtUs: check.time('decidedAt', decidedAt(cells), timeReader),
      submittedAtUs: check.time('submittedAt', submittedAt(cells), timeReader),
      arrivalPrice: check.optionalPositive('arrivalPrice', arrivalPrice(cells)),
    });
    return check.problem === null ? { kind: 'executions', executions: [fill] } : check.quarantine(symbol, atUs);
  };
}

function roundTripsReader(
  map: RoundTripsMap,
  columns: MappedColumns,
): (row: { cells: Cells; line: number }) => RowOutcome {
  const { check, context, symbolOf: symbolOfRow } = columns;
  const { constants } = map;
  const specs = map.columns;
  const [entryTime, exitTime] = [columns.getter(specs.entryTime), columns.getter(specs.exitTime)];
  const [entryPrice, exitPrice] = [columns.getter(specs.entryPrice), columns.getter(specs.exitPrice)];
  const [direction, quantity, profit] = [
    columns.getter(specs.direction),
    columns.getter(specs.quantity),
    columns.getter(specs.profit),
  ];
  const [entryFee, exitFee, feeCurrency] = [
    columns.getter(specs.entryFee),
    columns.getter(specs.exitFee),
    columns.getter(specs.feeCurrency),
  ];
  const [tradeId, venue, account] = [
    columns.getter(specs.tradeId),
    columns.getter(specs.venue),
    columns.getter(specs.account),
  ];
  const [strategy, version] = [columns.getter(specs.strategy), columns.getter(specs.version)];
  const entryReader = columns.timeReader(specs.entryTime);
  const exitReader = columns.timeReader(specs.exitTime);
  columns.failOnMissing();

  const entrySideOfWord = wordTable<Side>([
    ['buy', map.directions?.long ?? ['long', 'buy']],
    ['sell', map.directions?.short ?? ['short', 'sell']],
  ]);
  const feeSign = map.feeSign === 'positivePaid' ? 1 : -1;
  let signTold = false;
  if (specs.quantity === undefined && constants.quantity === undefined) {
    context.warn(
      'The file states no quantity; it is worked out as profit divided by the difference of exit and entry price.',
    );
  }

  /** Works the size out of what it earned; nine digits, because the profit carries the noise of its own subtraction. */
  const quantityOfProfit = (cells: Cells, entry: number, exit: number | null): number => {
    const earned = check.requiredNumber('profit', profit(cells));
    if (exit === null || exit === entry || !(Math.abs(earned) > 0)) {
      check.refuse('the quantity cannot be worked out: entry and exit price are equal, or the trade is still open');
      return Number.NaN;
    }
    return Number(Math.abs(earned / (exit - entry)).toPrecision(9));
  };

  return ({ cells, line }) => {
    check.reset();
    const symbol = symbolOfRow(cells);
    const enteredAtUs = check.requiredTime('entry time', entryTime(cells), entryReader);
    const exitedAtUs = check.time('exit time', exitTime(cells), exitReader);
    const entry = check.positive('entry price', entryPrice(cells));
    const exit = exitedAtUs === null ? null : check.positive('exit price', exitPrice(cells));
    if (exitedAtUs !== null && exitedAtUs < enteredAtUs) check.refuse('the exit is before the entry');
    const side = entrySideOfWord.get(direction(cells)?.trim().toLowerCase() ?? '');
    if (side === undefined) check.refuse(`direction is ${quoted(direction(cells))}, which is neither long nor short`);
    const size =
      specs.quantity !== undefined
        ? check.positive('quantity', quantity(cells))
        : (constants.quantity ?? quantityOfProfit(cells, entry, exit));
    const earned = check.number('profit', profit(cells));
    const feeOf = (name: string, get: Getter): number | null => {
      const paid = check.number(name, get(cells));
      return paid === null ? null : paid * feeSign + 0;
    };
    const id = check.text('tradeId', tradeId(cells));
    const common = {
      symbol,
      quantity: size,
      venue: check.text('venue', venue(cells)) ?? constants.venue ?? null,
      account: check.text('account', account(cells)) ?? constants.account ?? null,
      strategy: check.text('strategy', strategy(cells)) ?? constants.strategy ?? null,
      version: check.text('version', version(cells)) ?? constants.version ?? null,
      feeCurrency: check.text('feeCurrency', feeCurrency(cells))?.toUpperCase() ?? constants.feeCurrency ?? null,
      paper: constants.paper ?? false,
    };
    const fills: ParsedExecution[] = [
      execution({
        ...common,
        side: side ?? 'buy',
        price: entry,
        executedAtUs: enteredAtUs,
        fee: feeOf('entry fee', entryFee),
        tradeId: id === null ? null : `${id}-entry`,
      }),
    ];
    if (exitedAtUs !== null && exit !== null) {
      fills.push(
        execution({
          ...common,
          side: side === 'buy' ? 'sell' : 'buy',
          price: exit,
          executedAtUs: exitedAtUs,
          fee: feeOf('exit fee', exitFee),
          tradeId: id === null ? null : `${id}-exit`,
        }),
      );
      const gain = (exit - entry) * (side === 'buy' ? 1 : -1);
      // A small profit may turn negative by fees; one that mirrors the price move exactly was signed by another rule.
      if (
        !signTold &&
        earned !== null &&
        gain * earned < 0 &&
        Math.abs(Math.abs(earned) - Math.abs(gain) * size) <= 1e-6 * Math.abs(earned)
      ) {
        signTold = true;
        context.warn(
          `The profit has the sign of the opposite direction, first on line ${line}; direction and prices are believed, the profit is not.`,
        );
      }
    }
    return check.problem === null ? { kind: 'executions', executions: fills } : check.quarantine(symbol, enteredAtUs);
  };
}
