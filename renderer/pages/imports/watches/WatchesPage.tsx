import { FolderSearch, Plus, TriangleAlert } from 'lucide-react';
import { useState } from 'react';
import { useQuery } from '../../../api/use-query';
import { Button } from '../../../components/Button';
import { Page, Panel } from '../../../components/Page';
import { Answer, EmptyState } from '../../../components/States';
import { formatCountOf } from '../../../format';
import { addresses } from '../../addresses';
import { AddWatch } from './AddWatch';
import { WatchTable } from './WatchTable';

/** Folders and files that are followed: what is written there comes into the desk by itself. */
export function WatchesPage() {
  const query = useQuery('watches.list', {});
  const info = useQuery('app.info', {});
  const [adding, setAdding] = useState(false);
  const add = (
    <Button
      icon={Plus}
      look={query.value?.watches.length === 0 ? 'primary' : 'plain'}
      disabled={info.value?.sample === true}
      onClick={() => setAdding(true)}
    >
      Watch a folder…
    </Button>
  );
  return (
    <Page
      title="Watched folders"
      crumbs={[
        { title: 'Imports', href: addresses.imports() },
        { title: 'Watched folders', href: null },
      ]}
      lead="What is written there comes into the desk by itself: whole rows only, each exactly once, also after a restart."
      actions={query.value !== null && query.value.watches.length > 0 && add}
    >
      <Answer query={query}>
        {({ watches, follower }) => (
          <>
            {watches.length > 0 && follower === 'none' && (
              <p className="watch-nobody" role="status">
                <TriangleAlert className="mark mark-warn" size={15} aria-hidden="true" /> Nothing is read at the moment:
                no process follows these folders. Leave this console open, or start it again.
              </p>
            )}
            {watches.length > 0 && follower === 'other' && (
              <p className="muted" role="status">
                Another Lockstep process follows these folders; what it reads is shown here.
              </p>
            )}
            {watches.length === 0 ? (
              <Panel title="Folders">
                <EmptyState icon={FolderSearch} title="No folder is watched yet." actions={add}>
                  {info.value?.sample === true
                    ? 'This is the sample desk: it takes no real data.'
                    : 'Watch the folder your bot or your exchange writes to: logs that grow, rotate or are renamed, and databases of running bots.'}
                </EmptyState>
              </Panel>
            ) : (
              <Panel
                title="Folders"
                aside={<span className="figures">{formatCountOf(watches.length, 'watch', 'watches')}</span>}
                flush
              >
                <WatchTable watches={watches} />
              </Panel>
            )}
          </>
        )}
      </Answer>
      {adding && <AddWatch onClose={() => setAdding(false)} />}
    </Page>
  );
}
