import { ChartNoAxesCombined, Columns2, Printer } from 'lucide-react';
import { useEffect, useRef } from 'react';
import type { UtcDay } from '../../../shared/base/time';
import type { CallResult } from '../../../shared/contract/calls';
import { useQuery } from '../../api/use-query';
import { Button, ButtonLink } from '../../components/Button';
import { Page, Panel } from '../../components/Page';
import { Answer } from '../../components/States';
import { StatusBadge } from '../../components/StatusBadge';
import { type Column, Table } from '../../components/Table';
import { Time } from '../../components/Time';
import { formatCount, formatFigure, formatMoney } from '../../format';
import { goTo } from '../../state/address';
import { addresses } from '../addresses';
import type { Selection } from './exports';
import { ReportExports } from './ReportExports';

interface ReportKey {
  readonly strategy: string;
  readonly symbol: string | null;
  readonly day: UtcDay;
  readonly revision: number | null;
}

/** One report as the page it prints, with its revisions and its ways out. */
export function ReportView({ strategy, symbol, day, revision }: ReportKey) {
  const selection: Selection = { strategy, symbol, from: day, to: day, revision };
  const sheet = useQuery('reports.export', { ...selection, format: 'html', paper: 'A4' });
  const revisions = useQuery('reports.revisions', { strategy, symbol, day });
  const latest = revisions.value?.revisions.at(-1)?.revision ?? null;
  const parity = symbol === null ? addresses.portfolioDay(strategy, day) : addresses.symbolDay(strategy, symbol, day);
  return (
    <Page
      title={`${symbol ?? 'Portfolio'} · ${day}`}
      crumbs={[
        { title: 'Reports', href: addresses.reports() },
        { title: strategy, href: addresses.reports(strategy, day.slice(0, 7)) },
        { title: day, href: null },
      ]}
      {...(revision !== null && revision !== latest && { lead: `Revision ${revision}: a later one has replaced it` })}
      actions={
        <>
          <ButtonLink icon={ChartNoAxesCombined} href={parity}>
            Open in Parity
          </ButtonLink>
          <ButtonLink
            icon={Columns2}
            href={addresses.compare({ ...selection, version: null }, { ...selection, revision: null, version: null })}
          >
            Compare
          </ButtonLink>
          <ReportExports selection={selection} older={revision !== null && revision !== latest}>
            <Button icon={Printer} look="primary" onClick={() => window.print()}>
              Print
            </Button>
          </ReportExports>
        </>
      }
    >
      {(revisions.value?.revisions.length ?? 0) > 1 && revisions.value !== null && (
        <Revisions {...{ strategy, symbol, day }} revisions={revisions.value.revisions} shown={revision ?? latest} />
      )}
      <Answer query={sheet} skeletonLines={16}>
        {(answer) => <Paper html={answer.content} />}
      </Answer>
    </Page>
  );
}

type Revision = CallResult<'reports.revisions'>['revisions'][number];

function Revisions(props: {
  readonly strategy: string;
  readonly symbol: string | null;
  readonly day: UtcDay;
  readonly revisions: readonly Revision[];
  readonly shown: number | null;
}) {
  const { strategy, symbol, day, revisions, shown } = props;
  const at = (revision: number | null) => ({ strategy, symbol, from: day, to: day, revision, version: null });
  const latest = revisions.at(-1)?.revision ?? null;
  const columns: readonly Column<Revision>[] = [
    { id: 'revision', title: 'Revision', width: '80px', cell: (row) => <strong>{row.revision}</strong> },
    { id: 'status', title: 'Status', width: '124px', cell: (row) => <StatusBadge status={row.status} /> },
    { id: 'made', title: 'Made (UTC)', width: '160px', cell: (row) => <Time atUs={row.madeAtUs} /> },
    {
      id: 'difference',
      title: 'Difference, bps',
      width: 'minmax(90px, 1fr)',
      align: 'end',
      cell: (row) => formatFigure(row.trackingDifferenceBps, 'bps', { signed: true }),
    },
    {
      id: 'gap',
      title: 'Gap',
      width: 'minmax(110px, 1fr)',
      align: 'end',
      cell: (row) => formatMoney(row.gap, row.currency, { signed: true }),
    },
    {
      id: 'orders',
      title: 'Matched, missed, extra',
      width: 'minmax(140px, 1fr)',
      align: 'end',
      cell: (row) => `${formatCount(row.matched)}, ${formatCount(row.missed)}, ${formatCount(row.extra)}`,
    },
    {
      id: 'compare',
      title: '',
      width: '180px',
      cell: (row) =>
        row.revision === latest ? (
          <span className="muted">latest</span>
        ) : (
          <a href={addresses.compare(at(row.revision), at(null))}>Compare with latest</a>
        ),
    },
  ];
  return (
    <Panel title="Revisions: the day was judged again when data came late or the method changed" flush>
      <Table
        label="Revisions"
        columns={columns}
        rows={[...revisions].reverse()}
        keyOf={(row) => String(row.revision)}
        openKey={shown === null ? null : String(shown)}
        onOpen={(row) => goTo(addresses.report(strategy, symbol, day, row.revision === latest ? null : row.revision))}
      />
    </Panel>
  );
}

/**
 * The exported page itself, in a shadow of its own so that neither its styles nor the console's reach the other. It is parsed, not run:
 * a document made by the parser has no scripts, and the console's policy would refuse them.
 */
function Paper({ html }: { readonly html: string }) {
  const host = useRef<HTMLDivElement>(null);
  useEffect(() => {
    const element = host.current;
    if (element === null) return;
    // A parsed document is under the console's policy too, which refuses a style sheet in it: that goes its own way.
    const parsed = new DOMParser().parseFromString(between(html, '<body>', '</body>'), 'text/html');
    const root = element.shadowRoot ?? element.attachShadow({ mode: 'open' });
    const look = new CSSStyleSheet();
    look.replaceSync(between(html, '<style>', '</style>'));
    root.adoptedStyleSheets = [look];
    root.replaceChildren(...[...parsed.body.children].map((child) => document.importNode(child, true)));
  }, [html]);
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reachable by keyboard
    <section ref={host} className="reports-paper" tabIndex={0} aria-label="The report as it is printed" />
  );
}

/** The page is the engine's own and has each of these once; what stands in it of the logs is escaped. */
function between(html: string, open: string, close: string): string {
  return html.slice(html.indexOf(open) + open.length, html.indexOf(close));
}
