import { failure } from '../base/errors';
import { fail, ok, type Result } from '../base/result';
import type { Deployment } from './deployment';
import type { StoredEvent } from './events';
import { transition } from './transitions';

/** The state all events of one deployment make, in their order; a failure names the first that cannot have happened. */
export function foldEvents(events: readonly StoredEvent[]): Result<Deployment> {
  let deployment: Deployment | null = null;
  for (const stored of events) {
    const next = transition(deployment, stored);
    if (!next.ok) return next;
    deployment = next.value;
  }
  if (deployment !== null) return ok(deployment);
  return fail(failure('not-found', 'There are no events to make a deployment of.', 'Name a deployment that exists.'));
}
