/** Counts 64-bit hashes; open addressing over their halves, at most half full. */
export class HashCounts {
  private words = new Uint32Array(32);
  private counts = new Uint32Array(16);
  private size = 16;

  /** Begins anew. The memory of earlier counts is used again, because first touching memory costs more than counting. */
  reset(limit: number): this {
    let size = 16;
    while (size < limit * 2) size *= 2;
    this.size = size;
    if (this.counts.length >= size) this.counts.fill(0, 0, size);
    else {
      this.words = new Uint32Array(size * 2);
      this.counts = new Uint32Array(size);
    }
    return this;
  }

  addAll(hashes: BigUint64Array): void {
    const words = new Uint32Array(hashes.buffer, hashes.byteOffset, hashes.length * 2);
    for (let at = 0; at < words.length; at += 2) this.add(words[at]!, words[at + 1]!);
  }

  /** Counts the hash and returns how often it was counted before. */
  add(low: number, high: number): number {
    const { words, counts } = this;
    const mask = this.size - 1;
    let at = low & mask;
    while (counts[at] !== 0 && (words[at * 2] !== low || words[at * 2 + 1] !== high)) at = (at + 1) & mask;
    words[at * 2] = low;
    words[at * 2 + 1] = high;
    return counts[at]!++;
  }
}
