import { stat } from 'node:fs/promises';
import { resolve } from 'node:path';
import { FailureError, failure } from '../../../shared/base/errors';
import { valueOrThrow } from '../../../shared/base/result';
import { formatIsoUs } from '../../../shared/base/time';
import { type WatchesOutput, watchesOutputSchemaId } from '../../../shared/contract/output';
import type { Source } from '../../../shared/market/executions';
import { createEngine } from '../../engine/engine';
import { requireOwnDesk } from '../../engine/handlers/imports';
import { fileFailure } from '../../engine/imports/file-state';
import { savedMaps } from '../../engine/imports/saved-maps';
import type { WatchRecord } from '../../engine/ports';
import type { Session } from '../session';
import { exitCode, usageFailure } from '../terminal';
import { counted } from '../text';
import { hintsOf, type ImportOptions } from './import';

export type WatchOptions = Pick<
  ImportOptions,
  'source' | 'strategy' | 'version' | 'account' | 'format' | 'map' | 'zone' | 'symbol'
>;

/** What `lockstep watch` is asked to do. */
const verbs = ['add', 'list', 'remove', 'pause', 'resume'] as const;

export async function watch(
  session: Session,
  verb: string,
  subject: string | undefined,
  options: WatchOptions,
): Promise<number> {
  const asked = verbs.find((known) => known === verb);
  if (asked === undefined) throw new FailureError(usageFailure(`"${verb}" is none of ${verbs.join(', ')}.`));
  if (asked !== 'list' && subject === undefined) {
    const what = asked === 'add' ? 'the folder or file to follow' : 'the id of a watch';
    throw new FailureError(usageFailure(`lockstep watch ${asked} needs ${what}.`, '"lockstep watch list" shows them.'));
  }
  return session.withDesk('create', async (desk) => {
    const { watches } = desk.store;
    if (asked === 'add') {
      requireOwnDesk(desk);
      await watches.add(...(await watched(subject ?? '', options, await savedMaps(desk.store.settings))));
    } else if (asked === 'remove') await watches.remove(subject ?? '');
    else if (asked === 'pause' || asked === 'resume') await watches.setPaused(subject ?? '', asked === 'pause');
    const found = await watches.list();
    const follower = await watches.follower();
    if (session.json) session.terminal.out(`${JSON.stringify(outputOf(found, follower))}\n`);
    else session.terminal.out(describe(found, follower));
    return exitCode.done;
  });
}

async function watched(subject: string, options: WatchOptions, keptMaps: Parameters<typeof hintsOf>[1]) {
  const path = resolve(subject);
  const source: Source | undefined = options.source;
  if (source === undefined)
    throw new FailureError(usageFailure('What is followed is live or a backtest.', 'Add --source live.'));
  const found = await stat(path).catch((error: unknown) => {
    throw fileFailure(error, path, subject);
  });
  const { strategy = null, version = null, account = null } = options;
  const { format, map, zone, symbol } = await hintsOf(options, keptMaps);
  const settings = { source, strategy, version, account, format, map, zone, symbol };
  return [path, found.isDirectory() ? ('folder' as const) : ('file' as const), settings] as const;
}

function outputOf(watches: readonly WatchRecord[], follower: WatchesOutput['follower']): WatchesOutput {
  return {
    schema: watchesOutputSchemaId,
    follower,
    watches: watches.map(({ paused, state, ...watch }) => ({ ...watch, state: paused ? 'paused' : state })),
  };
}

function describe(watches: readonly WatchRecord[], follower: WatchesOutput['follower']): string {
  if (watches.length === 0)
    return 'Nothing is followed. "lockstep watch add PATH --source live" follows a folder or file.\n';
  const lines = watches.map(({ id, path, paused, state, reason, files, executions, lastRecordUs }) => {
    const facts = `${counted(files, 'file')}, ${counted(executions, 'execution')}`;
    const last = lastRecordUs === null ? '' : `, the last at ${formatIsoUs(lastRecordUs)}`;
    return `${id}  ${paused ? 'paused' : state}  ${path}\n  ${facts}${last}${reason === null ? '' : `\n  ${reason}`}\n`;
  });
  const nobody = follower === 'none' ? 'Nobody follows at present: start the console, or "lockstep follow".\n' : '';
  return `${lines.join('')}${nobody}`;
}

export interface FollowOptions {
  readonly once?: boolean;
}

/** Follows without a console, until it is interrupted; with `--once` until everything that is written now is read. */
export async function follow(session: Session, options: FollowOptions): Promise<number> {
  const { terminal, json } = session;
  const log = (line: string) => terminal.err(`${line}\n`);
  const engine = createEngine({ ...session.parts('existing', 'follow'), log });
  const interrupt = new AbortController();
  const stopListening = terminal.onInterrupt(() => interrupt.abort());
  try {
    const desk = await engine.desk();
    requireOwnDesk(desk);
    if ((await desk.store.watches.list()).length === 0) {
      throw new FailureError(
        failure('no-data', 'Nothing is watched on this desk.', 'Add a folder or file with "lockstep watch add".'),
      );
    }
    if (options.once) {
      if ((await desk.store.watches.follower()) === 'other') {
        throw new FailureError(
          failure(
            'busy',
            'Another Lockstep process follows already.',
            'Nothing is to be done: it reads what is written.',
          ),
        );
      }
      await desk.follow?.caughtUp(interrupt.signal);
      await desk.settled();
    } else {
      if (!json) log('Following. Press Ctrl-C to stop.');
      const said = new Map<string, string>();
      const stop = engine.on('watches.changed', () => void tellChanges(session, engine, said));
      await new Promise<void>((done) => {
        if (interrupt.signal.aborted) done();
        interrupt.signal.addEventListener('abort', () => done(), { once: true });
      });
      stop();
    }
    const found = valueOrThrow(await engine.ask('watches.list', {}));
    if (json)
      terminal.out(
        `${JSON.stringify({ schema: watchesOutputSchemaId, follower: found.follower, watches: found.watches })}\n`,
      );
    else if (options.once) terminal.out(describe(await desk.store.watches.list(), 'this'));
    return interrupt.signal.aborted && options.once ? exitCode.interrupted : exitCode.done;
  } finally {
    stopListening();
    await engine.close();
  }
}

/** One line for each watch whose state changed. */
async function tellChanges(
  { terminal }: Session,
  engine: ReturnType<typeof createEngine>,
  said: Map<string, string>,
): Promise<void> {
  const answer = await engine.ask('watches.list', {});
  if (!answer.ok) return;
  for (const { id, path, state, reason } of answer.value.watches) {
    const line = `${path}: ${state}${reason === null ? '' : `: ${reason}`}`;
    if (said.get(id) === line) continue;
    said.set(id, line);
    terminal.err(`${line}\n`);
  }
}
