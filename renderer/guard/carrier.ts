import { failure } from '../../shared/base/errors';
import { fail, type Result } from '../../shared/base/result';
import type { GuardBridge, GuardQuestion } from '../../shared/contract/guard';

declare global {
  interface Window {
    /** Set by the control's own preload; absent in the served window. */
    readonly lockstepGuard?: GuardBridge;
  }
}

/** The control's way to the engine: its preload in Electron, POST with the window's token where it is served. */
export function guardBridge(): GuardBridge {
  if (window.lockstepGuard) return window.lockstepGuard;
  // The token stays in this window's memory: it leaves the address at once, and no other page of this browser ever had it.
  const token = window.location.hash.slice(1);
  window.history.replaceState(null, '', '/');

  async function ask<Value>(question: GuardQuestion, args: unknown = null): Promise<Result<Value>> {
    try {
      const response = await fetch(`/${question}`, {
        method: 'POST',
        body: JSON.stringify(args),
        headers: { Authorization: `Bearer ${token}` },
        credentials: 'omit',
      });
      return (await response.json()) as Result<Value>; // the guard server answers every question with a Result
    } catch {
      return fail(
        failure(
          'unavailable',
          'Lockstep did not answer.',
          'Check that "lockstep serve" runs and open this window again from the console, or use "lockstep canary rollback".',
        ),
      );
    }
  }

  return {
    challenge: () => ask('challenge'),
    rollback: (confirmation) => ask('rollback', confirmation),
    progress: () => ask('progress'),
    close: () => window.close(),
  };
}
