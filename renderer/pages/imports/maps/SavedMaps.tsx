import { Columns3, Download, Trash2 } from 'lucide-react';
import { useState } from 'react';
import type { Failure } from '../../../../shared/base/errors';
import type { SavedMapView } from '../../../../shared/contract/calls';
import { call, saveFile } from '../../../api/engine';
import { useQuery } from '../../../api/use-query';
import { Button, IconButton } from '../../../components/Button';
import { Dialog } from '../../../components/Dialog';
import { Page, Panel } from '../../../components/Page';
import { Answer, EmptyState, InlineError } from '../../../components/States';
import { type Column, Table } from '../../../components/Table';
import { Time } from '../../../components/Time';
import { goTo } from '../../../state/address';
import { addresses } from '../../addresses';
import { chooseFiles } from '../choose-files';

/** The maps this desk keeps, one for each header. */
export function SavedMaps() {
  const query = useQuery('maps.list', {});
  const [removing, setRemoving] = useState<SavedMapView | null>(null);
  const [refused, setRefused] = useState<Failure | null>(null);
  async function exportMap(map: SavedMapView): Promise<void> {
    const answer = await saveFile({ name: `${fileName(map)}.json`, content: map.text });
    setRefused(answer.ok ? null : answer.error);
  }
  const columns: readonly Column<SavedMapView>[] = [
    {
      id: 'title',
      title: 'Map',
      width: 'minmax(160px, 1fr)',
      cell: (map) => (
        <a href={addresses.savedMap(map.id)} tabIndex={-1}>
          {map.title}
        </a>
      ),
      sortValue: (map) => map.title,
    },
    {
      id: 'kind',
      title: 'A row is',
      width: '120px',
      cell: (map) =>
        map.failure !== null ? (
          <span className="mark-fail" title={map.failure.message}>
            not readable
          </span>
        ) : map.kind === 'fills' ? (
          'a fill'
        ) : (
          'entry and exit'
        ),
    },
    {
      id: 'header',
      title: 'Recognised by the header',
      width: 'minmax(260px, 2.4fr)',
      cell: (map) =>
        map.header === null ? (
          <span className="muted">{map.failure?.message ?? 'nothing: used only where it is named'}</span>
        ) : (
          <code title={map.header.join(', ')}>{map.header.join(', ')}</code>
        ),
    },
    { id: 'saved', title: 'Saved (UTC)', width: '154px', cell: (map) => <Time atUs={map.savedAtUs} /> },
    {
      id: 'tools',
      title: '',
      width: '72px',
      cell: (map) => (
        <span className="row-tools">
          <IconButton icon={Download} label={`Export ${map.title}`} onClick={() => void exportMap(map)} />
          <IconButton icon={Trash2} label={`Remove ${map.title}`} onClick={() => setRemoving(map)} />
        </span>
      ),
    },
  ];
  return (
    <Page
      title="Saved maps"
      crumbs={[
        { title: 'Imports', href: addresses.imports() },
        { title: 'Saved maps', href: null },
      ]}
      lead="A file with a saved header is read by its map, here, on the command line and in watched folders."
    >
      {refused !== null && <InlineError error={refused} />}
      <Panel title="Maps" flush>
        <Answer query={query}>
          {({ maps }) =>
            maps.length === 0 ? (
              <EmptyState
                icon={Columns3}
                title="No map is saved yet."
                actions={<Button onClick={chooseFiles}>Choose files…</Button>}
              >
                Drop a CSV that no format knows and choose "Map its columns": the map is kept for its header.
              </EmptyState>
            ) : (
              <Table
                label="Saved maps"
                columns={columns}
                rows={maps}
                rowHeight={32}
                keyOf={(map) => map.id}
                onOpen={(map) => goTo(addresses.savedMap(map.id))}
              />
            )
          }
        </Answer>
      </Panel>
      <RemoveDialog map={removing} onClose={() => setRemoving(null)} />
    </Page>
  );
}

function fileName({ id, failure }: SavedMapView): string {
  return failure === null ? id : 'map';
}

function RemoveDialog({ map, onClose }: { readonly map: SavedMapView | null; readonly onClose: () => void }) {
  const [refused, setRefused] = useState<Failure | null>(null);
  async function remove(id: string): Promise<void> {
    const answer = await call('maps.remove', { id });
    setRefused(answer.ok ? null : answer.error);
    if (answer.ok) onClose();
  }
  return (
    <Dialog
      open={map !== null}
      onClose={onClose}
      title={`Remove ${map?.title ?? ''}?`}
      describes="Files with its header are not recognised by it any more. What was imported with it stays."
    >
      <div className="dialog-body dialog-actions">
        {refused !== null && <InlineError error={refused} />}
        <Button onClick={onClose}>Keep it</Button>
        <Button look="danger" icon={Trash2} onClick={() => map !== null && void remove(map.id)}>
          Remove
        </Button>
      </div>
    </Dialog>
  );
}
