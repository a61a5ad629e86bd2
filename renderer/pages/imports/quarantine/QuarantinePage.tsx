import { Page } from '../../../components/Page';
import { addresses } from '../../addresses';
import { QuarantinePanel } from './QuarantinePanel';

/** Rows set aside, of every import. */
export function QuarantinePage() {
  return (
    <Page
      title="Quarantine"
      crumbs={[
        { title: 'Imports', href: addresses.imports() },
        { title: 'Quarantine', href: null },
      ]}
      lead="Rows that could not be read. Open ones count against the data quality of their day; none is ever deleted."
    >
      <QuarantinePanel importId={null} />
    </Page>
  );
}
