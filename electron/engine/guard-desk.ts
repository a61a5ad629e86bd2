import type { z } from 'zod';
import { failure } from '../../shared/base/errors';
import { fail, ok, type Result } from '../../shared/base/result';
import { canaryCalls, type RollbackChallenge } from '../../shared/contract/canary';
import type { GuardProgress, GuardQuestion } from '../../shared/contract/guard';
import type { EngineDoor } from './door';

/**
 * What one opened guarded control can ask: about the deployment it was opened for, and only with the challenge it was shown last. Both
 * carriers (the shell's view, the served window) put one of these between their page and the engine.
 */
export interface GuardDesk {
  /** `args` come from the page, unchecked. Never rejects. */
  ask(
    question: GuardQuestion,
    args: unknown,
  ): Promise<Result<RollbackChallenge | GuardProgress | { rollbackId: string }>>;
}

export function createGuardDesk(engine: Pick<EngineDoor, 'call'>, deploymentId: string): GuardDesk {
  let shown: string | null = null;

  // The gate answers a call with the result its handler gives, which the contract types by the call's name.
  const call = <Name extends keyof typeof canaryCalls>(name: Name, args: unknown) =>
    engine.call('guard', name, args) as Promise<Result<z.infer<(typeof canaryCalls)[Name]['result']>>>;

  async function challenge() {
    shown = null;
    const answer = await call('canary.rollbackChallenge', { id: deploymentId });
    if (answer.ok) shown = answer.value.challengeId;
    return answer;
  }

  async function rollback(args: unknown) {
    const parsed = canaryCalls['canary.rollback'].args.safeParse(args);
    if (!parsed.success)
      return fail(
        failure('invalid-arguments', 'The confirmation is not complete.', 'Type the version and a reason, then hold.'),
      );
    if (parsed.data.challengeId !== shown)
      return fail(
        failure(
          'conflict',
          'This confirmation is not for what was shown last.',
          'Look at the steps again and confirm what is shown then.',
        ),
      );
    shown = null;
    return call('canary.rollback', parsed.data);
  }

  async function progress(): Promise<Result<GuardProgress>> {
    const answer = await call('canary.get', { id: deploymentId });
    if (!answer.ok) return answer;
    const { configuration, stage, rollback } = answer.value.deployment;
    return ok({ strategy: configuration.strategy, version: configuration.version, stage, rollback });
  }

  return {
    ask(question, args) {
      if (question === 'challenge') return challenge();
      return question === 'rollback' ? rollback(args) : progress();
    },
  };
}
