import { CircleCheck, CircleDashed, OctagonX, TriangleAlert } from 'lucide-react';
import type { Limits } from '../../../shared/contract/calls';
import { conventionText, reportConventions } from '../../../shared/parity/conventions';
import type { ParityStatus, Report } from '../../../shared/parity/document';
import type { Waterfall } from '../../../shared/parity/waterfall';
import { ButtonLink } from '../../components/Button';
import { Figure, Figures } from '../../components/Figure';
import { formatCount, formatCountOf, formatFigure, typeset } from '../../format';
import { addresses } from '../addresses';
import './parity.css';
import './verdict.css';
import {
  bothSidesTraded,
  feeState,
  gapSentence,
  headlineOf,
  intervalMethodText,
  intervalText,
  latencyBasisWords,
  latencyState,
  lostPointsText,
  nextStepOf,
  pairIntervalMethodText,
} from '../../../shared/parity/words';

const icons = { PASS: CircleCheck, WARN: TriangleAlert, FAIL: OctagonX, UNKNOWN: CircleDashed } as const;

/** How the figure is counted, for its hover text. */
function counted(id: keyof typeof reportConventions): string {
  return conventionText(reportConventions[id]);
}

/** The answer: status in words readable from two metres, why, and the two figures it hangs on; below, the rest of the figures. */
export function VerdictPanel(props: {
  readonly report: Report;
  readonly limits: Limits;
  readonly waterfall: Waterfall;
}) {
  const { report, limits, waterfall } = props;
  const nextStep = nextStepOf(report, limits);
  const hasMoney = bothSidesTraded(report);
  const { window } = report;
  return (
    <section className={`verdict verdict-${report.status.toLowerCase()}`} aria-label="Verdict">
      <div className="verdict-answer">
        <p className="verdict-word">
          <StatusIcon status={report.status} />
          <span>
            {headlineOf(report)}
            <span className="visually-hidden">, status </span>
          </span>
          <span className="verdict-code">{report.status}</span>
        </p>
        <ul className="verdict-reasons">
          {report.reasons.length === 0 && <li>every figure is within its limits</li>}
          {report.reasons.map((reason) => (
            <li key={`${reason.code}${reason.message}`}>{typeset(reason.message)}</li>
          ))}
        </ul>
        {nextStep !== null && (
          <p className="verdict-next">
            {nextStep.text} {nextStep.imports && <ButtonLink href={addresses.imports()}>Go to imports</ButtonLink>}
          </p>
        )}
        {hasMoney && <p className="muted">{gapSentence(report, waterfall)}</p>}
      </div>
      <dl className="verdict-key">
        <Figure
          label={window === null ? 'Tracking error' : 'Tracking error within the days'}
          size="key"
          value={report.trackingErrorBps}
          unit="bpsPerDay"
          limits={limits.trackingBps}
          scale
          explanation={`How far live strayed from the backtest within ${window === null ? 'the day' : 'its days, their root mean square'}, in bps of capital. Strays that cancel out still count. ${counted('trackingErrorBps')} ${intervalMethodText(report.trackingErrorInterval)}`}
          note={
            window === null ? intervalText(report.trackingErrorInterval) : `over ${formatCountOf(window.days, 'day')}`
          }
        />
        <Figure
          label={window === null ? 'Tracking difference' : 'Mean tracking difference'}
          size="key"
          value={report.trackingDifferenceBps}
          unit="bpsPerDay"
          signed
          limits={limits.trackingBps}
          scale
          explanation={`What live earned minus what the backtest earned ${window === null ? 'over the day' : 'per day, the mean of the days'}, in bps of capital. Plus: live earned more. Its size is held against the limits. ${counted('trackingDifferenceBps')} ${intervalMethodText(report.trackingDifferenceInterval)}`}
          note={intervalText(report.trackingDifferenceInterval, { signed: true })}
        />
      </dl>
      <div className="verdict-figures">
        {window !== null && <WindowFigures window={window} />}
        <ReportFigures report={report} limits={limits} />
      </div>
    </section>
  );
}

function StatusIcon({ status }: { readonly status: ParityStatus }) {
  const Icon = icons[status];
  return <Icon className={`mark mark-${status.toLowerCase()}`} size={40} strokeWidth={2} aria-hidden="true" />;
}

/** How much the days differ from each other: what the others call tracking error. */
function WindowFigures({ window }: { readonly window: NonNullable<Report['window']> }) {
  const { days, trackingErrorWindowBps, trackingErrorWindowInterval, annualisedTrackingErrorBps } = window;
  return (
    <Figures>
      <Figure
        label="Tracking error of the window"
        value={trackingErrorWindowBps}
        unit="bpsPerDay"
        explanation={`${counted('trackingErrorWindowBps')} ${intervalMethodText(trackingErrorWindowInterval)}`}
        note={intervalText(trackingErrorWindowInterval)}
        unknownReason={`${formatCountOf(days, 'day')} with a difference; two are needed`}
      />
      <Figure
        label="Annualised"
        value={annualisedTrackingErrorBps}
        unit="bps"
        explanation={`Tracking error of the window × √${window.annualisationDays}.`}
        note={`a year has ${window.annualisationDays} days`}
        unknownReason="needs two days"
      />
    </Figures>
  );
}

/** The figure's interval first, where it has one. */
function noted(interval: string | undefined, detail: string): string {
  return interval === undefined ? detail : `${interval} · ${detail}`;
}

function ReportFigures({ report, limits }: { readonly report: Report; readonly limits: Limits }) {
  const { fees, latency, partialFills, matches, slippage } = report;
  return (
    <Figures>
      <Figure
        label="Fee difference"
        value={report.feeDifferenceBps}
        unit="bps"
        signed
        state={feeState(report.feeDifferenceBps, limits.feeBps)}
        explanation={`Fees per notional, live minus backtest, over matched orders. Plus: live paid more. Warning above ${limits.feeBps.warn}, limit above ${limits.feeBps.limit} bps, either way. ${counted('feeDifferenceBps')} ${pairIntervalMethodText(report.feeDifferenceInterval)}`}
        note={noted(
          intervalText(report.feeDifferenceInterval, { signed: true }),
          `live ${formatFigure(fees.liveBps, 'bps')}, backtest ${formatFigure(fees.backtestBps, 'bps')} · warn ${limits.feeBps.warn}, limit ${limits.feeBps.limit}`,
        )}
        unknownReason="no matched order has known fees on both sides"
      />
      <Figure
        label="Latency difference"
        value={report.latencyDifferenceMs}
        unit="ms"
        signed
        state={latencyState(report.latencyDifferenceMs, limits.latencyMs)}
        explanation={`Mean latency of matched orders, live minus backtest, ${latencyBasisWords[latency.basis]}. Warning above ${limits.latencyMs.warn}, limit above ${limits.latencyMs.limit} ms. ${counted('latencyDifferenceMs')} ${pairIntervalMethodText(report.latencyDifferenceInterval)}`}
        note={noted(
          intervalText(report.latencyDifferenceInterval, { signed: true, unit: 'ms' }),
          `live ${latency.live.p95 === null ? `mean ${formatFigure(latency.live.mean, 'ms')}` : `p95 ${formatFigure(latency.live.p95, 'ms')}`} · warn ${limits.latencyMs.warn}, limit ${limits.latencyMs.limit}`,
        )}
        unknownReason={latencyBasisWords.none}
      />
      <Figure
        label="Slippage"
        value={slippage.meanBps}
        unit="bps"
        signed
        explanation={`${counted('slippageBps')} ${pairIntervalMethodText(slippage.meanInterval)}`}
        note={noted(
          intervalText(slippage.meanInterval, { signed: true }),
          slippage.p5Bps === null
            ? `deviation ${formatFigure(slippage.deviationBps, 'bps')}`
            : `p5 ${formatFigure(slippage.p5Bps, 'bps', { signed: true })}, p95 ${formatFigure(slippage.p95Bps, 'bps', { signed: true })}`,
        )}
        unknownReason="no matched orders"
      />
      <Figure
        label="Partial fills"
        value={report.partialFillRateDifference}
        unit="percent"
        signed
        explanation={counted('partialFillRateDifference')}
        note={`live ${formatFigure(partialFills.liveRate, 'percent')}, backtest ${formatFigure(partialFills.backtestRate, 'percent')} · filled ${formatFigure(partialFills.liveFillRatio, 'percent')} %`}
        unknownReason="the log does not say what orders asked for"
      />
      <Figure
        label="Match rate"
        value={report.matchRate}
        unit="percent"
        explanation={counted('matchRate')}
        note={`${formatCount(matches.matched)} matched, ${formatCount(matches.missed)} missed, ${formatCount(matches.extra)} extra`}
        unknownReason={`${formatCount(matches.matched)} matched, ${formatCount(matches.missed)} missed, ${formatCount(matches.extra)} extra`}
      />
      <Figure
        label="Execution quality"
        value={report.executionQualityScore}
        unit="score"
        explanation={counted('executionQualityScore')}
        note={lostPointsText(report.scorePoints)}
        unknownReason="no score without a verdict"
      />
    </Figures>
  );
}
