import type { Clock, Ids } from '../../shared/base/clock';
import { FailureError, failure } from '../../shared/base/errors';
import type { MonitorLease } from '../engine/canary/ports';
import { type NamedStatement, type Row, statement } from './connection';
import { isGone, type ProcessIdentity } from './process-identity';
import type { Readers } from './readers';
import { numberCell, textCell, textOrNullCell } from './rows';
import type { Transaction, WriteQueue } from './write-queue';

/**
 * The right to evaluate: one row, as the right to follow is. The holder's beat grows while it lives; another process takes the right when
 * the holder's process is gone, or when its beat stood still for as long as that process waits, by its own monotonic clock. A holder
 * that was only asleep finds out at its next write.
 */

interface Held {
  readonly token: string;
  readonly holder: ProcessIdentity;
  readonly beat: number;
}

const selectLease = statement(
  'read the right to evaluate',
  'SELECT token, host, process_id, process_start, beat FROM monitor_lease',
);
const takeLease = statement(
  'take the right to evaluate',
  `INSERT INTO monitor_lease (id, token, host, process_id, process_start, beat) VALUES (1, ?, ?, ?, ?, 0)
   ON CONFLICT (id) DO UPDATE SET token = excluded.token, host = excluded.host, process_id = excluded.process_id,
     process_start = excluded.process_start, beat = 0`,
);
const beat = statement('say that the monitor lives', 'UPDATE monitor_lease SET beat = beat + 1 WHERE token = ?');
const deleteLease = statement('return the right to evaluate', 'DELETE FROM monitor_lease WHERE token = ?');

export class StoredMonitorLease implements MonitorLease {
  private token: string | null = null;
  private seen: { readonly token: string; readonly beat: number; readonly sinceMs: number } | null = null;

  constructor(
    private readonly queue: WriteQueue,
    private readonly readers: Readers,
    private readonly identity: ProcessIdentity,
    private readonly clock: Clock,
    private readonly ids: Ids,
  ) {}

  async hold(silenceMs: number): Promise<boolean> {
    const own = this.token;
    if (own !== null) {
      if (await this.queue.transaction('bulk', async (transaction) => (await transaction.run(beat, [own])) === 1)) {
        return true;
      }
      this.token = null;
    }
    const before = await this.current(this.readers);
    if (before !== null && !(await this.isLost(before, silenceMs))) return false;
    this.token = await this.queue.transaction('decision', async (transaction) => {
      if ((await this.current(transaction))?.token !== before?.token) return null;
      const token = this.ids.next('monitor');
      const { host, processId, processStart } = this.identity;
      await transaction.run(takeLease, [token, host, processId, processStart]);
      return token;
    });
    return this.token !== null;
  }

  async holder(): Promise<'this' | 'other' | 'none'> {
    const held = await this.current(this.readers);
    if (held === null) return 'none';
    if (held.token === this.token) return 'this';
    return (await isGone(held.holder)) ? 'none' : 'other';
  }

  async release(): Promise<void> {
    const { token } = this;
    if (token === null) return;
    this.token = null;
    await this.queue.transaction('bulk', (transaction) => transaction.run(deleteLease, [token]));
  }

  /** For what only the holder may write, inside that transaction; throws `conflict` when the right has gone. */
  async check(transaction: Transaction): Promise<void> {
    const held = await this.current(transaction);
    if (held !== null && held.token === this.token) return;
    throw new FailureError(
      failure(
        'conflict',
        'Another Lockstep process evaluates the deployments of this desk now',
        'Nothing is lost: it goes on where this one was.',
      ),
    );
  }

  private async isLost(held: Held, silenceMs: number): Promise<boolean> {
    const nowMs = this.clock.monotonicMs();
    if (this.seen?.token !== held.token || this.seen.beat !== held.beat) {
      this.seen = { token: held.token, beat: held.beat, sinceMs: nowMs };
    }
    return nowMs - this.seen.sinceMs >= silenceMs || (await isGone(held.holder));
  }

  private async current(source: { get(named: NamedStatement): Promise<Row | null> }): Promise<Held | null> {
    const row = await source.get(selectLease);
    if (row === null) return null;
    return {
      token: textCell(row, 'token'),
      holder: {
        host: textCell(row, 'host'),
        processId: numberCell(row, 'process_id'),
        processStart: textOrNullCell(row, 'process_start'),
      },
      beat: numberCell(row, 'beat'),
    };
  }
}
