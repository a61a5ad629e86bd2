import type { CallResult } from '../../../shared/contract/calls';
import { useQuery } from '../../api/use-query';
import { ButtonLink } from '../../components/Button';
import { Page, Panel, Section, SectionLinks } from '../../components/Page';
import { Answer, EmptyState } from '../../components/States';
import { type Column, Table } from '../../components/Table';
import { formatCount, formatCountOf } from '../../format';
import { goTo, useAddress } from '../../state/address';
import { addresses } from '../addresses';
import { FirstSteps } from '../imports/FirstSteps';
import { CalibrationPanel } from './CalibrationPanel';
import { DayView } from './DayView';
import './parity.css';
import { parityRouteOf } from './route';
import { SymbolsTable } from './SymbolsTable';
import { WindowView } from './window/WindowView';

/** Does it trade live as its backtest said, and where not: strategies, their symbols, their days, the orders of a day. */
export default function ParityPage() {
  const route = parityRouteOf(useAddress().path);
  switch (route.view) {
    case 'strategies':
      return <StrategiesView />;
    case 'strategy':
      return <StrategyView strategy={route.strategy} />;
    case 'symbol':
      return <SymbolView strategy={route.strategy} symbol={route.symbol} />;
    case 'day':
      return <DayView key={`${route.symbol} ${route.day}`} {...route} />;
    case 'unknown':
      return (
        <Page title="Parity">
          <EmptyState
            title="This address is not of a strategy, symbol or day."
            actions={<ButtonLink href={addresses.parity()}>All strategies</ButtonLink>}
          >
            Days are written YYYY-MM-DD, and names with slashes or blanks are encoded when the address is copied.
          </EmptyState>
        </Page>
      );
  }
}

type StrategySummary = CallResult<'desk.overview'>['strategies'][number];

const strategyColumns: readonly Column<StrategySummary>[] = [
  {
    id: 'strategy',
    title: 'Strategy',
    width: 'minmax(160px, 2fr)',
    sortValue: (row) => row.strategy,
    cell: (row) => <strong>{row.strategy}</strong>,
  },
  {
    id: 'symbols',
    title: 'Symbols',
    width: '90px',
    align: 'end',
    sortValue: (row) => row.symbols,
    cell: (row) => formatCount(row.symbols),
  },
  {
    id: 'first',
    title: 'First day',
    width: '120px',
    align: 'end',
    sortValue: (row) => row.firstDay,
    cell: (row) => row.firstDay,
  },
  {
    id: 'last',
    title: 'Last day',
    width: '120px',
    align: 'end',
    sortValue: (row) => row.lastDay,
    cell: (row) => row.lastDay,
  },
  {
    id: 'live',
    title: 'Live executions',
    width: 'minmax(120px, 1fr)',
    align: 'end',
    sortValue: (row) => row.liveExecutions,
    cell: (row) => formatCount(row.liveExecutions),
  },
  {
    id: 'backtest',
    title: 'Backtest executions',
    width: 'minmax(130px, 1fr)',
    align: 'end',
    sortValue: (row) => row.backtestExecutions,
    cell: (row) => formatCount(row.backtestExecutions),
  },
];

function StrategiesView() {
  const overview = useQuery('desk.overview', { strategy: null, days: 1 });
  return (
    <Page title="Parity" lead="Does it trade live as its backtest said, and where does the money go if not?">
      <Answer query={overview}>
        {({ strategies }) =>
          strategies.length === 0 ? (
            <FirstSteps />
          ) : (
            <Panel title="Strategies" flush>
              <Table
                label="Strategies"
                columns={strategyColumns}
                rows={strategies}
                keyOf={(row) => row.strategy}
                onOpen={(row) => goTo(addresses.strategy(row.strategy))}
              />
            </Panel>
          )
        }
      </Answer>
    </Page>
  );
}

function StrategyView({ strategy }: { readonly strategy: string }) {
  const answer = useQuery('parity.symbols', { strategy });
  return (
    <Page
      title={strategy}
      crumbs={[
        { title: 'Parity', href: addresses.parity() },
        { title: strategy, href: null },
      ]}
      {...(answer.value && { lead: `Portfolio of ${formatCountOf(answer.value.symbols.length, 'symbol')}` })}
      actions={<ButtonLink href={addresses.desk(strategy)}>Show on the desk</ButtonLink>}
    >
      <Answer query={answer} skeletonLines={12}>
        {({ symbols, portfolioDays, limits }) =>
          symbols.length === 0 ? (
            <EmptyState
              title={`There is no strategy "${strategy}" with data.`}
              actions={<ButtonLink href={addresses.parity()}>All strategies</ButtonLink>}
            />
          ) : (
            <>
              <SectionLinks
                sections={[
                  { id: 'symbols', title: 'Symbols' },
                  { id: 'course', title: 'Day by day' },
                  { id: 'days', title: 'Days' },
                  ...(portfolioDays.length > 0 ? [{ id: 'statistics', title: 'Statistics' }] : []),
                ]}
              />
              <Section id="symbols" title="Symbols of the strategy">
                <Panel title="Symbols on their latest day" flush>
                  <SymbolsTable
                    symbols={symbols}
                    limits={limits}
                    currency={null}
                    onOpen={(row) => goTo(addresses.symbol(strategy, row.symbol))}
                    height={`min(40vh, calc(1px + var(--row-height) * ${symbols.length + 1}))`}
                  />
                </Panel>
              </Section>
              {portfolioDays.length > 0 && (
                <WindowView strategy={strategy} symbol={null} days={portfolioDays} limits={limits} />
              )}
            </>
          )
        }
      </Answer>
    </Page>
  );
}

function SymbolView({ strategy, symbol }: { readonly strategy: string; readonly symbol: string }) {
  const answer = useQuery('parity.days', { strategy, symbol });
  return (
    <Page
      title={symbol}
      crumbs={[
        { title: 'Parity', href: addresses.parity() },
        { title: strategy, href: addresses.strategy(strategy) },
        { title: symbol, href: null },
      ]}
      {...(answer.value && { lead: formatCountOf(answer.value.days.length, 'day with data', 'days with data') })}
    >
      <Answer query={answer} skeletonLines={12}>
        {({ days, limits }) =>
          days.length === 0 ? (
            <EmptyState
              title={`${symbol} has no data in ${strategy}.`}
              actions={<ButtonLink href={addresses.strategy(strategy)}>Symbols of {strategy}</ButtonLink>}
            />
          ) : (
            <>
              <SectionLinks
                sections={[
                  { id: 'course', title: 'Day by day' },
                  { id: 'days', title: 'Days' },
                  { id: 'statistics', title: 'Statistics' },
                  { id: 'calibration', title: 'Calibration' },
                ]}
              />
              <WindowView strategy={strategy} symbol={symbol} days={days} limits={limits} />
              <Section id="calibration" title="Calibrate the backtest of the symbol">
                <CalibrationPanel
                  key={`${strategy} ${symbol}`}
                  strategy={strategy}
                  symbol={symbol}
                  lastDay={days.at(-1)?.day ?? ''}
                />
              </Section>
            </>
          )
        }
      </Answer>
    </Page>
  );
}
