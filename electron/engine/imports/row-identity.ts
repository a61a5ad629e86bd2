import { ContentHash } from '../../../shared/base/hash';
import type { Source } from '../../../shared/market/executions';
import type { ExecutionBytes } from './execution-bytes';
import type { ParsedExecution } from './format';

/**
 * What makes two rows the same: the hash of a row. With a trade id it is of all the row says; without one it is told by its order
 * ids, time, side, price, quantity and fee, and what else it says is kept apart as its facts.
 */

/** Bytes of an id from start to end; empty = unknown. */
export interface IdBytes {
  readonly bytes: Uint8Array;
  readonly start: number;
  readonly end: number;
}

export interface RowIds {
  readonly tradeId: IdBytes;
  readonly orderId: IdBytes;
  readonly clientOrderId: IdBytes;
}

type HashState = ReturnType<ContentHash['state']>;

/** Makes the hashes of rows, one at a time: what {@link identify} finds stays until it is called again. */
export class RowIdentity {
  /** Halves of the hash; of a row without a trade id before it is known as the how-manieth of its equals it stands. */
  low = 0;
  high = 0;
  hasTradeId = false;
  /** Hash of which trade the row tells, where it has a trade id; otherwise 0. */
  tradeWord = 0;
  /** Hash of what a row without a trade id says besides which one it is; 0 when that is nothing. */
  factWord = 0;
  private readonly hash = new ContentHash();

  constructor(private readonly source: Source) {}

  /** The part of the hash that rows of one venue, account and symbol share. */
  prefixOf({ venue, account, symbol }: ExecutionBytes | ParsedExecution): HashState {
    return this.hash.reset().addText(this.source).addText(venue).addText(account).addText(symbol).state();
  }

  /** @param kind liquidity code, and 4 when the execution is on paper */
  identify(prefix: HashState, execution: ExecutionBytes | ParsedExecution, ids: RowIds, kind: number): void {
    const { hash } = this;
    const { tradeId, orderId, clientOrderId } = ids;
    this.hasTradeId = tradeId.end > tradeId.start;
    this.tradeWord = 0;
    this.factWord = 0;
    hash.reset(prefix).addBytes(tradeId.bytes, tradeId.start, tradeId.end);
    if (!this.hasTradeId) {
      hash.addBytes(orderId.bytes, orderId.start, orderId.end);
      hash.addBytes(clientOrderId.bytes, clientOrderId.start, clientOrderId.end);
    }
    hash.addNumber(execution.executedAtUs).addNumber(execution.price).addNumber(execution.quantity);
    hash.addWord(execution.side === 'buy' ? 1 : -1);
    if (this.hasTradeId) {
      this.tradeWord = hash.low;
      hash.addBytes(orderId.bytes, orderId.start, orderId.end);
      hash.addBytes(clientOrderId.bytes, clientOrderId.start, clientOrderId.end);
      hash.addNumber(execution.fee).addText(execution.feeCurrency);
      hash.addWord(kind);
      addOrderFacts(hash, execution, execution.version);
    } else hash.addNumber(execution.fee);
    hash.finish();
    this.low = hash.low;
    this.high = hash.high;
    if (!this.hasTradeId) this.factWord = factWord(hash, execution, kind);
  }
}

function factWord(hash: ContentHash, execution: ExecutionBytes | ParsedExecution, kind: number): number {
  hash.reset();
  // Of which version it was is told by whoever imports as often as by the log, so it makes no other row.
  const told = addOrderFacts(hash, execution, null);
  const feeCurrency = execution.feeCurrency || null;
  if (!told && kind === 0 && feeCurrency === null) return 0;
  hash.addText(feeCurrency).addWord(kind);
  hash.finish();
  return hash.low || 1;
}

/** Adds what is known of the row's order and version; false when that is nothing. */
function addOrderFacts(
  hash: ContentHash,
  execution: ExecutionBytes | ParsedExecution,
  version: string | null,
): boolean {
  const { decidedAtUs, submittedAtUs, arrivalPrice, intendedQuantity } = execution;
  // Most logs know none of these; NaN is how plain rows say so.
  const known =
    (isKnown(decidedAtUs) ? 1 : 0) |
    (isKnown(submittedAtUs) ? 2 : 0) |
    (isKnown(arrivalPrice) ? 4 : 0) |
    (isKnown(intendedQuantity) ? 8 : 0) |
    (version ? 16 : 0);
  hash.addWord(known);
  if (known === 0) return false;
  hash.addNumber(decidedAtUs).addNumber(submittedAtUs).addNumber(arrivalPrice).addNumber(intendedQuantity);
  hash.addText(version || null);
  return true;
}

function isKnown(value: number | null): boolean {
  return value !== null && !Number.isNaN(value);
}

/** Turns the hash of a row without a trade id into that of the how-manieth such row with what else it says. */
export function finishAnonymous(hash: ContentHash, low: number, high: number, ordinal: number, facts: number): void {
  hash.reset().addWord(low);
  hash.addWord(high);
  hash.addWord(ordinal);
  if (facts !== 0) hash.addWord(facts);
  hash.finish();
}
