/**
 * A 64-bit hash of a few texts and numbers, for telling equal rows from different ones. Two 32-bit lanes mixed as MurmurHash3
 * x86-128 mixes its lanes (Appleby 2011, public domain). Hashes are stored, so the result for given input never changes; it is no
 * protection against somebody who looks for collisions.
 */
export class ContentHash {
  private lowLane = 0;
  private highLane = 0;
  private length = 0;
  /** Words that were added and not mixed in yet: many at once are mixed several times as fast as one by one. */
  private readonly waiting = new Int32Array(mostWaiting);
  private waitingWords = 0;

  /** The halves, each an unsigned 32-bit integer: of the hash when it is finished, of its state before. */
  get low(): number {
    this.mix();
    return this.lowLane >>> 0;
  }

  get high(): number {
    this.mix();
    return this.highLane >>> 0;
  }

  /** Begins anew, or from the state of another unfinished hash. */
  reset(from?: { readonly low: number; readonly high: number; readonly words: number }): this {
    this.lowLane = from === undefined ? 0 : from.low | 0;
    this.highLane = from === undefined ? 0 : from.high | 0;
    this.length = from === undefined ? 0 : from.words;
    this.waitingWords = 0;
    return this;
  }

  /** The state so far, to begin other hashes with. */
  state(): { readonly low: number; readonly high: number; readonly words: number } {
    this.mix();
    return { low: this.lowLane, high: this.highLane, words: this.length };
  }

  /** Adds a text; null and the empty text differ, and so do `ab`+`c` and `a`+`bc`. */
  addText(text: string | null): this {
    if (text === null) {
      this.addWord(0xffffffff);
      return this;
    }
    const size = text.length;
    this.addWord(size);
    for (let at = 0; at < size; at += 2) {
      this.addWord(text.charCodeAt(at) | (at + 1 < size ? text.charCodeAt(at + 1) << 16 : 0));
    }
    return this;
  }

  /** Adds bytes, for example the UTF-8 of a text that is at hand in a buffer. */
  addBytes(bytes: Uint8Array, start: number, end: number): this {
    this.addWord(end - start);
    let at = start;
    for (; at + 4 <= end; at += 4) {
      this.addWord(bytes[at]! | (bytes[at + 1]! << 8) | (bytes[at + 2]! << 16) | (bytes[at + 3]! << 24));
    }
    if (at < end) {
      let word = bytes[at]!;
      if (at + 1 < end) word |= bytes[at + 1]! << 8;
      if (at + 2 < end) word |= bytes[at + 2]! << 16;
      this.addWord(word);
    }
    return this;
  }

  /** Adds a float64 by its bits; -0 counts as 0, and null as NaN. */
  addNumber(value: number | null): this {
    number64[0] = value === null ? Number.NaN : value + 0;
    this.addWord(words[0]!);
    this.addWord(words[1]!);
    return this;
  }

  addWord(word: number): void {
    if (this.waitingWords === mostWaiting) this.mix();
    this.waiting[this.waitingWords++] = word;
  }

  /** Ends the hash. */
  finish(): this {
    this.mix();
    let low = this.lowLane ^ this.length;
    let high = this.highLane ^ this.length;
    low = (low + high) | 0;
    high = (high + low) | 0;
    low = avalanche(low);
    high = avalanche(high);
    low = (low + high) | 0;
    high = (high + low) | 0;
    this.lowLane = low;
    this.highLane = high;
    return this;
  }

  private mix(): void {
    const { waiting, waitingWords } = this;
    let low = this.lowLane;
    let high = this.highLane;
    for (let at = 0; at < waitingWords; at++) {
      const word = waiting[at]!;
      let mixed = Math.imul(word, 0x239b961b);
      mixed = (mixed << 15) | (mixed >>> 17);
      low ^= Math.imul(mixed, 0xab0e9789);
      low = (low << 19) | (low >>> 13);
      low = (Math.imul((low + high) | 0, 5) + 0x561ccd1b) | 0;
      mixed = Math.imul(word, 0x38b34ae5);
      mixed = (mixed << 17) | (mixed >>> 15);
      high ^= Math.imul(mixed, 0xa1e38b93);
      high = (high << 15) | (high >>> 17);
      high = (Math.imul((high + low) | 0, 5) + 0x96cd1c35) | 0;
    }
    this.lowLane = low;
    this.highLane = high;
    this.length += waitingWords;
    this.waitingWords = 0;
  }
}

const mostWaiting = 64;
const number64 = new Float64Array(1);
const words = new Uint32Array(number64.buffer);

function avalanche(word: number): number {
  word = Math.imul(word ^ (word >>> 16), 0x85ebca6b);
  word = Math.imul(word ^ (word >>> 13), 0xc2b2ae35);
  return word ^ (word >>> 16);
}
