import type { z } from 'zod';
import { failure, toFailure } from '../../shared/base/errors';
import { fail, ok, type Result } from '../../shared/base/result';
import { type CallArgs, type CallName, type CallResult, calls } from '../../shared/contract/calls';
import { guardedCalls } from '../../shared/contract/guard';
import type { Carrier } from './door';

/**
 * The one gate every call passes, whatever carried it: known name, parsed arguments, handler, Result. It never throws; refusals
 * carry a code and are logged with their reason. Carriers check the sender before (origin, frame, token) and say here who they are.
 */

export type Handlers = {
  readonly [Name in CallName]: (args: CallArgs<Name>, carrier: Carrier) => Promise<CallResult<Name>>;
};

export interface GateOptions {
  readonly handlers: Handlers;
  /** Parses results too, so that a handler that leaves the contract is found by its tests. */
  readonly verifyResults: boolean;
  readonly log: (line: string) => void;
}

export type Dispatch = (carrier: Carrier, name: unknown, args: unknown) => Promise<Result<unknown>>;

export function createGate({ handlers, verifyResults, log }: GateOptions): Dispatch {
  let lastWrite: Promise<unknown> = Promise.resolve();

  /** Writes run one after the other, in the order they came. */
  function inTurn<T>(write: () => Promise<T>): Promise<T> {
    const turn = lastWrite.then(write);
    lastWrite = turn.catch(() => undefined);
    return turn;
  }

  return async (carrier, name, args) => {
    if (typeof name === 'string' && !mayCall(carrier, name)) {
      log(`refused ${name} from ${carrier}`);
      return fail(
        failure(
          'sender-refused',
          `${name} is not for this page.`,
          'Open the guarded rollback from the deployment, or use "lockstep canary rollback".',
        ),
      );
    }
    if (!isCallName(name)) {
      log(`refused unknown call ${JSON.stringify(name)} from ${carrier}`);
      return fail(
        failure(
          'unknown-call',
          `There is no call named ${JSON.stringify(name)}.`,
          'Reload the console; it may be older than the engine.',
        ),
      );
    }
    const parsed = calls[name].args.safeParse(args);
    if (!parsed.success) {
      const problem = describeIssues(parsed.error);
      log(`refused ${name} from ${carrier}: ${problem}`);
      return fail(
        failure(
          'invalid-arguments',
          `${name} was called with arguments it does not take: ${problem}.`,
          'Correct the arguments and repeat the call.',
          {
            call: name,
          },
        ),
      );
    }
    try {
      // Name and arguments belong together by the parse above; TypeScript cannot follow the link through the union of handlers.
      const handler = handlers[name] as (args: unknown, carrier: Carrier) => Promise<unknown>;
      const run = () => handler(parsed.data, carrier);
      const value = await (calls[name].writes ? inTurn(run) : run());
      if (!verifyResults) return ok(value);
      const verified = calls[name].result.safeParse(value);
      if (verified.success) return ok(value);
      throw new Error(`${name} returned what the contract does not allow: ${describeIssues(verified.error)}`);
    } catch (thrown) {
      const error = toFailure(thrown);
      if (error.code === 'internal')
        log(`${name} failed: ${thrown instanceof Error ? (thrown.stack ?? thrown.message) : String(thrown)}`);
      return fail(error);
    }
  };
}

function isCallName(name: unknown): name is CallName {
  return typeof name === 'string' && Object.hasOwn(calls, name);
}

const guarded: ReadonlySet<string> = new Set(guardedCalls);

/** A rollback is confirmed in the guarded control or on the command line; that control in turn may do nothing but its one thing. */
function mayCall(carrier: Carrier, name: string): boolean {
  if (carrier === 'direct') return true;
  if (carrier === 'guard') return guarded.has(name) || name === 'canary.get';
  return !guarded.has(name);
}

/** The first three problems, each with the path it is at. */
function describeIssues(error: z.ZodError): string {
  const shown = error.issues
    .slice(0, 3)
    .map((issue) => `${issue.path.map(String).join('.') || 'arguments'}: ${issue.message}`);
  const more = error.issues.length - shown.length;
  return more > 0 ? `${shown.join('; ')}; and ${more} more` : shown.join('; ');
}
