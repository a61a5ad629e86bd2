import type { Clock, Ids } from '../../shared/base/clock';
import { FailureError, failure } from '../../shared/base/errors';
import { type NamedStatement, type Row, statement } from './connection';
import { isGone, type ProcessIdentity } from './process-identity';
import { numberCell, textCell, textOrNullCell } from './rows';
import type { Transaction } from './write-queue';

/**
 * The right to follow: one row, so that of all processes on a desk one follows. Its holder's beat grows while it lives; whoever asks
 * takes the right when the holder's process is gone, or when its beat stood still for a minute of the asker's own monotonic time:
 * no wall clock decides.
 */
export interface FollowLease {
  readonly token: string;
  readonly holder: ProcessIdentity;
  readonly beat: number;
}

const SILENT_MS = 60_000;

const selectLease = statement(
  'read the right to follow',
  'SELECT token, host, process_id, process_start, beat FROM follow_lease',
);
const takeLease = statement(
  'take the right to follow',
  `INSERT INTO follow_lease (id, token, host, process_id, process_start, beat) VALUES (1, ?, ?, ?, ?, 0)
   ON CONFLICT (id) DO UPDATE SET token = excluded.token, host = excluded.host, process_id = excluded.process_id,
     process_start = excluded.process_start, beat = 0`,
);
const beat = statement('say that the follower lives', 'UPDATE follow_lease SET beat = beat + 1 WHERE token = ?');
const deleteLease = statement('return the right to follow', 'DELETE FROM follow_lease WHERE token = ?');

export class FollowLeases {
  private seen: { readonly token: string; readonly beat: number; readonly sinceMs: number } | null = null;

  constructor(
    private readonly identity: ProcessIdentity,
    private readonly clock: Clock,
    private readonly ids: Ids,
  ) {}

  async current(source: { get(named: NamedStatement): Promise<Row | null> }): Promise<FollowLease | null> {
    const row = await source.get(selectLease);
    return row === null
      ? null
      : {
          token: textCell(row, 'token'),
          holder: {
            host: textCell(row, 'host'),
            processId: numberCell(row, 'process_id'),
            processStart: textOrNullCell(row, 'process_start'),
          },
          beat: numberCell(row, 'beat'),
        };
  }

  /** Whether the holder is certainly gone, or has been silent for long as far as this process saw. */
  async isLost(lease: FollowLease): Promise<boolean> {
    const nowMs = this.clock.monotonicMs();
    if (this.seen?.token !== lease.token || this.seen.beat !== lease.beat) {
      this.seen = { token: lease.token, beat: lease.beat, sinceMs: nowMs };
    }
    return nowMs - this.seen.sinceMs > SILENT_MS || (await isGone(lease.holder));
  }

  isOwn({ holder }: FollowLease): boolean {
    const { identity } = this;
    return (
      holder.host === identity.host &&
      holder.processId === identity.processId &&
      holder.processStart === identity.processStart
    );
  }

  /** Takes the right from the holder that was seen (null = nobody); null when somebody else was quicker. */
  async take(transaction: Transaction, from: FollowLease | null): Promise<string | null> {
    const now = await this.current(transaction);
    if (now?.token !== from?.token) return null;
    const token = this.ids.next('follow');
    const { host, processId, processStart } = this.identity;
    await transaction.run(takeLease, [token, host, processId, processStart]);
    return token;
  }

  /** Throws `conflict` when the right has gone to another process. */
  async renew(transaction: Transaction, token: string): Promise<void> {
    if ((await transaction.run(beat, [token])) === 1) return;
    throw new FailureError(
      failure(
        'conflict',
        'Another Lockstep process follows the logs of this desk now',
        'Nothing is lost: it reads on from where this one was.',
      ),
    );
  }

  async giveBack(transaction: Transaction, token: string): Promise<void> {
    await transaction.run(deleteLease, [token]);
  }
}
