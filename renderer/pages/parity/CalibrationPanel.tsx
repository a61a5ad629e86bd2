import { CircleCheck, CircleDashed, CircleMinus, Download, type LucideIcon, SlidersHorizontal } from 'lucide-react';
import { useState } from 'react';
import type { Failure } from '../../../shared/base/errors';
import { addUtcDays, isUtcDay } from '../../../shared/base/time';
import type { Calibration, CalibrationParameter } from '../../../shared/parity/calibration-document';
import { type CalibrationFormat, exportCalibration } from '../../../shared/parity/calibration-export';
import { calibrationStateWords, leftOutWords, parameterWords } from '../../../shared/parity/calibration-words';
import { call, saveFile } from '../../api/engine';
import { CalibrationSeries } from '../../charts/CalibrationSeries';
import { Button } from '../../components/Button';
import { Choice } from '../../components/Choice';
import { Panel } from '../../components/Page';
import { ScrollSection } from '../../components/ScrollSection';
import { ErrorState, Skeleton } from '../../components/States';
import { Badge, type Tone } from '../../components/StatusBadge';
import { formatCountOf, typeset, UNKNOWN_TEXT } from '../../format';
import './calibration.css';

const spans = [
  { value: 'all', title: 'All days' },
  { value: '90', title: 'Last 90' },
  { value: '30', title: 'Last 30' },
] as const;
type Span = (typeof spans)[number]['value'];

type Progress =
  | { readonly step: 'idle' }
  | { readonly step: 'busy' }
  | { readonly step: 'done'; readonly calibration: Calibration }
  | { readonly step: 'failed'; readonly error: Failure };

/** Which settings would make the backtest of this symbol come out as live; worked out when asked for. */
export function CalibrationPanel({
  strategy,
  symbol,
  lastDay,
}: {
  readonly strategy: string;
  readonly symbol: string;
  readonly lastDay: string;
}) {
  const [span, setSpan] = useState<Span>('all');
  const [progress, setProgress] = useState<Progress>({ step: 'idle' });
  const calibrate = async (chosen: Span) => {
    setSpan(chosen);
    setProgress({ step: 'busy' });
    const from = chosen !== 'all' && isUtcDay(lastDay) ? addUtcDays(lastDay, 1 - Number(chosen)) : null;
    const answer = await call('parity.calibration', { strategy, symbol, from, to: null });
    setProgress(
      answer.ok ? { step: 'done', calibration: answer.value.calibration } : { step: 'failed', error: answer.error },
    );
  };
  return (
    <Panel
      title="Calibrate the backtest"
      aside={
        <>
          <Choice
            label="Days to calibrate on"
            options={spans}
            chosen={span}
            onChoose={(chosen) => (progress.step === 'idle' ? setSpan(chosen) : void calibrate(chosen))}
          />
          <Button icon={SlidersHorizontal} busy={progress.step === 'busy'} onClick={() => void calibrate(span)}>
            {progress.step === 'idle' ? 'Calibrate' : 'Calibrate again'}
          </Button>
        </>
      }
    >
      {progress.step === 'idle' && (
        <p className="muted calibration-lead">
          Finds the fees, slippage, delay and fills that would make the backtest come out as live. They are fitted on
          the earlier days and judged on the later ones; where they do not help there, none are given.
        </p>
      )}
      {progress.step === 'busy' && <Skeleton lines={8} label="Calibrating" />}
      {progress.step === 'failed' && <ErrorState error={progress.error} onRetry={() => void calibrate(span)} />}
      {progress.step === 'done' && <Outcome calibration={progress.calibration} />}
    </Panel>
  );
}

const stateLooks: Readonly<Record<Calibration['state'], { readonly tone: Tone; readonly icon: LucideIcon }>> = {
  improves: { tone: 'pass', icon: CircleCheck },
  'no-improvement': { tone: 'warn', icon: CircleMinus },
  'no-difference': { tone: 'plain', icon: CircleMinus },
  'not-enough-data': { tone: 'unknown', icon: CircleDashed },
};

function Outcome({ calibration }: { readonly calibration: Calibration }) {
  const { state, message, missing, days, parameters, judged, notes } = calibration;
  const { tone, icon } = stateLooks[state];
  return (
    <section className="calibration" aria-label="Calibration">
      <p className="calibration-verdict">
        <Badge tone={tone} icon={icon}>
          {calibrationStateWords[state]}
        </Badge>
        <span>{typeset(message)}</span>
      </p>
      {missing.length > 0 && (
        <ul className="calibration-missing">
          {missing.map(({ what, have, need }) => (
            <li key={what}>
              <span className="figures">
                {have} of {need}
              </span>{' '}
              {what}
            </li>
          ))}
        </ul>
      )}
      {days.leftOut.length > 0 && (
        <p className="muted">
          Left out:{' '}
          {days.leftOut
            .map(({ reason, days: left }) => `${formatCountOf(left, 'day')} ${leftOutWords(reason)}`)
            .join(', ')}
          .
        </p>
      )}
      {parameters.length > 0 && (
        <div className="calibration-halves">
          <Parameters parameters={parameters} given={calibration.settings !== null} />
          {judged === null ? null : (
            <div className="calibration-judged">
              <CalibrationSeries
                calibration={calibration}
                subject={`${calibration.strategy} ${calibration.symbol}`}
                height={200}
              />
              <BeforeAfter calibration={calibration} judged={judged} />
            </div>
          )}
        </div>
      )}
      {notes.map((note) => (
        <p key={note} className="muted">
          {typeset(note)}
        </p>
      ))}
      {state !== 'not-enough-data' && <Exports calibration={calibration} />}
    </section>
  );
}

function Parameters(props: { readonly parameters: readonly CalibrationParameter[]; readonly given: boolean }) {
  return (
    <ScrollSection className="calibration-scroll" label="Settings found">
      <table className="calibration-table">
        <thead>
          <tr>
            <th scope="col">Setting</th>
            <th scope="col" className="figures">
              Live
            </th>
            <th scope="col" className="figures">
              95 % interval
            </th>
            <th scope="col" className="figures">
              Backtest
            </th>
            <th scope="col" className="figures">
              Orders
            </th>
          </tr>
        </thead>
        <tbody>
          {props.parameters.map((parameter) => (
            <ParameterRow key={parameter.id} parameter={parameter} given={props.given} />
          ))}
        </tbody>
      </table>
    </ScrollSection>
  );
}

function ParameterRow({ parameter, given }: { readonly parameter: CalibrationParameter; readonly given: boolean }) {
  const { id, value, lower, upper, n, backtest, used, note } = parameter;
  const { title, unit, scale, digits } = parameterWords[id];
  const shown = (known: number | null) =>
    known === null
      ? UNKNOWN_TEXT
      : (known * scale)
          .toFixed(digits)
          .replace(/^-(?=0\.?0*$)/, '')
          .replace('-', '−');
  return (
    <tr data-used={used || undefined}>
      <th scope="row">
        {title}
        {used && <span className="calibration-used">{given ? 'set' : 'differs'}</span>}
        {note !== null && <span className="calibration-note muted">{note}</span>}
      </th>
      <td className="figures">
        {shown(value)} <span className="muted">{unit}</span>
      </td>
      <td className="figures">{lower === null ? UNKNOWN_TEXT : `${shown(lower)} to ${shown(upper)}`}</td>
      <td className="figures">{shown(backtest)}</td>
      <td className="figures">{n}</td>
    </tr>
  );
}

function BeforeAfter(props: {
  readonly calibration: Calibration;
  readonly judged: NonNullable<Calibration['judged']>;
}) {
  const { days } = props.calibration;
  const parts = [
    { title: 'Fitted on', span: days.fit, part: props.judged.fit },
    { title: 'Judged on', span: days.heldOut, part: props.judged.heldOut },
  ] as const;
  const bps = (value: number | null, signed = false) =>
    value === null ? UNKNOWN_TEXT : `${signed && value > 0 ? '+' : ''}${value.toFixed(2)}`.replace('-', '−');
  return (
    <table className="calibration-table">
      <caption className="visually-hidden">Means over the days, bps of capital a day</caption>
      <thead>
        <tr>
          <th scope="col">Mean a day, bps</th>
          <th scope="col" className="figures">
            Tracking error
          </th>
          <th scope="col" className="figures">
            Better by, 95 %
          </th>
          <th scope="col" className="figures">
            Difference
          </th>
        </tr>
      </thead>
      <tbody>
        {parts.map(({ title, span, part }) => (
          <tr key={title}>
            <th scope="row">
              {title}
              <span className="calibration-note muted">
                {span === null ? '' : `${span.from} to ${span.to}, ${formatCountOf(part.days, 'day')}`}
              </span>
            </th>
            <td className="figures">
              {bps(part.trackingErrorBps.before)} → <strong>{bps(part.trackingErrorBps.after)}</strong>
            </td>
            <td className="figures">
              {bps(part.errorImprovementBps.lower, true)} to {bps(part.errorImprovementBps.upper, true)}
            </td>
            <td className="figures">
              {bps(part.trackingDifferenceBps.before, true)} → {bps(part.trackingDifferenceBps.after, true)}
            </td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}

const exportTitles: Readonly<Record<CalibrationFormat, string>> = {
  freqtrade: 'freqtrade fee',
  'freqtrade-strategy': 'freqtrade prices',
  lean: 'Lean',
  nautilus: 'NautilusTrader',
  json: 'JSON',
};

function Exports({ calibration }: { readonly calibration: Calibration }) {
  const [said, setSaid] = useState<string | null>(null);
  const formats = (Object.keys(exportTitles) as CalibrationFormat[]).flatMap((format) => {
    const file = exportCalibration(calibration, format); // of an engine only where there are settings
    return file === null ? [] : [{ format, file }];
  });
  return (
    <fieldset className="calibration-exports">
      <legend className="muted">Save the settings for</legend>
      {formats.map(({ format, file }) => (
        <Button
          key={format}
          look="quiet"
          icon={Download}
          onClick={async () => {
            const saved = await saveFile({ name: file.name, content: file.text });
            setSaid(
              saved.ok ? saved.value && `Saved ${saved.value.name}` : `${saved.error.message} ${saved.error.hint}`,
            );
          }}
        >
          {exportTitles[format]}
        </Button>
      ))}
      <span className="muted" role="status">
        {said}
      </span>
    </fieldset>
  );
}
