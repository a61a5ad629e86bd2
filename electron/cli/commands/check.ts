import { assertNever } from '../../../shared/base/result';
import { checkOutputSchemaId } from '../../../shared/contract/output';
import type { ParityStatus } from '../../../shared/parity/document';
import type { Session } from '../session';
import { exitCode } from '../terminal';
import { rangeOf } from './report';

export interface CheckOptions {
  readonly strategy: string;
  readonly day?: string;
}

/** The gate for scripts: the status of one day as exit code. */
export async function check(session: Session, symbol: string | undefined, options: CheckOptions): Promise<number> {
  const { terminal, json } = session;
  return session.withDesk('existing', async (desk) => {
    const { from } = await rangeOf(desk, { ...options, ...(symbol !== undefined && { symbol }) });
    const { report } = await desk.parity.report(options.strategy, symbol ?? null, from, from);
    const code = exitCodeOf(report.status);
    if (json) {
      const document = {
        schema: checkOutputSchemaId,
        strategy: report.key.strategy,
        symbol: report.key.symbol,
        day: from,
        status: report.status,
        reasons: report.reasons,
        exitCode: code,
        worstTrackingBps: report.worstTrackingBps,
        feeDifferenceBps: report.feeDifferenceBps,
        latencyDifferenceMs: report.latencyDifferenceMs,
        executionQualityScore: report.executionQualityScore,
      };
      terminal.out(`${JSON.stringify(document)}\n`);
    } else {
      const reasons = report.reasons.map(({ message }) => message).join('; ');
      terminal.out(
        `${report.status}  ${options.strategy}  ${symbol ?? 'portfolio'}  ${from}${reasons === '' ? '' : `  ${reasons}`}\n`,
      );
    }
    return code;
  });
}

function exitCodeOf(status: ParityStatus): number {
  switch (status) {
    case 'PASS':
    case 'WARN':
      return exitCode.done;
    case 'FAIL':
      return exitCode.parityFailed;
    case 'UNKNOWN':
      return exitCode.parityUnknown;
    default:
      return assertNever(status);
  }
}
