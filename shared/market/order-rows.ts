import { Scratch } from '../base/scratch';
import type { ExecutionColumns } from './columns';
import { equalBytes, hashOfBytes, slotsFor, wordsOf } from './text-hash';

/**
 * Which fills make one order: those with one (venue, account, order id, side); without an order id those whose venue, account, side,
 * client order id and decision time agree and that are not later than the proximity after the order's first.
 */
export interface OrderRows {
  readonly count: number;
  /** Order of each execution row; orders are numbered by their first row. */
  readonly orderOfRow: Uint32Array;
  readonly firstRow: Uint32Array;
  /** Per order: 1 = put together by proximity, 0 = by order id. */
  readonly near: Uint8Array;
}

const slotScratch = new Scratch((length) => new Uint32Array(length));
const hashScratch = new Scratch((length) => new Int32Array(length));

/**
 * Gives each fill its order through an open-addressing table over the bytes of the ids. A slot holds the latest order of its key, plus
 * one; for fills without an order id an order older than the proximity is followed by a new one.
 */
export function ordersOfRows(columns: ExecutionColumns, proximityUs: number): OrderRows {
  const { count: rows, side, venue, account, orderId, clientOrderId, executedAtUs, decidedAtUs } = columns;
  const orderOfRow = new Uint32Array(rows);
  const firstRow = new Uint32Array(rows);
  const near = new Uint8Array(rows);
  const slots = slotScratch.lend(slotsFor(rows)).fill(0);
  const hashes = hashScratch.lend(rows);
  const mask = slots.length - 1;
  const orderIds = wordsOf(orderId);
  const clientIds = wordsOf(clientOrderId);
  let count = 0;
  let idFrom = 0;
  let clientFrom = 0;
  for (let row = 0; row < rows; row++) {
    const idTo = orderId.ends[row]!;
    const clientTo = clientOrderId.ends[row]!;
    const byId = idTo > idFrom;
    const seed = (venue[row]! << 16) ^ account[row]! ^ (side[row]! << 30);
    const hash = byId
      ? hashOfBytes(orderIds, idFrom, idTo, seed)
      : hashOfBytes(clientIds, clientFrom, clientTo, seed ^ hashOfInstant(decidedAtUs[row]!));
    for (let slot = hash & mask; ; slot = (slot + 1) & mask) {
      const order = slots[slot]! - 1;
      if (order >= 0) {
        if (hashes[order] !== hash) continue;
        const first = firstRow[order]!;
        const sameKey =
          side[first] === side[row] &&
          venue[first] === venue[row] &&
          account[first] === account[row] &&
          (near[order] === 0) === byId &&
          (byId
            ? sameText(orderIds, orderId.ends, first, idFrom, idTo)
            : sameText(clientIds, clientOrderId.ends, first, clientFrom, clientTo) &&
              Object.is(decidedAtUs[first], decidedAtUs[row]));
        if (!sameKey) continue;
        if (byId || !(executedAtUs[row]! - executedAtUs[first]! > proximityUs)) {
          orderOfRow[row] = order;
          break;
        }
      }
      orderOfRow[row] = count;
      firstRow[count] = row;
      near[count] = byId ? 0 : 1;
      hashes[count] = hash;
      slots[slot] = ++count;
      break;
    }
    idFrom = idTo;
    clientFrom = clientTo;
  }
  return { count, orderOfRow, firstRow: firstRow.subarray(0, count), near: near.subarray(0, count) };
}

function sameText(words: DataView, ends: Uint32Array, row: number, from: number, to: number): boolean {
  const heldFrom = row === 0 ? 0 : ends[row - 1]!;
  return ends[row]! - heldFrom === to - from && equalBytes(words, heldFrom, words, from, to - from);
}

function hashOfInstant(atUs: number): number {
  return 0x5bd1e995 ^ (Number.isNaN(atUs) ? 0 : Math.imul(atUs % 4294967291, 0x85ebca6b));
}
