import { useState } from 'react';
import { isUtcDay } from '../../../shared/base/time';
import { type Comparison, comparedFigureWords, componentTitle } from '../../../shared/parity/comparison';
import { useQuery } from '../../api/use-query';
import { Button } from '../../components/Button';
import { SelectField, TextField } from '../../components/Field';
import { Page, Panel } from '../../components/Page';
import { Answer } from '../../components/States';
import { Badge, StatusBadge } from '../../components/StatusBadge';
import { amountsLike, formatCountOf, formatFigure, formatFigureWithUnit, formatMoney, typeset } from '../../format';
import { goTo } from '../../state/address';
import { addresses } from '../addresses';
import type { Compared } from './route';

/** Two reports beside each other: what differs, by how much, and whether it is more than the intervals leave open. */
export function CompareView({ a, b }: { readonly a: Compared; readonly b: Compared }) {
  const same = JSON.stringify(a) === JSON.stringify(b);
  const answer = useQuery('reports.compare', same ? null : { a, b });
  return (
    <Page
      title="Side by side"
      crumbs={[
        { title: 'Reports', href: addresses.reports() },
        { title: a.strategy, href: addresses.reports(a.strategy, a.from.slice(0, 7)) },
        { title: 'Side by side', href: null },
      ]}
      lead="Two days, two symbols, two strategies or two versions of one."
    >
      <Chooser a={a} b={b} />
      {same ? (
        <p className="muted">
          Both sides are the same report: change the day, the symbol, the strategy or the version of one.
        </p>
      ) : (
        <Answer query={answer} skeletonLines={14}>
          {({ comparison }) => <Differences comparison={comparison} />}
        </Answer>
      )}
    </Page>
  );
}

type Draft = Record<'strategy' | 'symbol' | 'from' | 'to' | 'version', string>;

function draftOf({ strategy, symbol, from, to, version }: Compared): Draft {
  return { strategy, symbol: symbol ?? '', from, to, version: version ?? '' };
}

function Chooser({ a, b }: { readonly a: Compared; readonly b: Compared }) {
  const overview = useQuery('desk.overview', { strategy: a.strategy, days: 1 });
  const strategies = overview.value?.strategies.map(({ strategy }) => strategy) ?? [];
  const [drafts, setDrafts] = useState({ a: draftOf(a), b: draftOf(b) });
  const [chosenA, chosenB] = [comparedOf(drafts.a, a), comparedOf(drafts.b, b)];
  return (
    <form
      className="reports-chooser"
      onSubmit={(event) => {
        event.preventDefault();
        if (chosenA !== null && chosenB !== null) goTo(addresses.compare(chosenA, chosenB));
      }}
    >
      {(['a', 'b'] as const).map((side) => (
        <Side
          key={side}
          name={side.toUpperCase()}
          draft={drafts[side]}
          strategies={strategies}
          onChange={(draft) => setDrafts({ ...drafts, [side]: draft })}
        />
      ))}
      <Button type="submit" look="primary" disabled={chosenA === null || chosenB === null}>
        Compare
      </Button>
    </form>
  );
}

function Side(props: {
  readonly name: string;
  readonly draft: Draft;
  readonly strategies: readonly string[];
  readonly onChange: (draft: Draft) => void;
}) {
  const { name, draft, strategies, onChange } = props;
  const symbols = useQuery('parity.symbols', { strategy: draft.strategy });
  const names = symbols.value?.symbols.map(({ symbol }) => symbol) ?? [];
  const listed = draft.symbol === '' || names.includes(draft.symbol) ? names : [...names, draft.symbol];
  const shown = strategies.includes(draft.strategy) ? strategies : [...strategies, draft.strategy];
  const day = (field: 'from' | 'to', label: string) => (
    <TextField
      label={label}
      value={draft[field]}
      onChange={(text) => onChange({ ...draft, [field]: text })}
      placeholder="YYYY-MM-DD"
      problem={
        isUtcDay(draft[field])
          ? field === 'to' && draft.to < draft.from
            ? 'Before the first day'
            : null
          : 'YYYY-MM-DD'
      }
    />
  );
  return (
    <fieldset>
      <legend>{name}</legend>
      <SelectField
        label={`Strategy ${name}`}
        value={draft.strategy}
        onChange={(strategy) => onChange({ ...draft, strategy, symbol: '' })}
        groups={[{ title: null, options: shown.map((value) => ({ value, title: value })) }]}
      />
      <SelectField
        label={`Symbol ${name}`}
        value={draft.symbol}
        onChange={(symbol) => onChange({ ...draft, symbol })}
        groups={[
          {
            title: null,
            options: [{ value: '', title: 'Portfolio' }, ...listed.map((value) => ({ value, title: value }))],
          },
        ]}
      />
      {day('from', `First day ${name}`)}
      {day('to', `Last day ${name}`)}
      <TextField
        label={`Version ${name}`}
        value={draft.version}
        onChange={(version) => onChange({ ...draft, version })}
        placeholder="all versions"
      />
    </fieldset>
  );
}

/** The side as chosen; null while a day is not written. A revision is of one report alone and goes when anything else changes. */
function comparedOf(draft: Draft, before: Compared): Compared | null {
  const { strategy, symbol, from, to, version } = draft;
  if (!isUtcDay(from) || !isUtcDay(to) || to < from) return null;
  const chosen = { strategy, symbol: symbol === '' ? null : symbol, from, to, version: version.trim() || null };
  const { revision, ...rest } = before;
  return {
    ...chosen,
    revision:
      JSON.stringify(draftOf({ ...chosen, revision })) === JSON.stringify(draftOf({ ...rest, revision }))
        ? revision
        : null,
  };
}

/** Causes that are listed; the largest money of either side comes first. */
const mostCauses = 8;

function Differences({ comparison }: { readonly comparison: Comparison }) {
  const { a, b, figures, attribution, causes, cautions, rule } = comparison;
  const shown = figures.filter((row) => row.a !== null || row.b !== null);
  const largest = Math.max(...attribution.flatMap((part) => [Math.abs(part.a ?? 0), Math.abs(part.b ?? 0)]));
  const amount = amountsLike(largest, null, { signed: true });
  return (
    <>
      {cautions.length > 0 && (
        <ul className="reports-cautions">
          {cautions.map((caution) => (
            <li key={caution}>{typeset(caution)}</li>
          ))}
        </ul>
      )}
      <Panel title="Figures" flush>
        <div className="reports-scroll">
          <table className="reports-compare">
            <thead>
              <tr>
                <th scope="col">Figure</th>
                <SideHead name="A" side={a} />
                <SideHead name="B" side={b} />
                <th scope="col">B − A</th>
                <th scope="col">Against the intervals</th>
              </tr>
            </thead>
            <tbody>
              {shown.map((row) => (
                <FigureRow key={row.figure} row={row} currency={a.currency === b.currency ? a.currency : null} />
              ))}
            </tbody>
          </table>
        </div>
      </Panel>
      <Panel title="Where the gap comes from" flush>
        <div className="reports-scroll">
          <table className="reports-compare">
            <thead>
              <tr>
                <th scope="col">Component</th>
                <th scope="col">A{a.currency === null ? '' : `, ${a.currency}`}</th>
                <th scope="col">bps</th>
                <th scope="col">B{b.currency === null ? '' : `, ${b.currency}`}</th>
                <th scope="col">bps</th>
                <th scope="col">B − A</th>
                <th scope="col">bps</th>
              </tr>
            </thead>
            <tbody>
              {attribution.map((part) => (
                <tr key={part.component} data-total={part.component === 'gap' || undefined}>
                  <th scope="row">
                    {componentTitle(part.component)}
                    {partsOfPrice.has(part.component) && <span className="muted">, part of price</span>}
                  </th>
                  {(['a', 'b', 'difference'] as const).map((side) => (
                    <MoneyCells
                      key={side}
                      text={amount(part[side])}
                      bps={part[`${side}Bps`]}
                      strong={side === 'difference'}
                    />
                  ))}
                </tr>
              ))}
            </tbody>
          </table>
        </div>
      </Panel>
      {causes !== null && causes.length > 0 && (
        <Panel title="Why they differ from their backtests" flush>
          <div className="reports-scroll">
            <table className="reports-compare">
              <thead>
                <tr>
                  <th scope="col">Cause</th>
                  <th scope="col">A{a.currency === null ? '' : `, ${a.currency}`}</th>
                  <th scope="col">of its gap</th>
                  <th scope="col">B{b.currency === null ? '' : `, ${b.currency}`}</th>
                  <th scope="col">of its gap</th>
                  <th scope="col">B − A</th>
                </tr>
              </thead>
              <tbody>
                {causes.slice(0, mostCauses).map((cause) => (
                  <tr key={cause.reason}>
                    <th scope="row">{cause.title}</th>
                    <td className="figures">{formatMoney(cause.a, null, { signed: true })}</td>
                    <td className="figures muted">{formatFigureWithUnit(cause.aShare, 'percent')}</td>
                    <td className="figures">{formatMoney(cause.b, null, { signed: true })}</td>
                    <td className="figures muted">{formatFigureWithUnit(cause.bShare, 'percent')}</td>
                    <td className="figures">
                      <strong>{formatMoney(cause.difference, null, { signed: true })}</strong>
                    </td>
                  </tr>
                ))}
              </tbody>
            </table>
          </div>
          {causes.length > mostCauses && (
            <p className="muted reports-more">and {formatCountOf(causes.length - mostCauses, 'smaller cause')}</p>
          )}
        </Panel>
      )}
      <p className="muted">{typeset(rule)}</p>
    </>
  );
}

/** Already in the line above them: the components add up without these. */
const partsOfPrice: ReadonlySet<string> = new Set(['delay', 'execution']);

function MoneyCells({
  text,
  bps,
  strong,
}: {
  readonly text: string;
  readonly bps: number | null;
  readonly strong: boolean;
}) {
  return (
    <>
      <td className="figures">{strong ? <strong>{text}</strong> : text}</td>
      <td className="figures muted">{formatFigure(bps, 'bps', { signed: true })}</td>
    </>
  );
}

function SideHead({ name, side }: { readonly name: string; readonly side: Comparison['a'] }) {
  const { strategy, symbol, from, to, revision, version, status } = side;
  return (
    <th scope="col">
      <span className="reports-side">
        <strong>{name}</strong> <StatusBadge status={status} reason={side.reasons.join('\n')} />
        <span>
          {strategy} · {symbol ?? 'Portfolio'} · {from === to ? from : `${from} to ${to}`}
          {version === null ? ` · revision ${revision}` : ` · version ${version}`}
        </span>
      </span>
    </th>
  );
}

function FigureRow({
  row,
  currency,
}: {
  readonly row: Comparison['figures'][number];
  readonly currency: string | null;
}) {
  const { title, unit, signed } = comparedFigureWords[row.figure];
  const text = (value: number | null, plus: boolean) =>
    unit === 'money' ? formatMoney(value, currency, { signed: plus }) : formatFigure(value, unit, { signed: plus });
  const between = (interval: Comparison['figures'][number]['aInterval']) =>
    interval && (
      <span className="muted">
        {' '}
        {formatFigure(interval.lower, 'bps', { signed })} to {formatFigure(interval.upper, 'bps', { signed })}
      </span>
    );
  return (
    <tr>
      <th scope="row">
        {title}
        {unitNote(unit)}
      </th>
      <td className="figures">
        {text(row.a, signed)}
        {between(row.aInterval)}
      </td>
      <td className="figures">
        {text(row.b, signed)}
        {between(row.bInterval)}
      </td>
      <td className="figures">
        <strong>{text(row.difference, true)}</strong>
      </td>
      <td>
        {row.beyond === null ? (
          <span className="muted">no interval</span>
        ) : row.beyond ? (
          <Badge tone="warn">beyond</Badge>
        ) : (
          <Badge tone="plain">within</Badge>
        )}
      </td>
    </tr>
  );
}

function unitNote(unit: (typeof comparedFigureWords)[keyof typeof comparedFigureWords]['unit']) {
  const words = {
    bps: 'bps',
    bpsPerDay: 'bps/day',
    ms: 'ms',
    percent: '%',
    score: 'of 100',
    count: '',
    ratio: '',
    money: '',
  };
  return words[unit] === '' ? null : <span className="muted">, {words[unit]}</span>;
}
