import { type FileHandle, open } from 'node:fs/promises';
import type { FollowedFile } from '../ports';
import type { ReadAt } from './fingerprint';
import type { Seen } from './rules';

/** A followed file as it is at this moment: what the store knows of it, and what was seen of it since. */

export interface Live {
  file: FollowedFile;
  /** Its present name below the root; null = it is nowhere to be seen. */
  at: string | null;
  seen: Seen | null;
  /** As it was when nothing was left to do. */
  done: Seen | null;
  dueMs: number;
  /** When it was first seen as it is now. */
  restsSinceMs: number;
  handle: { readonly at: string; readonly identity: string; readonly file: FileHandle } | null;
}

export function newFile(id: string, watchId: string, name: string, { identity, sizeBytes }: Seen): FollowedFile {
  return {
    id,
    watchId,
    name,
    mode: null,
    importId: null,
    identity,
    positionBytes: 0,
    sizeBytes,
    print: null,
    sampleBytes: null,
    format: null,
    state: 'following',
    reason: null,
    continues: false,
  };
}

export function liveOf(file: FollowedFile): Live {
  return { file, at: null, seen: null, done: null, dueMs: 0, restsSinceMs: 0, handle: null };
}

/** Files that nothing was read of yet are read and stored together: none of them larger than this. */
export const togetherBytes = 65_536;

/** A log at its first sight. */
export function isNewAndSmall({ file, seen, done }: Live): boolean {
  const unread = file.mode === null && file.positionBytes === 0 && !file.continues && file.state === 'following';
  return unread && done === null && seen !== null && seen.sizeBytes > 0 && seen.sizeBytes <= togetherBytes;
}

/** What is left behind the last whole row is a row that is being written. */
export function stateAfter({ positionBytes }: { readonly positionBytes: number }, { sizeBytes }: Seen) {
  return positionBytes < sizeBytes
    ? { state: 'writing' as const, reason: `Its last ${sizeBytes - positionBytes} bytes are a row without its end.` }
    : { state: 'following' as const, reason: null };
}

export function sameLook(a: Seen, b: Seen): boolean {
  return a.identity === b.identity && a.sizeBytes === b.sizeBytes && a.changed === b.changed;
}

export function readerOf(handle: FileHandle): ReadAt {
  return async (position, length) => {
    const { buffer, bytesRead } = await handle.read(new Uint8Array(length), 0, length, position);
    return buffer.subarray(0, bytesRead);
  };
}

export async function beginsAs(path: string, magic: string): Promise<boolean> {
  const handle = await open(path);
  try {
    return Buffer.from(await readerOf(handle)(0, magic.length)).toString('latin1') === magic;
  } finally {
    await handle.close();
  }
}
