import type { RollbackChallenge } from '../../shared/contract/canary';

/** What still stands between the operator and the hold, in words; empty = the button can be held. */
export function stillMissing(
  challenge: RollbackChallenge,
  typed: { readonly version: string; readonly reason: string },
  nowUs: number,
): readonly string[] {
  const missing: string[] = [];
  if (secondsLeft(challenge, nowUs) === 0) missing.push('what is shown has expired');
  if (typed.version === '') missing.push('the version is not typed');
  else if (typed.version !== challenge.version) missing.push('the version typed is another one');
  if (typed.reason.trim() === '') missing.push('there is no reason');
  return missing;
}

/** Whole seconds until the challenge expires, rounded up; 0 = it has. */
export function secondsLeft(challenge: RollbackChallenge, nowUs: number): number {
  return Math.max(0, Math.ceil((challenge.expiresAtUs - nowUs) / 1_000_000));
}

/** Whether a newer challenge is about the same deployment in the same state, so that what was typed still means the same. */
export function sameSubject(before: RollbackChallenge, after: RollbackChallenge): boolean {
  return (
    before.deploymentId === after.deploymentId &&
    before.stateVersion === after.stateVersion &&
    before.version === after.version
  );
}
