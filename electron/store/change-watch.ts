import type { StoreChange } from '../engine/ports';
import { statement } from './connection';
import type { Readers } from './readers';
import { numberCell } from './rows';
import type { WriteQueue } from './write-queue';

/** Changes on the writing connection only when another connection wrote, and in this process no other connection writes. */
const dataVersion = statement('look for other writers', 'PRAGMA data_version');
const visibleChanges = statement('count visible changes', 'SELECT count AS changes FROM visible_changes');

/**
 * Tells listeners that stored data changed. Own changes are reported when they are made; those of other processes are looked for
 * twice a second while somebody listens.
 */
export class ChangeWatch {
  private readonly listeners = new Set<(what: StoreChange) => void>();
  private timer: NodeJS.Timeout | null = null;
  private version = 0;
  private changes = 0;

  constructor(
    private readonly queue: WriteQueue,
    private readonly readers: Readers,
    private readonly pollMs: number,
  ) {}

  /** Notes the present state; whatever comes later is a change. */
  async start(): Promise<void> {
    this.version = await this.readVersion();
    this.changes = await this.readChanges();
  }

  /** Calls back on every change until the returned function is called. */
  listen(listener: (what: StoreChange) => void): () => void {
    // A function of its own, so that the same listener can be added twice.
    const added = (what: StoreChange) => listener(what);
    this.listeners.add(added);
    if (this.timer === null) this.wait();
    return () => {
      this.listeners.delete(added);
      if (this.listeners.size === 0) this.close();
    };
  }

  /** This process changed something a reader can notice. */
  readonly changed = (what: StoreChange = 'data'): void => {
    for (const listener of this.listeners) listener(what);
  };

  close(): void {
    if (this.timer !== null) clearTimeout(this.timer);
    this.timer = null;
  }

  private wait(): void {
    this.timer = setTimeout(() => void this.poll(), this.pollMs);
    this.timer.unref();
  }

  private async poll(): Promise<void> {
    this.wait();
    try {
      const version = await this.readVersion();
      if (version === this.version) return;
      this.version = version;
      const changes = await this.readChanges();
      if (changes === this.changes) return;
      this.changes = changes;
      this.changed();
    } catch {
      // A store that is closing or cannot be read says so to whoever reads it next; the watch only misses one look.
    }
  }

  private async readVersion(): Promise<number> {
    return numberCell((await this.queue.read(dataVersion)) ?? {}, 'data_version');
  }

  private async readChanges(): Promise<number> {
    return numberCell((await this.readers.get(visibleChanges)) ?? {}, 'changes');
  }
}
