import type { MovedBlock, PlainBlockReader } from './plain-blocks';
import { memoryFor } from './plain-blocks';

/**
 * A delimited text as blocks of whole lines, read ahead: while one block is taken, the next ones are read into columns, here and by
 * a helper on another thread. Blocks come in the order of the text whoever read them, so nothing depends on who was quicker.
 */

const usualBlockBytes = 256 * 1024;
/** Blocks that are under way; what they take is the same for a text of any size. */
const mostAhead = 4;
/** Blocks the helper has at once: one it reads, and one so that it seldom waits. */
const mostWithHelper = 2;
/** Blocks of the text that come before the helper is called: small files are read sooner than a thread starts. */
const blocksAlone = 4;
/** Blocks in a row that were read in vain, after which the text is left to be read record by record. */
const patience = 4;

/** Reads blocks as a {@link PlainBlockReader} does, on another thread. */
export interface BlockHelper {
  /** Fulfilled when it can take blocks, and none is given before; refused = it cannot start, and the text is read without it. */
  readonly ready: Promise<void>;
  /** What is given moves there and comes back with the answer. */
  read(bytes: Uint8Array<ArrayBuffer>, memory: ArrayBuffer): Promise<MovedBlock>;
  close(): Promise<void>;
}

/** A block in its place in the text. */
interface Ahead {
  bytes: Uint8Array<ArrayBuffer>;
  state: 'waiting' | 'with helper' | 'read';
  /** Null = not read as a block. */
  block: MovedBlock | null;
  answer: Promise<void> | null;
}

export interface ReadBlock {
  readonly bytes: Uint8Array;
  /** What it holds, where that could be read; valid, as the bytes, until the next block is asked for. */
  readonly block: MovedBlock | null;
  /** It was read in vain: what it holds cannot be used. */
  refused(): void;
}

/**
 * @param call starts the helper; it is called at most once
 * @param blockBytes bytes of a block, at most
 */
export async function* readAhead(
  chunks: AsyncIterable<Uint8Array>,
  reader: PlainBlockReader,
  call: (() => BlockHelper) | null,
  blockBytes = usualBlockBytes,
): AsyncGenerator<ReadBlock, void, undefined> {
  const spareBytes: ArrayBuffer[] = [];
  const spareMemory: ArrayBuffer[] = [];
  const blocks = linesInBlocks(chunks, () => spareBytes.pop() ?? new ArrayBuffer(blockBytes));
  const ahead: Ahead[] = [];
  let called: BlockHelper | null = null;
  /** The same once it is ready. */
  let helper: BlockHelper | null = null;
  let withHelper = 0;
  let cut = 0;
  let inVain = 0;
  let ended = false;
  const memory = () => spareMemory.pop() ?? memoryFor(blockBytes);
  const settle = (one: Ahead, block: MovedBlock) => {
    one.state = 'read';
    one.bytes = block.bytes;
    one.block = block;
  };
  const refused = () => {
    inVain++;
  };
  const handOver = (one: Ahead, to: BlockHelper) => {
    one.state = 'with helper';
    withHelper++;
    one.answer = to.read(one.bytes, memory()).then((block) => {
      withHelper--;
      settle(one, block);
      // Whoever takes the blocks may be waiting for the disk, which is no reason to rest.
      handOut();
    });
    // It is awaited when its turn comes.
    one.answer.catch(() => undefined);
  };
  const handOut = () => {
    if (helper === null) return;
    // The first is wanted next and is read here.
    for (const one of ahead.slice(1)) {
      if (withHelper < mostWithHelper && one.state === 'waiting') handOver(one, helper);
    }
  };
  try {
    while (true) {
      while (!ended && ahead.length < mostAhead) {
        const next = await blocks.next();
        if (next.done) ended = true;
        else {
          cut++;
          // The first block begins with the header.
          const worthwhile = cut > 1 && inVain < patience;
          ahead.push({ bytes: next.value, state: worthwhile ? 'waiting' : 'read', block: null, answer: null });
        }
      }
      const [first] = ahead;
      if (first === undefined) return;
      if (cut > blocksAlone && call !== null && called === null) {
        const starting = call();
        called = starting;
        // One that cannot start has said so to whoever called it.
        const unheard = () => undefined;
        starting.ready.then(() => {
          helper = starting;
          handOut();
        }, unheard);
      }
      handOut();
      if (first.state !== 'read') {
        const own = ahead.find(({ state }) => state === 'waiting');
        if (own) {
          settle(own, reader.read(own.bytes, memory()));
          await answersHeard();
          continue;
        }
        await first.answer;
      }
      ahead.shift();
      const { bytes, block } = first;
      const inVainBefore = inVain;
      if (block === null) yield { bytes, block, refused };
      else if (block.count === 0) {
        refused();
        yield { bytes, block: null, refused };
      } else {
        yield { bytes, block, refused };
        if (inVain === inVainBefore) inVain = 0;
      }
      if (bytes.buffer.byteLength === blockBytes) spareBytes.push(bytes.buffer);
      if (block !== null) spareMemory.push(block.memory);
    }
  } finally {
    await blocks.return();
    await called?.close();
  }
}

/** Lets the answers of the helper in that came meanwhile. */
function answersHeard(): Promise<void> {
  return new Promise((resolve) => {
    setImmediate(resolve);
  });
}

const lineFeed = 10;

/** Cuts bytes into blocks that end with a line; a longer line, and the end of the text without one, make blocks that do not. */
async function* linesInBlocks(
  chunks: AsyncIterable<Uint8Array>,
  make: () => ArrayBuffer,
): AsyncGenerator<Uint8Array<ArrayBuffer>, void, undefined> {
  let block = new Uint8Array(make());
  let size = 0;
  for await (const chunk of chunks) {
    for (let at = 0; at < chunk.length; ) {
      const piece = chunk.subarray(at, at + block.length - size);
      block.set(piece, size);
      size += piece.length;
      at += piece.length;
      if (size < block.length) break;
      const end = block.lastIndexOf(lineFeed) + 1 || size;
      const next = new Uint8Array(make());
      next.set(block.subarray(end, size));
      yield block.subarray(0, end);
      size -= end;
      block = next;
    }
  }
  if (size > 0) yield block.subarray(0, size);
}
