import { formatIsoUs } from '../../../shared/base/time';
import { exportAudit, verifyAudit } from '../canary/audit-service';
import type { Handlers } from '../gate';
import type { HandlerContext } from './context';

type AuditCalls = Extract<keyof Handlers, `audit.${string}`>;

export function auditHandlers(context: HandlerContext): Pick<Handlers, AuditCalls> {
  const { clock } = context;
  return {
    async 'audit.list'({ page, ...filter }) {
      const { audit } = (await context.desk()).store;
      const asOfUs = clock.nowUs();
      const [{ rows, total }, actions] = await Promise.all([audit.list(filter, page), audit.actions()]);
      return { records: [...rows], total, actions: [...actions], asOfUs };
    },

    async 'audit.verify'() {
      const { audit } = (await context.desk()).store;
      const asOfUs = clock.nowUs();
      return { ...(await verifyAudit(audit)), asOfUs };
    },

    async 'audit.export'() {
      const { audit } = (await context.desk()).store;
      const lines: string[] = [];
      for await (const line of exportAudit(audit)) lines.push(line);
      const day = formatIsoUs(clock.nowUs()).slice(0, 10);
      return { name: `lockstep-audit-${day}.jsonl`, content: lines.join('') };
    },
  };
}
