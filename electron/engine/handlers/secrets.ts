import type { SecretVault } from '../canary/ports';
import type { Handlers } from '../gate';
import { systemUser } from '../system';
import type { HandlerContext } from './context';

type SecretCalls = Extract<keyof Handlers, `secrets.${string}`>;

/** The calls of secrets; the audit trail keeps that one was set or removed and by whom, never what it is. */
export function secretHandlers(
  context: Pick<HandlerContext, 'desk' | 'clock'> & { readonly secrets: SecretVault },
): Pick<Handlers, SecretCalls> {
  const { secrets, clock } = context;
  const record = async (action: 'secret.set' | 'secret.removed', name: string) => {
    const actor = { kind: 'user', name: systemUser() } as const;
    const { audit } = (await context.desk()).store;
    await audit.append({ atUs: clock.nowUs(), actor, action, subject: name, payload: {} });
  };
  return {
    async 'secrets.list'() {
      return { names: [...(await secrets.names())], unavailable: secrets.unavailable, asOfUs: clock.nowUs() };
    },
    async 'secrets.set'({ name, value }) {
      await secrets.set(name, value);
      await record('secret.set', name);
      return {};
    },
    async 'secrets.remove'({ name }) {
      await secrets.remove(name);
      await record('secret.removed', name);
      return {};
    },
  };
}
