import { ButtonLink } from '../../components/Button';
import { Page } from '../../components/Page';
import { EmptyState } from '../../components/States';
import { useAddress } from '../../state/address';
import { addresses } from '../addresses';
import { CalendarView } from './CalendarView';
import { CompareView } from './CompareView';
import { ReportView } from './ReportView';
import './reports.css';
import { reportsRouteOf } from './route';

/** Which day has which report: a calendar, each report as the page it prints, its revisions, two of them side by side, and all as files. */
export default function ReportsPage() {
  const { path, query } = useAddress();
  const route = reportsRouteOf(path, query);
  switch (route.view) {
    case 'calendar':
      return <CalendarView strategy={route.strategy} month={route.month} />;
    case 'report':
      return <ReportView key={`${route.symbol} ${route.day}`} {...route} />;
    case 'compare':
      return <CompareView key={JSON.stringify([route.a, route.b])} a={route.a} b={route.b} />;
    case 'unknown':
      return (
        <Page title="Reports">
          <EmptyState
            title="This address is not of a report."
            actions={<ButtonLink href={addresses.reports()}>All reports</ButtonLink>}
          >
            Days are written YYYY-MM-DD, and names with slashes or blanks are encoded when the address is copied.
          </EmptyState>
        </Page>
      );
  }
}
