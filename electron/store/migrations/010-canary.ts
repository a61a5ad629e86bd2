import type { Migration } from './migration';

const appendOnly = (table: string) =>
  ['UPDATE', 'DELETE']
    .map(
      (change) => `
    CREATE TRIGGER ${table}_no_${change.toLowerCase()} BEFORE ${change} ON ${table}
      BEGIN SELECT RAISE(ABORT, '${table} is only ever added to'); END;`,
    )
    .join('');

/**
 * Deployments and the audit trail. What happened to a deployment stands once, in the audit's chain; `deployment_events` only says which
 * record is which event. `deployments` is for looking up, and is made of the events in the transaction that adds them. An evaluation an
 * event refers to cannot be thinned out: `evaluation_bindings` holds on to it.
 */
export const canary: Migration = {
  version: 10,
  name: 'canary',
  sql: `
    CREATE TABLE audit_records (
      sequence INTEGER PRIMARY KEY,
      at_us INTEGER NOT NULL,
      actor_kind TEXT NOT NULL CHECK (actor_kind IN ('user', 'rule', 'process')),
      actor_name TEXT NOT NULL,
      action TEXT NOT NULL,
      subject TEXT NOT NULL,
      payload TEXT NOT NULL,
      previous_hash TEXT NOT NULL,
      hash TEXT NOT NULL
    ) STRICT;
    CREATE INDEX audit_by_action ON audit_records (action, sequence);
    CREATE INDEX audit_by_subject ON audit_records (subject, sequence);
    CREATE TABLE deployments (
      number INTEGER PRIMARY KEY,
      id TEXT NOT NULL UNIQUE,
      strategy TEXT NOT NULL,
      version TEXT NOT NULL,
      active INTEGER NOT NULL CHECK (active IN (0, 1)),
      watched INTEGER NOT NULL CHECK (watched IN (0, 1)),
      state_version INTEGER NOT NULL
    ) STRICT;
    CREATE UNIQUE INDEX one_active_deployment ON deployments (strategy) WHERE active = 1;
    CREATE INDEX deployments_looked_at ON deployments (number) WHERE active = 1 OR watched = 1;
    CREATE TABLE deployment_events (
      deployment_number INTEGER NOT NULL REFERENCES deployments (number),
      sequence INTEGER NOT NULL,
      audit_sequence INTEGER NOT NULL UNIQUE REFERENCES audit_records (sequence),
      PRIMARY KEY (deployment_number, sequence)
    ) STRICT, WITHOUT ROWID;
    CREATE TABLE evaluations (
      number INTEGER PRIMARY KEY,
      id TEXT NOT NULL UNIQUE,
      deployment_number INTEGER NOT NULL REFERENCES deployments (number),
      stage TEXT NOT NULL,
      at_us INTEGER NOT NULL,
      equity REAL,
      document TEXT NOT NULL
    ) STRICT;
    CREATE INDEX evaluations_of ON evaluations (deployment_number, stage, number, at_us, equity);
    CREATE INDEX evaluations_by_deployment ON evaluations (deployment_number, number);
    CREATE TABLE evaluation_bindings (
      evaluation_id TEXT PRIMARY KEY REFERENCES evaluations (id) DEFERRABLE INITIALLY DEFERRED
    ) STRICT, WITHOUT ROWID;
    CREATE TABLE canary_progress (
      deployment_number INTEGER PRIMARY KEY REFERENCES deployments (number),
      document TEXT NOT NULL
    ) STRICT;
    CREATE TABLE monitor_lease (
      id INTEGER PRIMARY KEY CHECK (id = 1),
      token TEXT NOT NULL,
      host TEXT NOT NULL,
      process_id INTEGER NOT NULL,
      process_start TEXT,
      beat INTEGER NOT NULL
    ) STRICT;
    ${appendOnly('audit_records')}
    ${appendOnly('deployment_events')}
    CREATE TRIGGER evaluations_no_update BEFORE UPDATE ON evaluations
      BEGIN SELECT RAISE(ABORT, 'an evaluation is never changed'); END;
  `,
};
