import { useState } from 'react';
import { TextField } from '../../../components/Field';
import { Page, Panel } from '../../../components/Page';
import { goTo, hrefOf, useAddress } from '../../../state/address';
import { addresses } from '../../addresses';
import { Formats } from './Formats';

/** Everything that can be imported, with a page for each; the search is part of the address. */
export function FormatsPage() {
  const { query, path } = useAddress();
  const [search, setSearch] = useState(query['search'] ?? '');
  return (
    <Page
      title="Formats"
      crumbs={[
        { title: 'Imports', href: addresses.imports() },
        { title: 'Formats', href: null },
      ]}
      lead="Recognised by content, whatever the file is called. Archives are opened. Anything else with columns is read by a map."
    >
      <Panel
        title="What can be imported"
        aside={
          <TextField
            label="Search"
            value={search}
            onChange={(text) => {
              setSearch(text);
              goTo(hrefOf(path, { search: text.trim() === '' ? null : text }), { replace: true });
            }}
            placeholder="Kraken, orders, a column's name"
          />
        }
        flush
      >
        <Formats height="calc(100vh - 250px)" search={search} />
      </Panel>
    </Page>
  );
}
