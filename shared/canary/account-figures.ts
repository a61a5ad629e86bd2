import type { Deployment } from './deployment';
import { type AccountSummary, equityAtSessionStart } from './equity';
import type { ParityFacts } from './facts';
import { type CanaryFigure, type FigureName, figureUnits } from './figures';
import { hoursPerYear } from './sequential-criteria';

/** The figures of an evaluation, each with what it rests on. What cannot be told is null and says why. */

/** Money an evaluation before saw: equity between the hours is known at the looks only. */
export interface SeenMoney {
  readonly peak: number;
  readonly deepestFall: number;
}

export function seenMoney(
  account: AccountSummary | null,
  before: { readonly peak: number | null; readonly deepestFall: number | null } | null,
): SeenMoney | null {
  if (account === null) return null;
  const { equity } = account;
  const peak = Math.max(account.peak, before?.peak ?? account.peak, equity ?? account.peak);
  const fall = equity === null ? 0 : peak - equity;
  return { peak, deepestFall: Math.max(account.deepestFall, before?.deepestFall ?? 0, fall) };
}

/** @param asOfUs until when the executions are known to be complete; null = they never were */
export function accountFigures(
  account: AccountSummary | null,
  seen: SeenMoney | null,
  atUs: number,
  asOfUs: number | null,
): CanaryFigure[] {
  const figure = (
    name: FigureName,
    value: number | null,
    sample: number,
    sampleUnit: CanaryFigure['sampleUnit'],
    note: string | null,
  ): CanaryFigure => ({
    name,
    unit: figureUnits[name],
    value: value !== null && Number.isFinite(value) && asOfUs !== null ? value : null,
    sample,
    sampleUnit,
    asOfUs,
    from: { kind: 'executions', by: null },
    note: asOfUs === null ? 'no executions of it were ever read' : note,
  });
  if (account === null || seen === null) {
    return ownFigures.map((name) => figure(name, null, 0, 'executions', 'its executions could not be read'));
  }
  const { capital, equity, fills, orders, rejected, latency, returns } = account;
  const percent = (money: number | null) => (money === null ? null : (100 * money) / capital);
  const unknownFees = account.unknownFees > 0 ? `without the unknown fees of ${account.unknownFees} fills` : null;
  const moneyNote = account.unknown ?? unknownFees;
  const session = equityAtSessionStart(account, atUs);
  const lost = equity === null || session === null ? null : Math.max(0, session - equity);
  const tooFewHours = returns.count < 2 ? `${returns.count} complete hours are known` : null;
  const hoursNote = tooFewHours ?? moneyNote;
  const sharpeNote = account.returnDeviation > 0 ? hoursNote : (tooFewHours ?? 'all hours returned the same');
  const exposure = account.unknown === null ? null : account.unknown;
  return [
    figure('totalReturnPercent', percent(equity === null ? null : equity - capital), fills, 'executions', moneyNote),
    figure('dailyLossPercent', percent(lost), fills, 'executions', moneyNote),
    figure('drawdownPercent', percent(equity === null ? null : seen.peak - equity), fills, 'executions', moneyNote),
    figure(
      'volatilityPercent',
      100 * account.returnDeviation * Math.sqrt(hoursPerYear),
      returns.count,
      'hours',
      hoursNote,
    ),
    figure('sharpe', returns.sharpe * Math.sqrt(hoursPerYear), returns.count, 'hours', sharpeNote),
    figure(
      'errorRatePercent',
      orders === 0 ? null : (100 * rejected) / orders,
      orders,
      'orders',
      orders === 0 ? 'no order was sent yet' : null,
    ),
    figure('orders', orders, orders, 'orders', null),
    figure('averageLatencyMs', latency.averageMs, latency.count, 'orders', noLatency(latency.count)),
    figure('p95LatencyMs', latency.p95Ms, latency.count, 'orders', noLatency(latency.count)),
    figure('grossExposurePercent', percent(account.grossExposure), fills, 'executions', exposure),
    figure('riskBudgetUsedPercent', percent(account.grossExposure), fills, 'executions', exposure),
  ];
}

const ownFigures: readonly FigureName[] = [
  'totalReturnPercent',
  'dailyLossPercent',
  'drawdownPercent',
  'volatilityPercent',
  'sharpe',
  'errorRatePercent',
  'orders',
  'averageLatencyMs',
  'p95LatencyMs',
  'grossExposurePercent',
  'riskBudgetUsedPercent',
];

function noLatency(count: number): string | null {
  return count === 0 ? 'no order tells when it was sent or decided' : null;
}

export function parityFigures(parity: ParityFacts | null): CanaryFigure[] {
  const names = ['trackingErrorBps', 'trackingDifferenceBps', 'parityScore'] as const;
  return names.map((name) => ({
    name,
    unit: figureUnits[name],
    value: parity?.[name] ?? null,
    sample: parity?.sample ?? 0,
    sampleUnit: 'orders',
    asOfUs: parity?.asOfUs ?? null,
    from: { kind: 'parity', by: null },
    note: parity === null ? 'there is no comparison with its backtest yet' : parity.note,
  }));
}

export function recordedFigures({ recorded }: Deployment): CanaryFigure[] {
  return recorded.map(({ name, value, unit, sample, atUs, by }) => ({
    name: `recorded.${name}`,
    unit,
    value,
    sample,
    sampleUnit: 'records',
    asOfUs: atUs,
    from: { kind: 'recorded', by },
    note: null,
  }));
}
