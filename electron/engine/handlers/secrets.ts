import type { Clock } from '../../../shared/base/clock';
import type { AuditStore, SecretVault } from '../canary/ports';

/** What the handlers of secrets work with. */
export interface SecretsContext {
  readonly secrets: SecretVault;
  readonly audit: () => Promise<Pick<AuditStore, 'append'>>;
  readonly clock: Clock;
  /** Who asks. */
  readonly user: () => string;
}

/** The calls of secrets; the audit trail keeps that one was set or removed and by whom, never what it is. */
export function secretHandlers({ secrets, audit, clock, user }: SecretsContext) {
  const record = async (action: 'secret.set' | 'secret.removed', name: string) => {
    const actor = { kind: 'user', name: user() } as const;
    await (await audit()).append({ atUs: clock.nowUs(), actor, action, subject: name, payload: {} });
  };
  return {
    async 'secrets.list'() {
      return { names: [...(await secrets.names())], unavailable: secrets.unavailable, asOfUs: clock.nowUs() };
    },
    async 'secrets.set'({ name, value }: { readonly name: string; readonly value: string }) {
      await secrets.set(name, value);
      await record('secret.set', name);
      return {};
    },
    async 'secrets.remove'({ name }: { readonly name: string }) {
      await secrets.remove(name);
      await record('secret.removed', name);
      return {};
    },
  };
}
