import { setTimeout as sleepFor } from 'node:timers/promises';
import type { DeploymentConfiguration } from '../../../shared/canary/configuration';
import type { ParityService } from '../parity/parity-service';
import type { EngineParts } from '../parts';
import type { DeskStore } from '../ports';
import { runDrill } from '../rollback/drill';
import type { RollbackJournal, RollbackParts } from '../rollback/ports';
import { createRollbackRunner, type RollbackRunner } from '../rollback/runner';
import { systemUser } from '../system';
import { type CanaryService, createCanaryService } from './canary-service';
import { loadDeployment, writeOfEvents } from './decided-events';
import { createDeploymentFacts, type DeploymentFacts } from './deployment-facts';
import { createMonitor, type Monitor } from './monitor';

/** Everything of the canary on one open desk. */
export interface CanaryDesk {
  readonly service: CanaryService;
  readonly monitor: Monitor;
  readonly runner: RollbackRunner;
  readonly facts: DeploymentFacts;
  /** Runs the playbook against stand-ins and records how it went; returns the drill's id. */
  drill(id: string): Promise<string>;
  close(): Promise<void>;
}

export function createCanaryDesk(store: DeskStore, parity: ParityService, parts: EngineParts): CanaryDesk {
  const { clock, ids, log } = parts;
  const user = systemUser();
  const { secrets } = parts;
  /** Only whoever holds the right to evaluate runs a rollback, so its events are refused once the right has gone. */
  const journal: RollbackJournal = {
    read: async (id) => (await loadDeployment(store.canary, id)).events,
    async append(id, stateVersion, events) {
      const loaded = await loadDeployment(store.canary, id);
      const decided = events.map((event) => ({ actor: { kind: 'process', name: 'rollback' } as const, event }));
      const { write } = writeOfEvents(loaded, decided, clock.nowUs());
      const [version] = await store.canary.write([{ ...write, stateVersion }], true);
      return version ?? stateVersion;
    },
  };
  const rollbackParts: RollbackParts = {
    journal,
    secrets,
    clock,
    wait: (ms, signal) => sleepFor(ms, undefined, signal && { signal }).catch(() => undefined),
    log,
  };
  const runner = createRollbackRunner(rollbackParts);
  const facts = createDeploymentFacts({ store, parity, nowUs: () => clock.nowUs() });
  const monitor = createMonitor({ store, facts, runner, clock, ids, log });
  const service = createCanaryService({ store, clock, ids, user, intervalMs: () => monitor.intervalMs() });
  const stopListening = store.onChange((what) => {
    if (what === 'canary') monitor.look();
    else if (what !== 'reports') facts.noticeChange();
  });

  async function recordDrill(id: string, configuration: DeploymentConfiguration, drillId: string): Promise<void> {
    const event = await runDrill(drillId, id, configuration, rollbackParts);
    for (let attempt = 1; ; attempt++) {
      const now = await loadDeployment(store.canary, id);
      const { write } = writeOfEvents(now, [{ actor: { kind: 'user', name: user }, event }], clock.nowUs());
      try {
        await store.canary.write([write]);
        return;
      } catch (thrown) {
        // The monitor may have written in between; the drill happened all the same.
        if (attempt === 5) throw thrown;
      }
    }
  }

  return {
    service,
    monitor,
    runner,
    facts,
    async drill(id) {
      const { deployment } = await loadDeployment(store.canary, id);
      const drillId = ids.next('drill');
      await recordDrill(id, deployment.configuration, drillId);
      return drillId;
    },
    async close() {
      stopListening();
      await monitor.close();
    },
  };
}
