import { access } from 'node:fs/promises';
import { join } from 'node:path';
import { FailureError, failure, toFailure } from '../../shared/base/errors';
import { type Result, valueOrThrow } from '../../shared/base/result';
import type { CallArgs, CallName, CallResult, EventName, EventPayload } from '../../shared/contract/calls';
import { createAdmittedFiles } from './admitted-files';
import { type Desk, openDesk } from './desk';
import type { EngineDoor } from './door';
import { createEventHub } from './events';
import { createGate } from './gate';
import { createHandlers } from './handlers';
import type { EngineParts } from './parts';
import { makeSampleDesk } from './sample/make-sample-desk';

/**
 * The application without a window. Opening the store begins at once; calls wait for it. A store that cannot be opened is a state,
 * not an exception: every call answers with that failure, and a call more than two seconds after the last attempt tries again.
 */
export interface Engine extends EngineDoor {
  /** The gate for code of this process, typed by the contract. */
  ask<Name extends CallName>(name: Name, args: CallArgs<Name>): Promise<Result<CallResult<Name>>>;
  /** Returns the function that stops listening. */
  on<Name extends EventName>(name: Name, listener: (payload: EventPayload<Name>) => void): () => void;
  /** The open desk, for the command line and tests, which do more than the contract offers. Rejects with why it cannot be opened. */
  desk(): Promise<Desk>;
}

/** Folder of the sample desk inside the data directory. */
export const sampleFolder = 'sample';
const retryAfterMs = 2_000;

export function createEngine(parts: EngineParts): Engine {
  const { dataDirectory, clock, ids, log } = parts;
  const events = createEventHub(clock, log);
  const files = createAdmittedFiles(ids);
  let closed: Promise<void> | null = null;
  const closing = new AbortController();
  let attemptedMs = clock.monotonicMs();
  const openMain = () => openDesk(dataDirectory, parts.openMode ?? 'create', parts, events);
  let current = openMain();
  const sampleDirectory = join(dataDirectory, sampleFolder);

  async function desk(): Promise<Desk> {
    if (closed) throw new FailureError(failure('unavailable', 'Lockstep is closing.', 'Start it again.'));
    const opened = await current;
    if (opened.ok) return opened.value;
    if (clock.monotonicMs() - attemptedMs >= retryAfterMs) {
      attemptedMs = clock.monotonicMs();
      current = openMain();
    }
    return valueOrThrow(await current);
  }

  /** Opens the other desk first, so that a desk that cannot be opened leaves the present one as it is. */
  async function switchTo(directory: string, mode: 'create' | 'existing'): Promise<void> {
    const before = await desk();
    const next = await openDesk(directory, mode, parts, events);
    const opened = valueOrThrow(next);
    current = Promise.resolve(next);
    events.emit('desk.changed', { sample: opened.sample });
    await before.close();
  }

  async function requireIdle(): Promise<Desk> {
    const open = await desk();
    if (open.imports.running().length === 0) return open;
    throw new FailureError(
      failure(
        'busy',
        'An import is running on this desk.',
        'Wait until it has ended, or cancel it, then change desks.',
      ),
    );
  }

  const handlers = createHandlers({
    desk,
    files,
    clock,
    secrets: parts.secrets,
    version: parts.version,
    dataDirectory,
    closing: closing.signal,
    sampleAvailable: () =>
      access(join(sampleDirectory, 'lockstep.db')).then(
        () => true,
        () => false,
      ),
    async openSample() {
      if ((await requireIdle()).sample) return;
      await makeSampleDesk(sampleDirectory, parts, (progress) => events.emit('sample.progress', progress));
      await switchTo(sampleDirectory, 'existing');
    },
    async openMain() {
      const open = await requireIdle();
      if (open.store.directory !== dataDirectory) await switchTo(dataDirectory, 'create');
    },
  });
  const dispatch = createGate({ handlers, verifyResults: parts.verifyResults ?? false, log });

  return {
    call: (carrier, name, args) => dispatch(carrier, name, args),
    // The gate answers a call with the result its handler gives, which the contract types by the call's name.
    ask: (name, args) => dispatch('direct', name, args) as Promise<Result<CallResult<typeof name>>>,
    onEvent: (listener) => events.listen(listener),
    on: (name, listener) =>
      events.listen((message) => {
        // The payload is the one of the event so named.
        if (message.event === name) listener(message.payload as EventPayload<typeof name>);
      }),
    admit: (file) => files.admit(file),
    desk,
    close() {
      closing.abort();
      closed ??= (async () => {
        const opened = await current;
        if (opened.ok) await opened.value.close();
        await parts.tasks.close();
        await parts.follow?.close();
        await files.releaseAll();
        events.close();
      })().catch((thrown) => log(`closing failed: ${toFailure(thrown).message}`));
      return closed;
    },
  };
}
