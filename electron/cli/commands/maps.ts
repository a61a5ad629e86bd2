import { readFile, writeFile } from 'node:fs/promises';
import { FailureError, failure, toFailure } from '../../../shared/base/errors';
import { formatIsoUs } from '../../../shared/base/time';
import { mapsOutputSchemaId } from '../../../shared/contract/output';
import { requireOwnDesk } from '../../engine/handlers/imports';
import { removeMap, type SavedMap, savedMap, savedMaps, saveMap } from '../../engine/imports/saved-maps';
import type { Session } from '../session';
import { exitCode, usageFailure } from '../terminal';
import { table } from '../text';

export const mapActions = ['list', 'export', 'import', 'remove'] as const;
type MapAction = (typeof mapActions)[number];

export interface MapsOptions {
  readonly replace?: boolean;
}

/** The maps the desk keeps: what the mapping wizard saved, and what was imported from map files. */
export async function maps(
  session: Session,
  action: string | undefined,
  names: readonly string[],
  options: MapsOptions,
): Promise<number> {
  // The command line allows these words only.
  switch ((action ?? 'list') as MapAction) {
    case 'list':
      return session.withDesk('existing', async ({ store }) => tell(session, await savedMaps(store.settings), 'list'));
    case 'export':
      return exportMap(session, names);
    case 'import':
      return importMaps(session, names, options.replace === true);
    case 'remove':
      return removeMaps(session, names);
  }
}

/** A desk that was never made keeps none. */
export async function mapsOfDesk(session: Session): Promise<readonly SavedMap[]> {
  try {
    return await session.withDesk('existing', ({ store }) => savedMaps(store.settings));
  } catch (thrown) {
    if (toFailure(thrown).code === 'not-found') return [];
    throw thrown;
  }
}

async function exportMap(session: Session, [id, file]: readonly string[]): Promise<number> {
  if (id === undefined) throw new FailureError(usageFailure('Which map?', 'Write "lockstep maps export NAME [FILE]".'));
  const { text } = await session.withDesk('existing', ({ store }) => savedMap(store.settings, id));
  if (file === undefined) session.terminal.out(text);
  else {
    await writeFile(file, text, { flag: 'wx' }).catch((error: unknown) => {
      const reason = error instanceof Error ? error.message : String(error);
      throw new FailureError(
        failure('file-unreadable', `${file} was not written: ${reason}.`, 'Name another file.', { path: file }),
      );
    });
    if (!session.json) session.terminal.out(`${file}\n`);
  }
  return exitCode.done;
}

async function importMaps(session: Session, files: readonly string[], replace: boolean): Promise<number> {
  if (files.length === 0) throw new FailureError(usageFailure('Which files?', 'Write "lockstep maps import FILE…".'));
  const texts = await Promise.all(
    files.map((file) =>
      readFile(file, 'utf8').catch(() => {
        throw new FailureError(
          failure('file-missing', `There is no map file ${file}.`, 'Name a file that exists.', { path: file }),
        );
      }),
    ),
  );
  return session.withDesk('create', async (desk) => {
    requireOwnDesk(desk);
    const saved: SavedMap[] = [];
    for (const text of texts) saved.push(await saveMap(desk.store.settings, text, replace));
    return tell(session, saved, 'kept');
  });
}

async function removeMaps(session: Session, ids: readonly string[]): Promise<number> {
  if (ids.length === 0) throw new FailureError(usageFailure('Which maps?', 'Write "lockstep maps remove NAME…".'));
  return session.withDesk('existing', async ({ store: { settings } }) => {
    const removed = await Promise.all(ids.map((id) => savedMap(settings, id)));
    for (const { id } of removed) await removeMap(settings, id);
    return tell(session, removed, 'removed');
  });
}

function tell({ terminal, json }: Session, told: readonly SavedMap[], what: 'list' | 'kept' | 'removed'): number {
  const rows = told.map(({ id, map, savedAtUs }) => ({
    id,
    title: map.ok ? map.value.title : '',
    kind: map.ok ? map.value.kind : null,
    header: map.ok ? (map.value.header ?? null) : null,
    savedAtUs,
    failure: map.ok ? null : map.error,
  }));
  if (json) {
    terminal.out(`${JSON.stringify({ schema: mapsOutputSchemaId, maps: rows })}\n`);
  } else if (rows.length === 0) {
    terminal.out('This desk keeps no maps. The Imports page makes them, "lockstep maps import FILE" takes them in.\n');
  } else {
    const lines = rows.map(({ id, title, kind, header, savedAtUs, failure: wrong }) => [
      ...(what === 'list' ? [] : [what]),
      id,
      title,
      wrong ? wrong.message : kind === 'fills' ? 'fills' : 'round trips',
      header === null ? 'only where it is named' : `${header.length} columns`,
      formatIsoUs(savedAtUs),
    ]);
    terminal.out(`${table(lines, [0, 1, 2, 3, 4, 5])}\n`);
  }
  return exitCode.done;
}
