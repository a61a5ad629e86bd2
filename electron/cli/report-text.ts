import { formatIsoUs } from '../../shared/base/time';
import type { OrderRow, PairRow, Report } from '../../shared/parity/document';
import { counted, figure, money, moneyDigits, percent, signed, table } from './text';

/** A report as a trader reads it on a terminal: the verdict, the figures it rests on, where the money went, and what is not known. */
export function describeReport(
  report: Report,
  pairs: readonly (PairRow & { readonly symbol: string })[] | null,
): string {
  const { key } = report;
  const when = key.from === key.to ? key.from : `${key.from} to ${key.to}`;
  const sections = [
    `${report.status}  ${key.strategy}  ${key.symbol ?? 'portfolio'}  ${when}`,
    report.reasons.map(({ message }) => `  ${message}`).join('\n'),
    headline(report),
    attribution(report),
    matches(report),
    symbols(report),
    breaches(report),
    recommendations(report),
    quality(report),
    pairs === null ? '' : orders(pairs),
  ];
  return `${sections.filter((section) => section !== '').join('\n\n')}\n`;
}

function headline(report: Report): string {
  const {
    trackingErrorInterval: error,
    trackingDifferenceInterval: difference,
    fees,
    latency,
    partialFills,
    window,
  } = report;
  const between = (interval: Report['feeDifferenceInterval']) =>
    interval == null
      ? ''
      : `${interval.level * 100} %: ${figure(interval.lower, 1)} to ${figure(interval.upper, 1)}${interval.caution === undefined ? '' : ' (may be too narrow)'}`;
  const withInterval = (interval: Report['feeDifferenceInterval'], detail: string) =>
    [between(interval), detail].filter((part) => part !== '').join('; ');
  const rows = [
    ['tracking error', figure(report.trackingErrorBps, 2), 'bps/day', between(error)],
    ['tracking difference', signed(report.trackingDifferenceBps, 2), 'bps/day', between(difference)],
    ...(window === null
      ? []
      : [
          [
            `spread over ${counted(window.days, 'day')}`,
            figure(window.trackingErrorWindowBps, 2),
            'bps/day',
            [
              between(window.trackingErrorWindowInterval),
              `annualised ${figure(window.annualisedTrackingErrorBps, 1)} (${window.annualisationDays} days)`,
            ]
              .filter((part) => part !== '')
              .join(', '),
          ],
        ]),
    [
      'slippage',
      signed(report.slippage.meanBps, 2),
      'bps',
      report.slippage.meanBps === null
        ? 'no matched orders'
        : withInterval(
            report.slippage.meanInterval,
            `deviation ${figure(report.slippage.deviationBps, 2)}, 5 to 95 %: ${signed(report.slippage.p5Bps, 1)} to ${signed(report.slippage.p95Bps, 1)}`,
          ),
    ],
    [
      'fee difference',
      signed(report.feeDifferenceBps, 2),
      'bps',
      report.feeDifferenceBps === null
        ? 'no matched orders with known fees'
        : withInterval(
            report.feeDifferenceInterval,
            `live ${figure(fees.liveBps, 2)}, backtest ${figure(fees.backtestBps, 2)}; maker share ${percent(fees.liveMakerShare)} and ${percent(fees.backtestMakerShare)}`,
          ),
    ],
    [
      'latency difference',
      signed(report.latencyDifferenceMs, 1),
      'ms',
      latency.basis === 'none'
        ? 'no times of decision or submission'
        : report.clockOffset?.latency === 'withheld'
          ? 'withheld: the clocks of the logs stand apart'
          : withInterval(
              report.latencyDifferenceInterval,
              `live ${figure(latency.live.mean, 1)} (p95 ${figure(latency.live.p95, 1)}), by ${latency.basis}${report.clockOffset?.latency === 'between-clocks' ? ', between the two clocks' : ''}`,
            ),
    ],
    [
      'partial fills',
      signed(report.partialFillRateDifference === null ? null : report.partialFillRateDifference * 100, 1),
      '% pts',
      partialFills.liveRate === null
        ? 'no intended quantities'
        : `live ${percent(partialFills.liveRate)}, fill ratio ${percent(partialFills.liveFillRatio)}`,
    ],
    ['match rate', report.matchRate === null ? '–' : figure(report.matchRate * 100, 1), '%', ''],
    ['execution quality', figure(report.executionQualityScore, 1), 'of 100', lost(report)],
  ];
  return table(
    rows.map((row) => ['  ', ...row]),
    [0, 1, 3, 4],
  );
}

function lost(report: Report): string {
  const names = {
    tracking: 'tracking',
    fees: 'fees',
    latency: 'latency',
    partialFills: 'partial fills',
    unmatched: 'unmatched',
  };
  const points = Object.entries(report.scorePoints).filter(([, value]) => value !== null && value > 0);
  return points.map(([cause, value]) => `-${figure(value, 1)} ${names[cause as keyof typeof names]}`).join(', '); // entries of the object typed above
}

function attribution(report: Report): string {
  const { attribution: parts, currency, capital } = report;
  const bps = (value: number | null) =>
    value === null || capital.value === null ? '' : `${signed((value / capital.value) * 1e4, 2)} bps`;
  const amounts = [report.pnl.live, report.pnl.backtest, ...Object.values(parts)].map((value) => Math.abs(value ?? 0));
  const digits = moneyDigits(Math.max(...amounts));
  const row = (name: string, value: number | null) => ['  ', name, money(value, digits), bps(value)];
  const rows = [
    row('live P&L', report.pnl.live),
    row('backtest P&L', report.pnl.backtest),
    row('price', parts.price),
    ...(parts.delay === null ? [] : [row('  of it delay', parts.delay), row('  of it execution', parts.execution)]),
    row('quantity', parts.quantity),
    row('fees', parts.fees),
    row('missed', parts.missed),
    row('extra', parts.extra),
    row('carry', parts.carry),
    ...(parts.other === 0 ? [] : [row('other', parts.other)]),
    row('gap', parts.gap),
  ];
  const capitalText =
    capital.value === null ? 'no capital to measure it against' : `capital ${money(capital.value)} (${capital.basis})`;
  return `Where the gap comes from${currency === null ? '' : `, ${currency}`}; ${capitalText}; residual ${parts.residual.toExponential(1)}\n${table(rows, [0, 1])}`;
}

function matches({ matches: found, orders: count, clockOffset }: Report): string {
  const unfilled = [
    ...(count.liveRejected > 0 ? [`${count.liveRejected} rejected`] : []),
    ...(count.liveCancelled > 0 ? [`${count.liveCancelled} cancelled`] : []),
  ];
  const sure = found.timeConfidence === null ? '' : `, mean confidence ${figure(found.timeConfidence, 2)}`;
  const clocks = clockOffset === null ? '' : `\nClocks: ${clockOffset.why}`;
  return `Orders: live ${count.live}${unfilled.length > 0 ? ` (${unfilled.join(', ')})` : ''}, backtest ${count.backtest}; matched ${found.matched} (${found.byKey} by id, ${found.byTime} by time${sure}, ${found.ambiguous} ambiguous), missed ${found.missed}, extra ${found.extra}${clocks}`;
}

function symbols(report: Report): string {
  if (report.symbols.length === 0) return '';
  const rows = report.symbols.map(({ symbol, status, worstTrackingBps, gap }) => [
    '  ',
    status,
    symbol,
    `${figure(worstTrackingBps, 2)} bps`,
    money(gap),
  ]);
  return `Symbols, worst first\n${table(rows, [0, 1, 2])}`;
}

function breaches(report: Report): string {
  if (report.breaches.length === 0) return '';
  const oneDay = report.key.from === report.key.to;
  const lines = report.breaches.map(({ severity, metric, value, limit, firstSeenUs, largestOrders }) => {
    const since = formatIsoUs(firstSeenUs)
      .slice(oneDay ? 11 : 0, 19)
      .replace('T', ' ');
    const largest = largestOrders.map(({ id, symbol, gap }) => `${symbol} ${id} ${money(gap)}`).join(', ');
    return `  ${severity}: ${metric} ${figure(value, 2)} beyond ${figure(limit, 2)} since ${since}${largest === '' ? '' : `; largest: ${largest}`}`;
  });
  return `Breaches\n${lines.join('\n')}`;
}

function recommendations(report: Report): string {
  if (report.recommendations.length === 0) return '';
  const lines = report.recommendations.map(
    ({ what, why, expectedEffectBps }) =>
      `  ${what} ${why}${expectedEffectBps === null ? '' : ` (${signed(expectedEffectBps, 1, 'bps/day')})`}`,
  );
  return `Recommendations\n${lines.join('\n')}`;
}

function quality({ dataQuality }: Report): string {
  const remarks = [
    ...(dataQuality.dayClosed ? [] : ['the day is not closed yet']),
    ...(dataQuality.unpricedFees > 0 ? [`${counted(dataQuality.unpricedFees, 'fee')} without a price`] : []),
    ...(dataQuality.unknownFees > 0 ? [`${counted(dataQuality.unknownFees, 'fill')} without a fee`] : []),
    ...(dataQuality.quarantinedRows > 0 ? [`${counted(dataQuality.quarantinedRows, 'row')} in quarantine`] : []),
    ...(dataQuality.paperExecutions > 0 ? [`${counted(dataQuality.paperExecutions, 'paper execution')}`] : []),
    ...(dataQuality.staleMarks > 0
      ? [`${counted(dataQuality.staleMarks, 'interval')} with a mark older than an hour`]
      : []),
    ...dataQuality.notes,
  ];
  return remarks.length === 0 ? '' : `Data quality: ${remarks.join('; ')}`;
}

function orders(pairs: readonly (PairRow & { readonly symbol: string })[]): string {
  const time = (order: OrderRow | null) => {
    const atUs = order?.firstFillUs ?? order?.endedAtUs ?? null;
    return atUs === null ? '–' : formatIsoUs(atUs).slice(11, 23);
  };
  const header = [
    'kind',
    'symbol',
    'side',
    'live',
    'backtest',
    'quantity',
    'price live',
    'backtest',
    'slippage bps',
    'gap',
  ];
  const rows = pairs.map((pair) => [
    pair.kind,
    pair.symbol,
    (pair.live ?? pair.backtest)?.side ?? '',
    time(pair.live),
    time(pair.backtest),
    String((pair.live ?? pair.backtest)?.filledQuantity ?? ''),
    String(pair.live?.averagePrice ?? '–'),
    String(pair.backtest?.averagePrice ?? '–'),
    figure(pair.slippageBps, 2),
    money(pair.gap),
  ]);
  return `Orders\n${table([header, ...rows], [0, 1, 2, 3, 4])}`;
}
