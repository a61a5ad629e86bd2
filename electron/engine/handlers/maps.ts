import { valueOrThrow } from '../../../shared/base/result';
import type { SavedMapView } from '../../../shared/contract/calls';
import type { Handlers } from '../gate';
import { removeMap, type SavedMap, savedMaps, saveMap } from '../imports/saved-maps';
import type { HandlerContext } from './context';
import { requireOwnDesk } from './imports';

type MapCalls = Extract<keyof Handlers, `maps.${string}` | 'imports.columns'>;

export function mapHandlers(context: HandlerContext): Pick<Handlers, MapCalls> {
  return {
    async 'imports.columns'({ token }) {
      const { imports, store } = await context.desk();
      const seen = valueOrThrow(await imports.columns(context.files.file(token)));
      const kept = (await savedMaps(store.settings)).find(({ signature }) => signature === seen.signature);
      // The contract's arrays are not read-only; these are this answer's own.
      return {
        ...seen,
        header: [...seen.header],
        rows: seen.rows.map((cells) => [...cells]),
        columns: seen.columns.map((column) => ({ ...column, values: [...column.values], words: [...column.words] })),
        guess: { draft: seen.guess.draft, reasons: [...seen.guess.reasons] },
        saved: kept ? savedMapView(kept) : null,
      };
    },

    async 'maps.list'() {
      const { store } = await context.desk();
      return { maps: (await savedMaps(store.settings)).map(savedMapView), asOfUs: context.clock.nowUs() };
    },

    async 'maps.save'({ text, replace }) {
      const desk = await context.desk();
      requireOwnDesk(desk);
      return { map: savedMapView(await saveMap(desk.store.settings, text, replace)) };
    },

    async 'maps.remove'({ id }) {
      const { store } = await context.desk();
      await removeMap(store.settings, id);
      return {};
    },
  };
}

function savedMapView({ id, signature, text, map, savedAtUs }: SavedMap): SavedMapView {
  return {
    id,
    title: map.ok ? map.value.title : 'A map that cannot be read',
    kind: map.ok ? map.value.kind : null,
    header: map.ok && map.value.header !== undefined ? [...map.value.header] : null,
    signature,
    text,
    savedAtUs,
    failure: map.ok ? null : map.error,
  };
}
