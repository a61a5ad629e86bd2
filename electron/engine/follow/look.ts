import { type BigIntStats, type FSWatcher, watch as watchDirectory } from 'node:fs';
import { type FileHandle, readdir, stat } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import type { WatchRecord } from '../ports';
import { isPassedOver, type Seen } from './rules';

/**
 * The eyes of following: what lies where, and a hint when something moved. Looking is what counts, hints only make it quick: network
 * shares give none, and systems run out of them. One hint is taken out for each folder, never for each file, so ten thousand files in
 * a folder cost one.
 */

/** Deeper folders are not followed. */
const deepest = 8;
const statsAtOnce = 32;
const foldersHinted = 512;

/** The folder the names of a watch are told from. */
export function rootOf({ path, kind }: Pick<WatchRecord, 'path' | 'kind'>): string {
  return kind === 'folder' ? path : dirname(path);
}

export interface Look {
  readonly seen: ReadonlyMap<string, Seen>;
  /** Folders below the watch, with the watch's own. */
  readonly folders: readonly string[];
}

/** Everything below the watch that may be read. Throws the system's error when the watch itself cannot be reached. */
export async function lookAt(watch: Pick<WatchRecord, 'path' | 'kind'>): Promise<Look> {
  for (let attempt = 1; ; attempt++) {
    const { look, steady } = await lookOnce(watch);
    if (steady || attempt === 3) return look;
  }
}

/** Not steady: a file that was listed was gone when it was looked at, so another may have missed the list. */
async function lookOnce(
  watch: Pick<WatchRecord, 'path' | 'kind'>,
): Promise<{ readonly look: Look; readonly steady: boolean }> {
  const root = rootOf(watch);
  const names: string[] = [];
  const folders = [root];
  const walk = async (folder: string, prefix: string, depth: number): Promise<void> => {
    const entries = await readdir(folder, { withFileTypes: true }).catch((error: unknown) => {
      if (depth === 0) throw error;
      return []; // a folder that went away between two looks, or is not ours to read
    });
    for (const entry of entries) {
      const name = `${prefix}${entry.name}`;
      if (isPassedOver(name)) continue;
      if (!entry.isDirectory()) names.push(name);
      else if (watch.kind === 'folder' && depth < deepest) {
        folders.push(join(folder, entry.name));
        await walk(join(folder, entry.name), `${name}/`, depth + 1);
      }
    }
  };
  await walk(root, '', 0);
  names.sort();
  const seen = new Map<string, Seen>();
  let steady = true;
  for (let at = 0; at < names.length; at += statsAtOnce) {
    const some = names.slice(at, at + statsAtOnce);
    const found = await Promise.all(some.map((name) => seeAt(join(root, name))));
    some.forEach((name, index) => {
      const one = found[index];
      if (one === null) steady = false;
      else if (one) seen.set(name, one);
    });
  }
  return { look: { seen, folders }, steady };
}

/** The file at the path; null when there is none (any more). */
export async function seeAt(path: string): Promise<Seen | null> {
  try {
    return seenOf(await stat(path, { bigint: true }));
  } catch (error) {
    if (error instanceof Error && 'code' in error && (error.code === 'ENOENT' || error.code === 'ENOTDIR')) return null;
    throw error;
  }
}

export async function seeOpen(handle: FileHandle): Promise<Seen | null> {
  return seenOf(await handle.stat({ bigint: true }));
}

/** Null for what is no regular file. */
export function seenOf(found: BigIntStats): Seen | null {
  if (!found.isFile()) return null;
  return { identity: `${found.dev}:${found.ino}`, sizeBytes: Number(found.size), changed: String(found.mtimeNs) };
}

/** Hints of one watch. */
export class Hints {
  private readonly watchers = new Map<string, FSWatcher>();
  /** Whether every folder has one. */
  complete = false;

  constructor(
    private readonly root: string,
    /** A file below the root may have changed; null = look at everything. */
    private readonly onHint: (name: string | null) => void,
  ) {}

  /** Takes out hints for the folders that have none and gives back those of folders that are gone. */
  watch(folders: readonly string[]): void {
    for (const [folder, watcher] of this.watchers) {
      if (folders.includes(folder)) continue;
      watcher.close();
      this.watchers.delete(folder);
    }
    for (const folder of folders.slice(0, foldersHinted)) {
      if (this.watchers.has(folder)) continue;
      try {
        const watcher = watchDirectory(folder, { persistent: false }, (kind, file) => {
          const name =
            file === null
              ? null
              : join(folder, file)
                  .slice(this.root.length + 1)
                  .replaceAll('\\', '/');
          this.onHint(kind === 'rename' ? null : name);
          if (kind === 'rename' && name !== null) this.onHint(name);
        });
        watcher.on('error', () => this.drop(folder));
        this.watchers.set(folder, watcher);
      } catch {
        // No more hints to be had here: what is written is found by looking.
      }
    }
    this.complete = folders.every((folder) => this.watchers.has(folder));
  }

  close(): void {
    for (const watcher of this.watchers.values()) watcher.close();
    this.watchers.clear();
    this.complete = false;
  }

  private drop(folder: string): void {
    this.watchers.get(folder)?.close();
    this.watchers.delete(folder);
    this.complete = false;
  }
}
