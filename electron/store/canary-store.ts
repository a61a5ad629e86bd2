import type { AuditEntry } from '../../shared/base/audit-chain';
import { type Failure, FailureError, failure } from '../../shared/base/errors';
import { DAY_US, HOUR_US, MINUTE_US } from '../../shared/base/time';
import { type Evaluation, evaluationSchema } from '../../shared/canary/evaluation';
import { type DeploymentEvent, type StoredEvent, storedEventSchema } from '../../shared/canary/events';
import type { CanaryStore, CanaryWrite, DeploymentHead, StoredDeployment } from '../engine/canary/ports';
import type { Page, Paged } from '../engine/ports';
import { appendToChain, auditColumns, auditRecordOf, jsonCell } from './audit-store';
import { type Row, statement } from './connection';
import { RowInsert } from './insert-rows';
import type { StoredMonitorLease } from './monitor-lease';
import type { Readers } from './readers';
import { damaged, numberCell, textCell, textOrNullCell } from './rows';
import type { Transaction, WriteQueue } from './write-queue';

/** Deployments: their events (records of the audit trail), evaluations and the monitor's progress, written together or not at all. */

const RETENTION = [
  { afterUs: 3 * DAY_US, everyUs: 10 * MINUTE_US },
  { afterUs: 30 * DAY_US, everyUs: HOUR_US },
] as const;

const selectStanding = statement(
  'read the state of deployments',
  `SELECT number, id, strategy, state_version FROM deployments WHERE id IN (SELECT value FROM json_each(?))`,
);
const selectActiveOf = statement(
  'look for the active deployment of a strategy',
  'SELECT id FROM deployments WHERE strategy = ? AND active = 1',
);
const insertDeployment = statement(
  'add a deployment',
  `INSERT INTO deployments (id, strategy, version, active, watched, state_version) VALUES (?, ?, ?, ?, ?, 0) RETURNING number`,
);
const updateDeployment = statement(
  'change what a deployment is found by',
  'UPDATE deployments SET active = ?2, watched = ?3, state_version = ?4 WHERE number = ?1',
);
const insertEvents = new RowInsert('add deployment events', 'deployment_events', [
  'deployment_number',
  'sequence',
  'audit_sequence',
]);
const insertEvaluations = new RowInsert('add evaluations', 'evaluations', [
  'id',
  'deployment_number',
  'stage',
  'at_us',
  'equity',
  'document',
]);
const insertBindings = new RowInsert('bind evaluations', 'evaluation_bindings', ['evaluation_id'], 'OR IGNORE');
const replaceProgress = new RowInsert(
  'note the progress of deployments',
  'canary_progress',
  ['deployment_number', 'document'],
  'OR REPLACE',
);

const wanted = 'JOIN json_each(?) AS wanted ON wanted.value = deployments.id';
const selectDeployments = statement(
  'read deployments',
  `SELECT deployments.id, canary_progress.document AS progress,
     (SELECT document FROM evaluations WHERE evaluations.deployment_number = deployments.number
      ORDER BY evaluations.number DESC LIMIT 1) AS evaluation
   FROM deployments ${wanted} LEFT JOIN canary_progress ON canary_progress.deployment_number = deployments.number
   ORDER BY wanted.key`,
);
const eventColumns = `deployment_events.sequence AS event_sequence, ${auditColumns}`;
const fromEvents = `FROM deployments JOIN deployment_events ON deployment_events.deployment_number = deployments.number
  JOIN audit_records ON audit_records.sequence = audit_sequence`;
const selectAllEvents = statement(
  'read the events of deployments',
  `SELECT ${eventColumns} ${fromEvents} WHERE deployments.id IN (SELECT value FROM json_each(?))
   ORDER BY deployments.number, deployment_events.sequence`,
);
const selectEvents = statement(
  'list the events of a deployment',
  `SELECT ${eventColumns} ${fromEvents} WHERE deployments.id = ?1 ORDER BY deployment_events.sequence DESC LIMIT ?3 OFFSET ?2`,
);
const countEvents = statement(
  'count the events of a deployment',
  'SELECT coalesce(max(state_version), 0) AS total FROM deployments WHERE id = ?',
);
const selectHeads = statement(
  'list deployments to look at',
  'SELECT id, state_version FROM deployments WHERE active = 1 OR watched = 1 ORDER BY number',
);
const listed = `WHERE (?1 = 'all' OR (active = 1 OR watched = 1) = (?1 = 'active')) AND (?2 IS NULL OR strategy = ?2)`;
const selectIds = statement(
  'list deployments',
  `SELECT id FROM deployments ${listed} ORDER BY number DESC LIMIT ?4 OFFSET ?3`,
);
const countDeployments = statement('count deployments', `SELECT count(*) AS total FROM deployments ${listed}`);
const ofDeployment = 'deployment_number = (SELECT number FROM deployments WHERE id = ?1)';
const selectEvaluations = statement(
  'list evaluations',
  `SELECT document FROM evaluations WHERE ${ofDeployment} ORDER BY number DESC LIMIT ?3 OFFSET ?2`,
);
const countEvaluations = statement(
  'count evaluations',
  `SELECT count(*) AS total FROM evaluations WHERE ${ofDeployment}`,
);
const selectEvaluation = statement('read an evaluation', 'SELECT document FROM evaluations WHERE id = ?');
/** SQLite takes the other columns of a row with min() or max() from the row that has it. */
const selectSeries = statement(
  'read evaluations over time',
  `WITH parts AS (SELECT number, equity, ntile(?3) OVER (ORDER BY number) AS part FROM evaluations
     WHERE ${ofDeployment} AND stage = ?2),
   kept AS (SELECT max(number) AS number FROM parts GROUP BY part
     UNION SELECT number FROM (SELECT number, min(equity) FROM parts WHERE equity IS NOT NULL GROUP BY part)
     UNION SELECT number FROM (SELECT number, max(equity) FROM parts WHERE equity IS NOT NULL GROUP BY part))
   SELECT document FROM evaluations WHERE number IN (SELECT number FROM kept) ORDER BY number`,
);
const thinEvaluations = statement(
  'thin old evaluations',
  `WITH old AS (SELECT number, equity, deployment_number, stage, at_us / ?2 AS part FROM evaluations WHERE at_us < ?1),
   kept AS (SELECT min(number) AS number FROM old GROUP BY deployment_number, stage, part
     UNION SELECT number FROM (SELECT number, min(equity) FROM old WHERE equity IS NOT NULL GROUP BY deployment_number, stage, part)
     UNION SELECT number FROM (SELECT number, max(equity) FROM old WHERE equity IS NOT NULL GROUP BY deployment_number, stage, part)
     UNION SELECT max(number) FROM evaluations GROUP BY deployment_number)
   DELETE FROM evaluations WHERE number IN (SELECT number FROM old) AND number NOT IN (SELECT number FROM kept)
     AND id NOT IN (SELECT evaluation_id FROM evaluation_bindings)`,
);

export class StoredCanary implements CanaryStore {
  constructor(
    private readonly queue: WriteQueue,
    private readonly readers: Readers,
    private readonly lease: Pick<StoredMonitorLease, 'check'>,
    private readonly changed: () => void,
  ) {}

  async write(writes: readonly CanaryWrite[], asMonitor = false): Promise<readonly number[]> {
    if (writes.length === 0) return [];
    const versions = await this.queue.transaction('decision', async (transaction) => {
      if (asMonitor) await this.lease.check(transaction);
      return writeAll(transaction, writes);
    });
    this.changed();
    return versions;
  }

  async get(id: string): Promise<StoredDeployment | null> {
    return (await this.getMany([id]))[0] ?? null;
  }

  async getMany(ids: readonly string[]): Promise<readonly StoredDeployment[]> {
    const named = JSON.stringify(ids);
    // Events first: an evaluation may then be later than the last event that is known, never the other way round.
    const events = new Map<string, StoredEvent[]>();
    for (const event of (await this.readers.all(selectAllEvents, [named])).map(eventOf)) {
      const own = events.get(event.deploymentId);
      if (own === undefined) events.set(event.deploymentId, [event]);
      else own.push(event);
    }
    return (await this.readers.all(selectDeployments, [named])).flatMap((row) => {
      const id = textCell(row, 'id');
      const own = events.get(id);
      if (own === undefined) return [];
      const evaluation = textOrNullCell(row, 'evaluation');
      const lastEvaluation = evaluation === null ? null : evaluationOf(row, 'evaluation');
      return [{ id, events: own, lastEvaluation, progress: textOrNullCell(row, 'progress') }];
    });
  }

  async active(): Promise<readonly StoredDeployment[]> {
    return this.getMany((await this.activeHeads()).map(({ id }) => id));
  }

  async activeHeads(): Promise<readonly DeploymentHead[]> {
    return (await this.readers.all(selectHeads)).map((row) => ({
      id: textCell(row, 'id'),
      stateVersion: numberCell(row, 'state_version'),
    }));
  }

  async list(
    filter: 'active' | 'ended' | 'all',
    strategy: string | null,
    page: Page,
  ): Promise<Paged<StoredDeployment>> {
    const [rows, total] = await Promise.all([
      this.readers.all(selectIds, [filter, strategy, page.offset, page.limit]),
      this.readers.get(countDeployments, [filter, strategy]),
    ]);
    return {
      rows: await this.getMany(rows.map((row) => textCell(row, 'id'))),
      total: numberCell(total ?? {}, 'total'),
    };
  }

  async events(id: string, page: Page): Promise<Paged<StoredEvent>> {
    const [rows, total] = await Promise.all([
      this.readers.all(selectEvents, [id, page.offset, page.limit]),
      this.readers.get(countEvents, [id]),
    ]);
    return { rows: rows.map(eventOf), total: numberCell(total ?? {}, 'total') };
  }

  async evaluations(id: string, page: Page): Promise<Paged<Evaluation>> {
    const [rows, total] = await Promise.all([
      this.readers.all(selectEvaluations, [id, page.offset, page.limit]),
      this.readers.get(countEvaluations, [id]),
    ]);
    return { rows: rows.map((row) => evaluationOf(row)), total: numberCell(total ?? {}, 'total') };
  }

  async evaluation(id: string): Promise<Evaluation | null> {
    const row = await this.readers.get(selectEvaluation, [id]);
    return row === null ? null : evaluationOf(row);
  }

  async evaluationSeries(id: string, stage: string, limit: number): Promise<readonly Evaluation[]> {
    // Each part of the time keeps up to three evaluations.
    const rows = await this.readers.all(selectSeries, [id, stage, Math.max(1, Math.floor(limit / 3))]);
    return rows.map((row) => evaluationOf(row));
  }

  async thin(nowUs: number): Promise<number> {
    let removed = 0;
    for (const { afterUs, everyUs } of RETENTION) {
      removed += await this.queue.transaction('bulk', (transaction) =>
        transaction.run(thinEvaluations, [nowUs - afterUs, everyUs]),
      );
    }
    return removed;
  }
}

async function writeAll(transaction: Transaction, writes: readonly CanaryWrite[]): Promise<readonly number[]> {
  const rows = await transaction.all(selectStanding, [JSON.stringify(writes.map(({ deploymentId }) => deploymentId))]);
  const known = new Map(
    rows.map((row) => [
      textCell(row, 'id'),
      { number: numberCell(row, 'number'), version: numberCell(row, 'state_version') },
    ]),
  );
  const numbers: number[] = [];
  for (const write of writes) {
    const standing = known.get(write.deploymentId);
    if ((standing?.version ?? 0) !== write.stateVersion) throw new FailureError(stale(write, standing?.version ?? 0));
    if (standing === undefined && write.events.length === 0) throw new FailureError(stale(write, 0));
    numbers.push(standing?.number ?? 0);
  }
  // Deployments that end come first: another one of their strategy may begin in the same write.
  const order = writes.map((_, at) => at).sort((a, b) => Number(active(writes[a]!)) - Number(active(writes[b]!)));
  for (const at of order) {
    const write = writes[at]!;
    if (write.events.length === 0) continue;
    const { strategy, version, watched } = write.summary;
    if (active(write)) await requireOnly(transaction, write);
    if (numbers[at] === 0) {
      const values = [write.deploymentId, strategy, version, Number(active(write)), Number(watched)];
      numbers[at] = numberCell((await transaction.get(insertDeployment, values)) ?? {}, 'number');
    }
    await transaction.run(updateDeployment, [
      numbers[at]!,
      Number(active(write)),
      Number(watched),
      write.stateVersion + write.events.length,
    ]);
  }
  const evaluations = writes.flatMap(({ evaluation }, at) =>
    evaluation === null
      ? []
      : [
          [
            evaluation.id,
            numbers[at]!,
            evaluation.stage,
            evaluation.atUs,
            evaluation.equity === null ? null : { real: evaluation.equity },
            JSON.stringify(evaluation),
          ],
        ],
  );
  await insertEvaluations.run(transaction, evaluations);
  const entries = writes.flatMap(({ deploymentId, atUs, stateVersion, events }, at) =>
    events.map(({ actor, event }, index) => ({
      number: numbers[at]!,
      event,
      sequence: stateVersion + index + 1,
      entry: {
        atUs,
        actor,
        action: `deployment.${event.kind}`,
        subject: deploymentId,
        // An event is JSON; what is left out of it is left out of the chain's text as well.
        payload: { sequence: stateVersion + index + 1, event: event as unknown } as AuditEntry['payload'],
      },
    })),
  );
  if (entries.length > 0) {
    const records = await appendToChain(
      transaction,
      entries.map(({ entry }) => entry),
    );
    await insertEvents.run(
      transaction,
      entries.map(({ number, sequence }, index) => [number, sequence, records[index]!.sequence]),
    );
    const bound = entries.flatMap(({ event }) => evaluationOfEvent(event) ?? []);
    await insertBindings.run(
      transaction,
      bound.map((id) => [id]),
    );
  }
  const progress = writes.flatMap((write, at) => (write.progress === null ? [] : [[numbers[at]!, write.progress]]));
  await replaceProgress.run(transaction, progress);
  return writes.map(({ stateVersion, events }) => stateVersion + events.length);
}

const active = ({ summary }: CanaryWrite): boolean => summary.active;

async function requireOnly(transaction: Transaction, { deploymentId, summary }: CanaryWrite): Promise<void> {
  const other = await transaction.get(selectActiveOf, [summary.strategy]);
  if (other === null || textCell(other, 'id') === deploymentId) return;
  throw new FailureError(
    failure(
      'conflict',
      `Strategy "${summary.strategy}" has an active deployment already: ${textCell(other, 'id')}`,
      'Bring that deployment to its end or abort it, then begin another one.',
      { strategy: summary.strategy, active: textCell(other, 'id') },
    ),
  );
}

function stale({ deploymentId, stateVersion }: CanaryWrite, found: number): Failure {
  return failure(
    'conflict',
    `Deployment ${deploymentId} has changed meanwhile: this was decided on state ${stateVersion}, it stands at ${found}`,
    'Look at the deployment as it is now, then decide again.',
    { deployment: deploymentId, decidedOn: stateVersion, found },
  );
}

function evaluationOfEvent(event: DeploymentEvent): string | null {
  return 'evaluationId' in event ? event.evaluationId : null;
}

function eventOf(row: Row): StoredEvent {
  const { atUs, actor, subject, payload } = auditRecordOf(row);
  const sequence = numberCell(row, 'event_sequence');
  const parsed = storedEventSchema.safeParse({ deploymentId: subject, sequence, atUs, actor, event: payload['event'] });
  if (parsed.success) return parsed.data;
  const [issue] = parsed.error.issues;
  throw damaged(`event ${sequence} of deployment ${subject}: ${issue?.path.join('.')} ${issue?.message}`);
}

function evaluationOf(row: Row, column = 'document'): Evaluation {
  const parsed = evaluationSchema.safeParse(jsonCell(row, column));
  if (parsed.success) return parsed.data;
  const [issue] = parsed.error.issues;
  throw damaged(`an evaluation: ${issue?.path.join('.')} ${issue?.message}`);
}
