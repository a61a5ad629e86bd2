import { open, readFile } from 'node:fs/promises';
import type { RollbackJournal } from '../../electron/engine/rollback/ports';
import { systemClock } from '../../electron/engine/system';
import { FailureError, failure } from '../../shared/base/errors';
import { valueOrThrow } from '../../shared/base/result';
import { defaultConfiguration } from '../../shared/canary/defaults';
import type { Deployment } from '../../shared/canary/deployment';
import type { DeploymentEvent, StoredEvent } from '../../shared/canary/events';
import { foldEvents } from '../../shared/canary/fold';
import type { Playbook, PlaybookStep } from '../../shared/canary/playbook';

/**
 * A journal on a real file: one line an event, on the disk before it counts, judged by the real state table. A line that was cut short by
 * the end of its process was never confirmed and does not count.
 */
export class FileJournal implements RollbackJournal {
  constructor(readonly file: string) {}

  async read(): Promise<readonly StoredEvent[]> {
    const text = await readFile(this.file, 'utf8').catch(() => '');
    const whole = text.slice(0, text.lastIndexOf('\n') + 1);
    return whole
      .split('\n')
      .filter((line) => line !== '')
      .map((line): StoredEvent => JSON.parse(line));
  }

  async append(deploymentId: string, stateVersion: number, events: readonly DeploymentEvent[]): Promise<number> {
    const before = await this.read();
    if (before.length !== stateVersion)
      throw new FailureError(failure('conflict', `It is at ${before.length}, not ${stateVersion}.`, 'Read again.'));
    const actor = { kind: 'user', name: 'ana' } as const;
    const added = events.map((event, index) => ({
      deploymentId,
      sequence: stateVersion + 1 + index,
      atUs: systemClock.nowUs(),
      actor,
      event,
    }));
    valueOrThrow(foldEvents([...before, ...added]));
    const handle = await open(this.file, 'a+');
    try {
      const { size } = await handle.stat();
      const whole = Buffer.byteLength(before.map((event) => `${JSON.stringify(event)}\n`).join(''));
      if (size > whole) await handle.truncate(whole);
      await handle.write(added.map((event) => `${JSON.stringify(event)}\n`).join(''));
      await handle.sync();
    } finally {
      await handle.close();
    }
    return stateVersion + added.length;
  }

  async deployment(): Promise<Deployment> {
    return valueOrThrow(foldEvents(await this.read()));
  }

  /** Writes a deployment in staging whose rollback has been started and nothing more. */
  async begin(playbook: Playbook, rollbackId = 'rollback-1'): Promise<void> {
    const configuration = configurationWith(playbook);
    await this.append('d1', 0, [
      { kind: 'created', configuration },
      { kind: 'staging-started', allocatedCapital: (configuration.totalCapital * configuration.stagingPercent) / 100 },
      { kind: 'rollback-started', rollbackId, trigger: 'operator', evaluationId: null, reason: 'It loses.' },
    ]);
  }
}

export function configurationWith(playbook: Playbook) {
  return defaultConfiguration({
    strategy: 'grid',
    version: 'v2',
    description: 'Narrower grid.',
    totalCapital: 100_000,
    currency: 'USDT',
    playbook,
  });
}

const bounds = { required: true, timeoutMs: 5_000, attempts: 3, backoffMs: 5 } as const;

export function killSwitchStep(path: string): Extract<PlaybookStep, { kind: 'kill-switch-file' }> {
  return { kind: 'kill-switch-file', ...bounds, id: 'kill-switch', title: 'Kill switch', effect: 'stop-entries', path };
}

export function webhookStep(url: string): Extract<PlaybookStep, { kind: 'webhook' }> {
  const secret = { kind: 'environment', name: 'HOOK_SECRET' } as const;
  return { kind: 'webhook', ...bounds, id: 'hook', title: 'Tell the desk', effect: 'flatten', url, secret };
}

export function freqtradeStep(url: string, forceExit: boolean): Extract<PlaybookStep, { kind: 'freqtrade' }> {
  const password = { kind: 'environment', name: 'BOT_PASSWORD' } as const;
  const effect = forceExit ? 'flatten' : 'stop-entries';
  return {
    kind: 'freqtrade',
    ...bounds,
    id: 'bot',
    title: 'Stop the bot',
    effect,
    url,
    username: 'trader',
    password,
    forceExit,
  };
}

export function commandStep(argv: string[]): Extract<PlaybookStep, { kind: 'command' }> {
  return {
    kind: 'command',
    ...bounds,
    id: 'command',
    title: 'Stop script',
    effect: 'stop-entries',
    argv,
    directory: null,
    secrets: {},
  };
}
