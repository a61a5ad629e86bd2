import { FileQuestion } from 'lucide-react';
import { useMemo } from 'react';
import { type CsvMapDraft, csvMapSchema, draftOfMap } from '../../../../shared/contract/csv-map';
import { useQuery } from '../../../api/use-query';
import { ButtonLink } from '../../../components/Button';
import { Page } from '../../../components/Page';
import { Answer, EmptyState, InlineError } from '../../../components/States';
import { type Card, tokenOf } from '../../../state/import-cards';
import { useImports } from '../../../state/imports';
import { columnsOfHeader, draftForColumns } from '../../../state/map-draft';
import { addresses } from '../../addresses';
import { MapWizard } from './MapWizard';

/** The mapping wizard of one file on its way in. */
export function MapFilePage({ cardKey }: { readonly cardKey: string }) {
  const card = useImports(({ cards }) => cards.find(({ key }) => key === cardKey)) ?? null;
  const token = card === null ? null : tokenOf(card);
  const query = useQuery('imports.columns', token === null ? null : { token });
  const title = card === null ? 'Map columns' : `Map the columns of ${card.name}`;
  return (
    <Page
      title={title}
      crumbs={[
        { title: 'Imports', href: addresses.imports() },
        { title: 'Map columns', href: null },
      ]}
    >
      {card === null || token === null ? (
        <EmptyState
          icon={FileQuestion}
          title="This file is no longer at hand."
          actions={<ButtonLink href={addresses.imports()}>To the imports</ButtonLink>}
        >
          It was imported or taken off the list. Drop it again to map its columns; what was saved is kept.
        </EmptyState>
      ) : (
        <Answer query={query}>
          {(seen) => (
            <MapWizard
              key={token}
              card={card}
              token={token}
              columns={seen.columns}
              header={seen.header}
              rows={seen.rows}
              reasons={seen.guess.reasons}
              saved={seen.saved}
              initial={startingDraft(card, seen.saved?.text ?? null) ?? seen.guess.draft}
              about={aboutTable(seen)}
            />
          )}
        </Answer>
      )}
    </Page>
  );
}

function aboutTable({
  member,
  headerLine,
  delimiter,
  columns,
}: {
  readonly member: string | null;
  readonly headerLine: number;
  readonly delimiter: string;
  readonly columns: readonly unknown[];
}): string {
  const divided = { ',': 'commas', ';': 'semicolons', '\t': 'tabs' }[delimiter] ?? `"${delimiter}"`;
  const inside = member === null ? '' : `${member}: `;
  return `${inside}${columns.length} columns divided by ${divided}, header on line ${headerLine}`;
}

/** Where the work begins: the map in use for this file, else the one saved for its header. */
function startingDraft(card: Card, savedText: string | null): CsvMapDraft | null {
  const { map } = card.choices;
  const text = map?.includes('{') ? map : savedText;
  return text === null ? null : draftOfText(text);
}

function draftOfText(text: string): CsvMapDraft | null {
  const parsed = csvMapSchema.safeParse(JSON.parse(text));
  return parsed.success ? draftOfMap(parsed.data) : null;
}

/** A saved map without a file: everything but the preview. */
export function SavedMapPage({ id }: { readonly id: string }) {
  const query = useQuery('maps.list', {});
  const saved = query.value?.maps.find((map) => map.id === id) ?? null;
  return (
    <Page
      title={saved?.title ?? 'Saved map'}
      crumbs={[
        { title: 'Imports', href: addresses.imports() },
        { title: 'Saved maps', href: addresses.maps() },
        { title: saved?.title ?? id, href: null },
      ]}
    >
      <Answer query={query}>
        {() =>
          saved === null ? (
            <EmptyState
              icon={FileQuestion}
              title="This desk keeps no such map."
              actions={<ButtonLink href={addresses.maps()}>Saved maps</ButtonLink>}
            >
              It may have been removed or renamed.
            </EmptyState>
          ) : saved.failure !== null ? (
            <InlineError error={saved.failure} />
          ) : (
            <SavedMap key={saved.signature} saved={saved} />
          )
        }
      </Answer>
    </Page>
  );
}

function SavedMap({ saved }: { readonly saved: React.ComponentProps<typeof MapWizard>['saved'] & object }) {
  const header = saved.header ?? [];
  const columns = useMemo(() => columnsOfHeader(header), [header]);
  const draft = useMemo(() => draftOfText(saved.text), [saved.text]);
  if (draft === null) return null; // the list would have given the failure
  return (
    <MapWizard
      card={null}
      token={null}
      columns={columns}
      header={saved.header}
      rows={[]}
      reasons={[]}
      saved={saved}
      initial={draftForColumns(draft, columns)}
      about={`${columns.length} columns`}
    />
  );
}
