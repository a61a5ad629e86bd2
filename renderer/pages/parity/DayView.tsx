import { ChevronLeft, ChevronRight, Copy, Download, Printer } from 'lucide-react';
import { useEffect, useMemo, useState } from 'react';
import type { UtcDay } from '../../../shared/base/time';
import type { CallResult } from '../../../shared/contract/calls';
import { causeWords, type WaterfallCause, waterfallOf } from '../../../shared/parity/waterfall';
import { bothSidesTraded } from '../../../shared/parity/words';
import { saveFile } from '../../api/engine';
import { useQuery } from '../../api/use-query';
import { EquityDifference } from '../../charts/EquityDifference';
import { LatencyScatter } from '../../charts/LatencyScatter';
import { SlippageDistribution } from '../../charts/SlippageDistribution';
import { Waterfall } from '../../charts/Waterfall';
import { Button, ButtonLink } from '../../components/Button';
import { SelectField } from '../../components/Field';
import { Page, Panel, Section, type SectionLink, SectionLinks } from '../../components/Page';
import { Answer, EmptyState } from '../../components/States';
import { formatCountOf } from '../../format';
import { isTyping } from '../../frame/keys';
import { goTo, useAddress } from '../../state/address';
import { useOverlays } from '../../state/overlays';
import { addresses } from '../addresses';
import { Correlation } from './Correlation';
import { WhyPanel } from './causes/WhyPanel';
import { copyText } from './copy-text';
import { DataQuality } from './DataQuality';
import { Breaches, Recommendations, ScorePoints } from './Findings';
import { OneSided } from './OneSided';
import { OrdersPanel } from './OrdersPanel';
import { neighboursOf, type OrderSelection, orderCauses, orderSelectionOf, queryOf, selectionOfCause } from './route';
import { SymbolsTable } from './SymbolsTable';
import { VerdictPanel } from './VerdictPanel';

interface DayKey {
  readonly strategy: string;
  readonly symbol: string | null;
  readonly day: UtcDay;
}

/** One day of a symbol or of the portfolio: verdict, figures, where the gap comes from, and every order behind it. */
export function DayView({ strategy, symbol, day }: DayKey) {
  const report = useQuery('parity.report', { strategy, symbol, from: day, to: day });
  const days = useQuery('parity.days', { strategy, symbol });
  const symbols = useQuery('parity.daySymbols', { strategy, day });
  const known = useMemo(() => (days.value?.days ?? []).map((one) => one.day).sort(), [days.value]);
  const names = useMemo(() => (symbols.value?.symbols ?? []).map((one) => one.symbol), [symbols.value]);
  const beside = neighboursOf(known, day);
  const besideSymbol = symbol === null ? { before: null, after: names[0] ?? null } : neighboursOf(names, symbol);
  const hrefOf = (where: { readonly symbol?: string | null; readonly day?: string }) => {
    const at = { symbol, day, ...where };
    return at.symbol === null
      ? addresses.portfolioDay(strategy, at.day)
      : addresses.symbolDay(strategy, at.symbol, at.day);
  };
  useNeighbourKeys({
    k: beside.before && hrefOf({ day: beside.before }),
    j: beside.after && hrefOf({ day: beside.after }),
    K: besideSymbol.before && hrefOf({ symbol: besideSymbol.before }),
    J: besideSymbol.after && hrefOf({ symbol: besideSymbol.after }),
  });
  return (
    <Page
      title={`${symbol ?? 'Portfolio'} · ${day}`}
      crumbs={[
        { title: 'Parity', href: addresses.parity() },
        { title: strategy, href: addresses.strategy(strategy) },
        ...(symbol === null ? [] : [{ title: symbol, href: addresses.symbol(strategy, symbol) }]),
        { title: day, href: null },
      ]}
      actions={
        <>
          <SelectField
            label="Symbol"
            hideLabel
            value={symbol ?? ''}
            onChange={(chosen) => goTo(hrefOf({ symbol: chosen === '' ? null : chosen }))}
            groups={[
              {
                title: null,
                options: [
                  { value: '', title: 'Portfolio' },
                  ...withCurrent(names, symbol).map((name) => ({ value: name, title: name })),
                ],
              },
            ]}
          />
          <Step
            title="Previous day (k)"
            to={beside.before}
            href={beside.before && hrefOf({ day: beside.before })}
            back
          />
          <Step title="Next day (j)" to={beside.after} href={beside.after && hrefOf({ day: beside.after })} />
          <ButtonLink icon={Printer} href={addresses.report(strategy, symbol, day)}>
            Report
          </ButtonLink>
          {report.value && <ReportActions answer={report.value} />}
        </>
      }
    >
      <Answer query={report} skeletonLines={14}>
        {(answer) => (
          <DayReport
            answer={answer}
            strategy={strategy}
            symbol={symbol}
            day={day}
            symbols={symbols.value?.symbols ?? null}
          />
        )}
      </Answer>
    </Page>
  );
}

function withCurrent(names: readonly string[], symbol: string | null): readonly string[] {
  return symbol === null || names.includes(symbol) ? names : [...names, symbol];
}

function Step(props: {
  readonly title: string;
  readonly to: string | null;
  readonly href: string | null;
  readonly back?: boolean;
}) {
  const Icon = props.back ? ChevronLeft : ChevronRight;
  const look = 'button button-plain';
  if (props.href === null) {
    return (
      <button type="button" className={look} disabled title={`${props.title}: none`}>
        {props.back && <Icon size={14} aria-hidden="true" />}
        {props.back ? 'Previous' : 'Next'}
        {!props.back && <Icon size={14} aria-hidden="true" />}
      </button>
    );
  }
  return (
    <a
      className={look}
      href={props.href}
      title={props.title}
      aria-label={`${props.back ? 'Previous' : 'Next'} day, ${props.to}`}
    >
      {props.back && <Icon size={14} aria-hidden="true" />}
      <span className="figures">{props.to?.slice(5)}</span>
      {!props.back && <Icon size={14} aria-hidden="true" />}
    </a>
  );
}

function useNeighbourKeys(targets: Readonly<Record<string, string | null>>): void {
  useEffect(() => {
    const onKey = (event: KeyboardEvent) => {
      if (event.ctrlKey || event.metaKey || event.altKey || isTyping(event.target)) return;
      if (useOverlays.getState().open !== null) return;
      const href = targets[event.key];
      if (href == null) return;
      event.preventDefault();
      goTo(href);
    };
    window.addEventListener('keydown', onKey);
    return () => window.removeEventListener('keydown', onKey);
  });
}

function ReportActions({ answer }: { readonly answer: CallResult<'parity.report'> }) {
  const [said, setSaid] = useState<string | null>(null);
  const { key } = answer.report;
  const text = () => `${JSON.stringify(answer.report, null, 2)}\n`;
  const name = `${[key.strategy, key.symbol ?? 'portfolio', key.from].join('_').replace(/[^\w.-]+/g, '-')}.json`;
  return (
    <>
      <Button
        icon={Copy}
        onClick={async () =>
          setSaid((await copyText(text())) ? 'Report copied' : 'The clipboard refused; use Save instead')
        }
      >
        Copy JSON
      </Button>
      <Button
        icon={Download}
        onClick={async () => {
          const saved = await saveFile({ name, content: text() });
          setSaid(saved.ok ? saved.value && `Saved ${saved.value.name}` : `${saved.error.message} ${saved.error.hint}`);
        }}
      >
        Save JSON
      </Button>
      <span className="muted" role="status">
        {said}
      </span>
    </>
  );
}

function DayReport(
  props: DayKey & {
    readonly answer: CallResult<'parity.report'>;
    readonly symbols: CallResult<'parity.daySymbols'>['symbols'] | null;
  },
) {
  const { answer, strategy, symbol, day, symbols } = props;
  const { report, series, limits } = answer;
  const { query } = useAddress();
  const selection = orderSelectionOf(query);
  const openOrder = query['order'] ?? null;
  const cause = (Object.keys(causeWords) as WaterfallCause[]).find((one) => one === query['cause']) ?? null; // the keys of an exhaustive record
  const waterfall = useMemo(
    () => waterfallOf(report.attribution, report.capital.value, report.grossNotional),
    [report],
  );
  const subject = `${strategy} ${symbol ?? ''} ${day}`;
  const show = (next: OrderSelection, order: string | null, by: WaterfallCause | null) => {
    if (symbol !== null) go(queryOf(next, order, by));
  };
  /** Stays on the day; what is not named stays as it is. */
  const go = (change: Readonly<Record<string, string | null>>) => {
    const all = { ...query, ...change };
    const href =
      symbol === null ? addresses.portfolioDay(strategy, day, all) : addresses.symbolDay(strategy, symbol, day, all);
    goTo(href, { replace: true });
  };
  const pickCause = (picked: WaterfallCause | null) => {
    const value = waterfall.steps.find((step) => step.cause === picked)?.value ?? 0;
    show(
      picked === null ? { kind: 'all', sort: 'gap', descending: false } : selectionOfCause(picked, value),
      null,
      picked,
    );
    if (picked !== null) document.getElementById('orders')?.scrollIntoView({ block: 'nearest' });
  };
  const empty = report.orders.live + report.orders.backtest === 0;
  return (
    <>
      {!empty && <SectionLinks sections={sectionsOf(report)} />}
      <VerdictPanel report={report} limits={limits} waterfall={waterfall} />
      {answer.revisions > 1 && (
        <p className="muted">
          Revision {report.key.revision}: {formatCountOf(answer.revisions - 1, 'earlier report')} of this day kept{' '}
          <a href={addresses.report(strategy, symbol, day)}>among its reports</a>.
        </p>
      )}
      {empty ? (
        <Panel title="Data quality">
          <DataQuality report={report} />
        </Panel>
      ) : (
        <>
          <Section id="why" title="Why this day differs">
            <WhyPanel
              strategy={strategy}
              symbol={symbol}
              from={day}
              to={day}
              reason={query['why'] ?? null}
              onReason={(why) => go({ why, 'why-order': null })}
              order={query['why-order'] ?? null}
              onOrder={(order) => go({ 'why-order': order })}
            />
          </Section>
          <Section id="money" title="Where the money goes">
            <div className="parity-halves">
              <Panel
                title={
                  symbol === null ? 'Where the money goes' : 'Where the money goes: pick a cause to see its orders'
                }
                flush
              >
                {bothSidesTraded(report) ? (
                  <Waterfall
                    model={waterfall}
                    currency={report.currency}
                    {...(symbol === null ? {} : { pickable: orderCauses, selected: cause, onPick: pickCause })}
                  />
                ) : (
                  <OneSided />
                )}
              </Panel>
              <section className="panel panel-body">
                {series === null ? (
                  <EmptyState title="No course within the day">
                    The day has no prices to value both sides at, so equity over the day cannot be drawn.
                  </EmptyState>
                ) : (
                  <EquityDifference series={series} currency={report.currency} subject={subject} height={276} />
                )}
              </section>
            </div>
          </Section>
          <Section id="limits" title="Limits, score and what to change">
            <div className="parity-halves">
              <div className="parity-stack">
                <Panel title="Limits crossed">
                  <Breaches report={report} />
                </Panel>
                <Panel title="Score">
                  <ScorePoints report={report} />
                </Panel>
              </div>
              <Panel title="What to change">
                <Recommendations report={report} />
              </Panel>
            </div>
          </Section>
          {symbol !== null && report.matches.matched > 0 && (
            <Section id="slippage" title="Slippage">
              <PriceCharts
                strategy={strategy}
                symbol={symbol}
                day={day}
                meanBps={report.slippage.meanBps}
                limits={limits.latencyMs}
                onPickOrder={(id) => show({ ...selection, kind: 'all' }, id, null)}
              />
            </Section>
          )}
          {symbol === null && (
            <>
              <Section id="symbols" title="Symbols of the day">
                <Panel title="Symbols" flush>
                  {symbols && (
                    <SymbolsTable
                      symbols={symbols}
                      limits={limits}
                      currency={report.currency}
                      onOpen={(row) => goTo(addresses.symbolDay(strategy, row.symbol, day))}
                    />
                  )}
                </Panel>
              </Section>
              <Section id="correlation" title="Correlation">
                <Panel title="Do the symbols stray together?">
                  {report.correlation === null ? (
                    <p className="muted">
                      There is nothing to correlate: fewer than two symbols with enough common intervals.
                    </p>
                  ) : (
                    <Correlation matrix={report.correlation} />
                  )}
                </Panel>
              </Section>
            </>
          )}
          {symbol !== null && (
            <OrdersPanel
              report={report}
              strategy={strategy}
              symbol={symbol}
              day={day}
              selection={selection}
              cause={cause}
              openOrder={openOrder}
              onSelect={(next) => show(next, openOrder, null)}
              onOpenOrder={(id) => show(selection, id, cause)}
            />
          )}
          <Section id="quality" title="Data quality of the day">
            <Panel title="Data quality">
              <DataQuality report={report} />
            </Panel>
          </Section>
        </>
      )}
    </>
  );
}

/** What the page of a day has, in its order. */
function sectionsOf({ key: { symbol }, matches }: CallResult<'parity.report'>['report']): readonly SectionLink[] {
  return [
    { id: 'why', title: 'Why it differs' },
    { id: 'money', title: 'Where the money goes' },
    { id: 'limits', title: 'Limits, score, what to change' },
    ...(symbol === null
      ? [
          { id: 'symbols', title: 'Symbols' },
          { id: 'correlation', title: 'Correlation' },
        ]
      : [...(matches.matched > 0 ? [{ id: 'slippage', title: 'Slippage' }] : []), { id: 'orders', title: 'Orders' }]),
    { id: 'quality', title: 'Data quality' },
  ];
}

function PriceCharts(props: {
  readonly strategy: string;
  readonly symbol: string;
  readonly day: UtcDay;
  readonly meanBps: number | null;
  readonly limits: { readonly warn: number; readonly limit: number };
  readonly onPickOrder: (id: string) => void;
}) {
  const { strategy, symbol, day, meanBps, limits, onPickOrder } = props;
  const points = useQuery('parity.points', { strategy, symbol, day });
  const subject = `${strategy} ${symbol} ${day}`;
  return (
    <Answer query={points} skeletonLines={8}>
      {(answer) => (
        <div className="parity-halves">
          <section className="panel panel-body">
            <SlippageDistribution slippageBps={answer.slippageBps} meanBps={meanBps} subject={subject} height={240} />
          </section>
          <section className="panel panel-body">
            <LatencyScatter points={answer} limits={limits} subject={subject} height={240} onPickOrder={onPickOrder} />
          </section>
        </div>
      )}
    </Answer>
  );
}
