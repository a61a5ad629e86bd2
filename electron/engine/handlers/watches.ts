import { stat } from 'node:fs/promises';
import { FailureError, failure } from '../../../shared/base/errors';
import type { Handlers } from '../gate';
import type { WatchRecord } from '../ports';
import type { HandlerContext } from './context';
import { requireOwnDesk } from './imports';

type WatchCalls = Extract<keyof Handlers, `watches.${string}`>;

export function watchHandlers(context: HandlerContext): Pick<Handlers, WatchCalls> {
  const { clock, files } = context;
  return {
    async 'watches.list'() {
      const { store } = await context.desk();
      const asOfUs = clock.nowUs();
      const [watches, follower] = await Promise.all([store.watches.list(), store.watches.follower()]);
      return { watches: watches.map(watchView), follower, asOfUs };
    },

    async 'watches.add'({ token, format, map, symbol = null, zone = null, ...said }) {
      const desk = await context.desk();
      requireOwnDesk(desk);
      const { path, uploaded } = files.file(token);
      if (uploaded) {
        throw new FailureError(
          failure(
            'invalid-arguments',
            'A file that came through the browser is a copy, to which nothing is ever written.',
            'Name the folder or file on this machine that the logs are written to.',
          ),
        );
      }
      const kind = (await stat(path)).isDirectory() ? 'folder' : 'file';
      const id = await desk.store.watches.add(path, kind, { ...said, format, map, symbol, zone });
      desk.follow?.look();
      await files.release(token);
      return { id };
    },

    async 'watches.remove'({ id }) {
      const { store, follow } = await context.desk();
      await store.watches.remove(id);
      follow?.look();
      return {};
    },

    async 'watches.pause'({ id }) {
      const { store, follow } = await context.desk();
      await store.watches.setPaused(id, true);
      follow?.look();
      return {};
    },

    async 'watches.resume'({ id }) {
      const { store, follow } = await context.desk();
      await store.watches.setPaused(id, false);
      follow?.look();
      return {};
    },

    async 'watches.files'({ id, page }) {
      const { store } = await context.desk();
      const asOfUs = clock.nowUs();
      const { rows, total } = await store.watches.files(id, page);
      return {
        files: rows.map(({ name, format, positionBytes, sizeBytes, executions, quarantined, state, reason }) => ({
          name,
          format,
          positionBytes,
          sizeBytes,
          executions,
          quarantined,
          state,
          reason,
        })),
        total,
        asOfUs,
      };
    },
  };
}

function watchView({ paused, state, ...watch }: WatchRecord) {
  return { ...watch, state: paused ? ('paused' as const) : state };
}
