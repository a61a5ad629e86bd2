import { FailureError, failure } from '../../../shared/base/errors';
import { addUtcDays, type UtcDay } from '../../../shared/base/time';
import type { CallArgs } from '../../../shared/contract/calls';
import type { Handlers } from '../gate';
import type { HandlerContext } from './context';

type ReportCalls = Extract<keyof Handlers, `reports.${string}`>;

export function reportHandlers(context: HandlerContext): Pick<Handlers, ReportCalls> {
  const { clock } = context;
  return {
    async 'reports.calendar'({ strategy, month }) {
      const { parity, reports } = await context.desk();
      const asOfUs = clock.nowUs();
      const { from: firstDay, to: lastDay } = await parity.span(strategy);
      const { first, last } = daysOf(month);
      const found = await reports.daily(strategy, null, first, last);
      return {
        firstDay,
        lastDay,
        symbols: [...new Set(found.flatMap(({ key }) => key.symbol ?? []))].sort(),
        reports: found.map(({ key, status, worstTrackingBps, attribution, currency }) => ({
          symbol: key.symbol,
          day: key.from,
          status,
          revision: key.revision,
          worstTrackingBps,
          gap: attribution.gap,
          currency,
        })),
        asOfUs,
      };
    },

    async 'reports.revisions'({ strategy, symbol, day }) {
      const { reports } = await context.desk();
      const asOfUs = clock.nowUs();
      const revisions = await reports.revisions(strategy, symbol, day);
      return {
        revisions: revisions.map(({ report, madeAtUs }) => ({
          revision: report.key.revision,
          madeAtUs,
          status: report.status,
          worstTrackingBps: report.worstTrackingBps,
          trackingDifferenceBps: report.trackingDifferenceBps,
          gap: report.attribution.gap,
          matched: report.matches.matched,
          missed: report.matches.missed,
          extra: report.matches.extra,
          currency: report.currency,
        })),
        asOfUs,
      };
    },

    async 'reports.export'({ format, paper, ...selection }) {
      requireOrder(selection);
      const { reports } = await context.desk();
      const { name, content } = await reports.file(selection, format, paper);
      const encoding = format === 'pdf' ? ('base64' as const) : ('utf8' as const);
      const { buffer, byteOffset, byteLength } = content;
      return { name, encoding, content: Buffer.from(buffer, byteOffset, byteLength).toString(encoding) };
    },

    async 'reports.compare'({ a, b }) {
      requireOrder(a);
      requireOrder(b);
      const { reports } = await context.desk();
      const asOfUs = clock.nowUs();
      return { comparison: await reports.compare(a, b), asOfUs };
    },
  };
}

function daysOf(month: string): { readonly first: UtcDay; readonly last: UtcDay } {
  const first = `${month}-01` as UtcDay; // the contract lets only months pass
  const next = addUtcDays(first, 31);
  return { first, last: addUtcDays(next, -Number(next.slice(8))) };
}

function requireOrder({ from, to }: Pick<CallArgs<'reports.export'>, 'from' | 'to'>): void {
  if (from <= to) return;
  throw new FailureError(
    failure('invalid-arguments', `The range begins on ${from}, after its end on ${to}.`, 'Swap the two days.'),
  );
}
