import type { Clock, Ids } from '../../shared/base/clock';
import { type Failure, FailureError, failure } from '../../shared/base/errors';
import { formatIsoUs, SECOND_US } from '../../shared/base/time';
import { type NamedStatement, type Row, statement } from './connection';
import { isGone, type ProcessIdentity } from './process-identity';
import { numberCell, textCell, textOrNullCell } from './rows';
import type { Transaction } from './write-queue';

/**
 * The right to import: one row, so at most one import of all processes runs. Its holder renews it with every write and by a timer;
 * a holder whose process is gone, or that has been silent for a minute, loses it to whoever asks next. A holder that was only
 * asleep finds out at its next write, before that write can do harm.
 */
export interface Lease {
  readonly importNumber: number;
  readonly token: string;
  readonly holder: ProcessIdentity;
  readonly heartbeatUs: number;
  readonly fileName: string;
  readonly startedAtUs: number;
  /** It adds to an import that has ended: nothing to tell anybody of, and soon over. */
  readonly brief: boolean;
}

export const HEARTBEAT_MS = 5_000;
const SILENT_US = 60 * SECOND_US;

const selectLease = statement(
  'read the import lease',
  `SELECT import_number, token, host, process_id, process_start, heartbeat_us, file_name, started_at_us, retry_of IS NOT NULL AS brief
   FROM import_lease JOIN imports ON imports.number = import_lease.import_number`,
);
const insertLease = statement(
  'take the import lease',
  `INSERT INTO import_lease (id, import_number, token, host, process_id, process_start, heartbeat_us)
   VALUES (1, ?, ?, ?, ?, ?, ?)`,
);
const transferLease = statement(
  'take over the import lease',
  `UPDATE import_lease SET token = ?, host = ?, process_id = ?, process_start = ?, heartbeat_us = ? WHERE token = ?`,
);
const renewLease = statement('renew the import lease', `UPDATE import_lease SET heartbeat_us = ? WHERE token = ?`);
const deleteLease = statement('return the import lease', `DELETE FROM import_lease WHERE token = ?`);

export class ImportLeases {
  constructor(
    private readonly identity: ProcessIdentity,
    private readonly clock: Clock,
    private readonly ids: Ids,
  ) {}

  async current(source: { get(named: NamedStatement): Promise<Row | null> }): Promise<Lease | null> {
    const row = await source.get(selectLease);
    return row === null
      ? null
      : {
          importNumber: numberCell(row, 'import_number'),
          token: textCell(row, 'token'),
          holder: {
            host: textCell(row, 'host'),
            processId: numberCell(row, 'process_id'),
            processStart: textOrNullCell(row, 'process_start'),
          },
          heartbeatUs: numberCell(row, 'heartbeat_us'),
          fileName: textCell(row, 'file_name'),
          startedAtUs: numberCell(row, 'started_at_us'),
          brief: numberCell(row, 'brief') === 1,
        };
  }

  /** Takes the free lease and returns its token. */
  async take(transaction: Transaction, importNumber: number): Promise<string> {
    const token = this.ids.next('lease');
    const { host, processId, processStart } = this.identity;
    await transaction.run(insertLease, [importNumber, token, host, processId, processStart, this.clock.nowUs()]);
    return token;
  }

  /** Takes the lease from its lost holder; null when somebody else was quicker. */
  async takeOver(transaction: Transaction, lost: Lease): Promise<string | null> {
    const token = this.ids.next('lease');
    const { host, processId, processStart } = this.identity;
    const values = [token, host, processId, processStart, this.clock.nowUs(), lost.token];
    return (await transaction.run(transferLease, values)) === 1 ? token : null;
  }

  /** Says that the holder is alive; throws `conflict` when the lease has gone to somebody else. */
  async renew(transaction: Transaction, token: string): Promise<void> {
    if ((await transaction.run(renewLease, [this.clock.nowUs(), token])) === 1) return;
    throw new FailureError(
      failure(
        'conflict',
        'This import was taken for dead and removed by another process, because it was silent for a minute',
        'Import the file again; nothing of it is stored.',
      ),
    );
  }

  async giveBack(transaction: Transaction, token: string): Promise<void> {
    await transaction.run(deleteLease, [token]);
  }

  async isLost(lease: Lease): Promise<boolean> {
    return this.clock.nowUs() - lease.heartbeatUs > SILENT_US || (await isGone(lease.holder));
  }

  busyFailure(lease: Lease): FailureError {
    const where =
      lease.holder.processId === this.identity.processId && lease.holder.host === this.identity.host
        ? 'This process'
        : `Process ${lease.holder.processId} on ${lease.holder.host}`;
    return new FailureError(
      failure(
        'busy',
        `${where} is importing ${lease.fileName} since ${formatIsoUs(lease.startedAtUs)}`,
        'Wait until that import has ended or cancel it there, then import again.',
        { processId: lease.holder.processId, host: lease.holder.host, fileName: lease.fileName },
      ),
    );
  }

  interruptedFailure(lease: Lease): Failure {
    return failure(
      'interrupted',
      `The import was interrupted: process ${lease.holder.processId} on ${lease.holder.host} ended before it was done`,
      'Import the file again; nothing of it is stored.',
    );
  }
}
