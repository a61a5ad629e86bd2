import { crc32 } from 'node:zlib';
import { damaged } from './rows';

/** Prices of one symbol and day as bytes: CRC-32 of the rest, count, then all instants and all prices as float64. */
export interface PriceSeries {
  readonly atUs: Float64Array;
  readonly price: Float64Array;
}

const HEADER_BYTES = 8;

export function encodePrices({ atUs, price }: PriceSeries): Buffer {
  const bytes = Buffer.alloc(HEADER_BYTES + atUs.byteLength + price.byteLength);
  bytes.writeUInt32LE(atUs.length, 4);
  bytes.set(new Uint8Array(atUs.buffer, atUs.byteOffset, atUs.byteLength), HEADER_BYTES);
  bytes.set(new Uint8Array(price.buffer, price.byteOffset, price.byteLength), HEADER_BYTES + atUs.byteLength);
  bytes.writeUInt32LE(crc32(bytes.subarray(4)), 0);
  return bytes;
}

export function decodePrices(stored: Uint8Array, place: string): PriceSeries {
  const onBoundary = stored.byteOffset % 8 === 0 ? stored : Uint8Array.from(stored);
  const bytes = Buffer.from(onBoundary.buffer, onBoundary.byteOffset, onBoundary.byteLength);
  if (bytes.length < HEADER_BYTES || crc32(bytes.subarray(4)) !== bytes.readUInt32LE(0)) {
    throw damaged(`${place} fails its check sum`);
  }
  const count = bytes.readUInt32LE(4);
  if (bytes.length !== HEADER_BYTES + count * 16) throw damaged(`${place} is cut short`);
  return {
    atUs: new Float64Array(bytes.buffer, bytes.byteOffset + HEADER_BYTES, count),
    price: new Float64Array(bytes.buffer, bytes.byteOffset + HEADER_BYTES + count * 8, count),
  };
}

/** Series in the order they were stored as one in time order; where instants are equal the price stored last counts. */
export function mergePrices(series: readonly PriceSeries[]): PriceSeries {
  const [only] = series;
  if (only !== undefined && series.length === 1 && strictlyRising(only.atUs)) return only;
  const total = series.reduce((sum, { atUs }) => sum + atUs.length, 0);
  const atUs = new Float64Array(total);
  const price = new Float64Array(total);
  let at = 0;
  for (const one of series) {
    atUs.set(one.atUs, at);
    price.set(one.price, at);
    at += one.atUs.length;
  }
  if (strictlyRising(atUs)) return { atUs, price };
  const order = Uint32Array.from({ length: total }, (_, index) => index).sort((a, b) => atUs[a]! - atUs[b]! || a - b);
  const sortedAtUs = new Float64Array(total);
  const sortedPrice = new Float64Array(total);
  let count = 0;
  for (const index of order) {
    if (count > 0 && sortedAtUs[count - 1] === atUs[index]) count -= 1;
    sortedAtUs[count] = atUs[index]!;
    sortedPrice[count] = price[index]!;
    count += 1;
  }
  return { atUs: sortedAtUs.slice(0, count), price: sortedPrice.slice(0, count) };
}

function strictlyRising(values: Float64Array): boolean {
  for (let index = 1; index < values.length; index++) if (!(values[index - 1]! < values[index]!)) return false;
  return true;
}
