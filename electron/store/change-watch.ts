import type { StoreChange } from '../engine/ports';
import { statement } from './connection';
import type { Readers } from './readers';
import { numberCell } from './rows';
import type { WriteQueue } from './write-queue';

/** Changes on the writing connection only when another connection wrote, and in this process no other connection writes. */
const dataVersion = statement('look for other writers', 'PRAGMA data_version');
const visibleChanges = statement(
  'count visible changes',
  `SELECT count AS changes, (SELECT coalesce(max(sequence), 0) FROM audit_records) AS records,
     (SELECT coalesce(max(number), 0) FROM evaluations) AS evaluations FROM visible_changes`,
);

interface Seen {
  readonly data: number;
  /** Both only ever grow. */
  readonly canary: number;
}

/**
 * Tells listeners that stored data changed. Own changes are reported when they are made; those of other processes are looked for
 * twice a second while somebody listens.
 */
export class ChangeWatch {
  private readonly listeners = new Set<(what: StoreChange) => void>();
  private timer: NodeJS.Timeout | null = null;
  private version = 0;
  private changes: Seen = { data: 0, canary: 0 };

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
      const before = this.changes;
      this.changes = changes;
      if (changes.data !== before.data) this.changed();
      if (changes.canary !== before.canary) this.changed('canary');
    } catch {
      // A store that is closing or cannot be read says so to whoever reads it next; the watch only misses one look.
    }
  }

  private async readVersion(): Promise<number> {
    return numberCell((await this.queue.read(dataVersion)) ?? {}, 'data_version');
  }

  private async readChanges(): Promise<Seen> {
    const row = (await this.readers.get(visibleChanges)) ?? {};
    return {
      data: numberCell(row, 'changes'),
      canary: numberCell(row, 'records') + numberCell(row, 'evaluations'),
    };
  }
}
