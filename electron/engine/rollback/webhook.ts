import { createHmac } from 'node:crypto';
import type { PlaybookStep } from '../../../shared/canary/playbook';
import { exchange } from './http-exchange';
import { type Attempt, done, failedForGood, failedForNow, type StepAnswer, timedOut } from './ports';

/** Tells a target by a signed POST; what it does with it is its own affair, once per idempotency key. */

export type WebhookStep = Extract<PlaybookStep, { kind: 'webhook' }>;

/** Refusals that a further attempt may overcome; every other 4xx says that the request itself is wrong. */
const passing = new Set([408, 425, 429]);

export async function postWebhook(step: WebhookStep, attempt: Attempt): Promise<StepAnswer> {
  const url = new URL(step.url);
  const timestamp = String(Math.floor(attempt.clock.nowUs() / 1e6));
  const body = JSON.stringify({
    type: attempt.kind,
    deploymentId: attempt.deploymentId,
    strategy: attempt.strategy,
    version: attempt.version,
    rollbackId: attempt.rollbackId,
    stepId: step.id,
    effect: step.effect,
    idempotencyKey: attempt.idempotencyKey,
    attempt: attempt.attempt,
    trigger: attempt.trigger,
    reason: attempt.reason,
    startedAt: new Date(attempt.startedAtUs / 1_000).toISOString(),
    drill: attempt.kind === 'drill',
  });
  const secret = step.secret === null ? null : await attempt.reveal(step.secret);
  const answer = await exchange({
    method: 'POST',
    url,
    body,
    signal: attempt.signal,
    headers: {
      'Content-Type': 'application/json',
      'Idempotency-Key': attempt.idempotencyKey,
      'X-Lockstep-Timestamp': timestamp,
      ...(secret !== null && { 'X-Lockstep-Signature': webhookSignature(secret, timestamp, body) }),
    },
  });
  if (answer.kind === 'timed-out') return timedOut(`${url.host} had not answered after ${step.timeoutMs} ms.`);
  if (answer.kind === 'broken') return failedForNow(answer.what);
  const { status } = answer;
  const said = `${url.host} answered ${status}${answer.body.trim() === '' ? '' : `: ${attempt.quote(answer.body, answer.cut)}`}`;
  if (status >= 200 && status < 300) return done(said);
  if (status >= 300 && status < 400)
    return failedForGood(`${url.host} answered ${status}: it sends elsewhere, and that is not followed.`);
  if (status >= 400 && status < 500 && !passing.has(status)) return failedForGood(said);
  return failedForNow(said, answer.retryAfterMs ?? undefined);
}

/**
 * What a target computes to know that the request is ours and whole.
 * @param timestamp the header `X-Lockstep-Timestamp`, seconds since 1970
 * @param body the request's bytes as text
 * @returns `sha256=` and HMAC-SHA256 of `timestamp.body`, hexadecimal
 */
export function webhookSignature(secret: string, timestamp: string, body: string): string {
  return `sha256=${createHmac('sha256', secret).update(`${timestamp}.${body}`).digest('hex')}`;
}
