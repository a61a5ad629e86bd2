/**
 * Lockstep's own row, the same for CSV and JSON Lines: the names are those of the printed execution (see print.ts), so that what
 * Lockstep prints it also reads. Documented for strategy authors in resources/help/lockstep-format.md.
 */
import { type OrderEventKind, orderEventKindSchema } from '../../../../shared/market/executions';
import { symbolOf } from '../../../../shared/market/symbols';
import type { ColumnContent, ExecutionLayout, ReadContext, RowOutcome } from '../format';
import { epochReader, isoReader, utcZone } from '../times';
import { absentColumn, columnIndex } from './header';
import { cachedSymbols, liquidityOfWord, quoted, type RowCheck, sideOfWord } from './row';
import { zoneChoice } from './zones';

/** Every name that is read, in the order of the printed execution; times may be given as ISO text or, with `Us`, as a number. */
export const lockstepNames = [
  ...['type', 'source', 'venue', 'strategy', 'version', 'symbol', 'side', 'price', 'quantity', 'fee', 'feeCurrency'],
  ...['liquidity', 'executedAtUs', 'executedAt', 'tradeId', 'orderId', 'clientOrderId', 'decidedAtUs', 'decidedAt'],
  ...['submittedAtUs', 'submittedAt', 'arrivalPrice', 'intendedQuantity', 'account', 'paper'],
  ...['kind', 'atUs', 'at', 'reason', 'line'],
] as const;

/** Names no other log uses: two of them tell the format even where a required one is missing. */
const distinctiveNames = [
  ...['executedAt', 'executedAtUs', 'decidedAt', 'decidedAtUs', 'submittedAt', 'submittedAtUs'],
  ...['arrivalPrice', 'intendedQuantity', 'clientOrderId', 'feeCurrency'],
];
const executionNames = ['symbol', 'side', 'price', 'quantity'];

/** What the log of executions lacks: names that must be there. A log of order events alone needs only their own. */
export function missingNames(has: (name: string) => boolean): readonly string[] {
  if (has('type') && has('kind') && (has('at') || has('atUs')) && has('symbol')) return [];
  const missing = executionNames.filter((name) => !has(name));
  return has('executedAt') || has('executedAtUs') ? missing : [...missing, 'executedAt'];
}

/** How sure these names are Lockstep's, and what was seen; null = they are not. */
export function recogniseNames(has: (name: string) => boolean): { confidence: number; reason: string } | null {
  const missing = missingNames(has);
  if (missing.length === 0)
    return { confidence: 0.98, reason: "Lockstep's own names: symbol, side, price, quantity, executedAt" };
  const distinctive = distinctiveNames.filter(has);
  if (distinctive.length < 2 || missing.length > 2) return null;
  return {
    confidence: 0.5,
    reason: `Lockstep's own names (${distinctive.slice(0, 3).join(', ')}), but ${missing.join(' and ')} missing`,
  };
}

function paperOfWord(text: string): boolean | undefined {
  const word = text.trim().toLowerCase();
  if (word === 'true' || word === '1') return true;
  return word === 'false' || word === '0' || word === '' ? false : undefined;
}

/** The values of one row by name; undefined, null and the empty text mean unknown. */
export type LockstepValues = { readonly [Name in Exclude<(typeof lockstepNames)[number], 'line'>]?: unknown };

/** Makes the function that turns the values of one row into its outcome. */
export function lockstepRowReader(context: ReadContext, check: RowCheck): (values: LockstepValues) => RowOutcome {
  const iso = isoReader(zoneChoice(context, null));
  const micros = epochReader('us');
  const symbolOfName = cachedSymbols(symbolOf);
  const utc = isoReader({ zone: utcZone });

  /** One instant that may be given as text, as a number, or as both; both must then agree. */
  const instant = (name: string, usRaw: unknown, isoRaw: unknown): number | null => {
    const fromText = check.time(name, isoRaw, iso);
    if (usRaw === undefined || usRaw === null || usRaw === '') return fromText;
    const fromNumber =
      typeof usRaw === 'number' && Number.isSafeInteger(usRaw) ? usRaw : check.time(`${name}Us`, usRaw, micros);
    if (
      fromNumber !== null &&
      fromText !== null &&
      fromNumber !== fromText &&
      utc.read(String(isoRaw)) !== fromNumber
    ) {
      check.refuse(`${name} ${quoted(isoRaw)} and ${name}Us ${quoted(usRaw)} are different instants`);
    }
    return fromNumber;
  };

  const paperOf = (raw: unknown): boolean => {
    if (raw === undefined || raw === null || raw === '' || raw === false) return false;
    if (raw === true) return true;
    const paper = paperOfWord(String(raw));
    if (paper === undefined) check.refuse(`paper is ${quoted(raw)}, which is neither true nor false`);
    return paper ?? false;
  };

  return (values) => {
    check.reset();
    const name = check.text('symbol', values.symbol) ?? context.symbol;
    if (name === null) check.refuse('symbol is missing');
    const symbol = name === null ? '' : symbolOfName(name);
    const source = check.text('source', values.source);
    if (source !== null && source !== context.source) {
      check.refuse(`source is ${quoted(source)}, but the file is imported as ${context.source}`);
    }
    const type = check.text('type', values.type);
    if (type === 'order') {
      const kind = orderEventKindSchema.safeParse(values.kind);
      if (!kind.success) {
        check.refuse(`kind is ${quoted(values.kind)}, but must be submitted, rejected, cancelled or expired`);
      }
      const atUs = instant('at', values.atUs, values.at);
      if (atUs === null) check.refuse('at is missing');
      const event = {
        venue: check.text('venue', values.venue),
        account: check.text('account', values.account),
        strategy: check.text('strategy', values.strategy),
        version: check.text('version', values.version),
        symbol,
        side: check.text('side', values.side) === null ? null : check.side('side', values.side),
        kind: (kind.data ?? 'submitted') satisfies OrderEventKind,
        atUs: atUs ?? Number.NaN,
        orderId: check.text('orderId', values.orderId),
        clientOrderId: check.text('clientOrderId', values.clientOrderId),
        intendedQuantity: check.optionalPositive('intendedQuantity', values.intendedQuantity),
        price: check.optionalPositive('price', values.price),
        reason: check.text('reason', values.reason),
        paper: paperOf(values.paper),
      };
      return check.problem === null ? { kind: 'orderEvents', orderEvents: [event] } : check.quarantine(symbol, atUs);
    }
    if (type !== null && type !== 'execution') check.refuse(`type is ${quoted(type)}, but must be execution or order`);
    const executedAtUs = instant('executedAt', values.executedAtUs, values.executedAt);
    if (executedAtUs === null) check.refuse('executedAt is missing');
    const execution = {
      venue: check.text('venue', values.venue),
      account: check.text('account', values.account),
      strategy: check.text('strategy', values.strategy),
      version: check.text('version', values.version),
      symbol,
      side: check.side('side', values.side),
      price: check.positive('price', values.price),
      quantity: check.positive('quantity', values.quantity),
      fee: check.number('fee', values.fee),
      feeCurrency: check.text('feeCurrency', values.feeCurrency),
      liquidity: check.liquidity('liquidity', values.liquidity),
      executedAtUs: executedAtUs ?? Number.NaN,
      tradeId: check.text('tradeId', values.tradeId),
      orderId: check.text('orderId', values.orderId),
      clientOrderId: check.text('clientOrderId', values.clientOrderId),
      decidedAtUs: instant('decidedAt', values.decidedAtUs, values.decidedAt),
      submittedAtUs: instant('submittedAt', values.submittedAtUs, values.submittedAt),
      arrivalPrice: check.optionalPositive('arrivalPrice', values.arrivalPrice),
      intendedQuantity: check.optionalPositive('intendedQuantity', values.intendedQuantity),
      paper: paperOf(values.paper),
    };
    return check.problem === null
      ? { kind: 'executions', executions: [execution] }
      : check.quarantine(symbol, executedAtUs);
  };
}

/** Where the executions of a delimited file lie. A row of another type or source is left to {@link lockstepRowReader}. */
export function lockstepLayout(header: readonly string[], context: ReadContext): ExecutionLayout {
  const iso = isoReader(zoneChoice(context, null));
  const micros = epochReader('us');
  const own = (word: string) => word;
  const only = (expected: string) => (word: string) => (word === expected ? true : undefined);
  const contents: readonly (readonly [keyof LockstepValues, ColumnContent])[] = [
    ['type', { field: 'expected', read: only('execution') }],
    ['source', { field: 'expected', read: only(context.source) }],
    ['venue', { field: 'venue', read: own }],
    ['account', { field: 'account', read: own }],
    ['strategy', { field: 'strategy', read: own }],
    ['version', { field: 'version', read: own }],
    ['symbol', { field: 'symbol', read: symbolOf }],
    ['side', { field: 'side', read: sideOfWord }],
    ['price', { field: 'price' }],
    ['quantity', { field: 'quantity' }],
    ['fee', { field: 'fee' }],
    ['feeCurrency', { field: 'feeCurrency', read: own }],
    ['liquidity', { field: 'liquidity', read: liquidityOfWord }],
    ['executedAt', { field: 'executedAtUs', time: iso }],
    ['executedAtUs', { field: 'executedAtUs', time: micros }],
    ['tradeId', { field: 'tradeId' }],
    ['orderId', { field: 'orderId' }],
    ['clientOrderId', { field: 'clientOrderId' }],
    ['decidedAt', { field: 'decidedAtUs', time: iso }],
    ['decidedAtUs', { field: 'decidedAtUs', time: micros }],
    ['submittedAt', { field: 'submittedAtUs', time: iso }],
    ['submittedAtUs', { field: 'submittedAtUs', time: micros }],
    ['arrivalPrice', { field: 'arrivalPrice' }],
    ['intendedQuantity', { field: 'intendedQuantity' }],
    ['paper', { field: 'paper', read: paperOfWord }],
  ];
  return {
    columns: contents.flatMap(([name, content]) => {
      const index = columnIndex(header, name.toLowerCase());
      return index === absentColumn ? [] : [{ index, ...content }];
    }),
    constants: { symbol: context.symbol === null ? null : symbolOf(context.symbol) },
  };
}
