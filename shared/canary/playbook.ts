import { z } from 'zod';

/**
 * The ordered steps that take a version out of the market. A playbook is kept with its deployment, so that what was agreed at the
 * beginning is what runs; secrets are named in it, never written.
 */

/** Where a secret is found when a step needs it: the operating system's keychain, or an environment variable of the process. */
export const secretReferenceSchema = z.discriminatedUnion('kind', [
  z.strictObject({ kind: z.literal('keychain'), name: z.string().regex(/^[A-Za-z0-9][A-Za-z0-9 ._-]{0,99}$/) }),
  z.strictObject({ kind: z.literal('environment'), name: z.string().regex(/^[A-Za-z_][A-Za-z0-9_]{0,99}$/) }),
]);
export type SecretReference = z.infer<typeof secretReferenceSchema>;

/** An address is stored and shown with its playbook, so what opens a door must not stand in it. */
const addressSchema = z
  .url({ protocol: /^https?$/ })
  .max(2_048)
  .refine(
    (url) => !/^https?:\/\/[^/?#]*@/i.test(url),
    'the address holds a user name or password; name a secret instead',
  );

/** What a step does to the market: no new positions, no positions at all, or nothing but telling somebody. */
export const stepEffectSchema = z.enum(['stop-entries', 'flatten', 'notify']);

const common = {
  /** Unique within its playbook. */
  id: z.string().regex(/^[a-z0-9][a-z0-9-]{0,39}$/),
  title: z.string().trim().min(1).max(120),
  effect: stepEffectSchema,
  /** A rollback is done when all required steps are; of the others it is only said how they ended. */
  required: z.boolean(),
  /** Bound of one attempt. */
  timeoutMs: z.int().min(100).max(600_000),
  /** Attempts in all, the first included. */
  attempts: z.int().min(1).max(20),
  /** Wait before the second attempt; doubled before each further one, at most a minute. */
  backoffMs: z.int().min(0).max(60_000),
};

export const playbookStepSchema = z.discriminatedUnion('kind', [
  /** Writes the file in one step, so that a bot that looks for it never sees a part of it. */
  z.strictObject({ kind: z.literal('kill-switch-file'), ...common, path: z.string().min(1).max(4_096) }),
  /** Runs a program with these arguments; no shell stands between. Exit code 0 = done. */
  z.strictObject({
    kind: z.literal('command'),
    ...common,
    argv: z.array(z.string().max(8_192)).min(1).max(100),
    directory: z.string().max(4_096).nullable(),
    /** Variables added to its environment. */
    secrets: z.record(z.string().regex(/^[A-Za-z_][A-Za-z0-9_]{0,99}$/), secretReferenceSchema),
    /** Whether the program only pretends when `LOCKSTEP_DRILL=1`; otherwise a drill looks for it and does not run it. */
    understandsDrills: z.boolean().optional(),
  }),
  /** POSTs JSON, signed with HMAC-SHA256 where a secret is named. An answer of 2xx = done. */
  z.strictObject({
    kind: z.literal('webhook'),
    ...common,
    url: addressSchema,
    secret: secretReferenceSchema.nullable(),
  }),
  /** freqtrade's REST interface: log in, stop entries, optionally force the exit of open trades, look whether it has stopped. */
  z.strictObject({
    kind: z.literal('freqtrade'),
    ...common,
    url: addressSchema,
    username: z.string().min(1).max(200),
    password: secretReferenceSchema,
    forceExit: z.boolean(),
  }),
]);
export type PlaybookStep = z.infer<typeof playbookStepSchema>;

/** At least one required step that acts on the market: a playbook that only tells somebody rolls nothing back. */
export const playbookSchema = z
  .array(playbookStepSchema)
  .min(1)
  .max(20)
  .refine((steps) => new Set(steps.map((step) => step.id)).size === steps.length, 'two steps have the same id')
  .refine(
    (steps) => steps.some((step) => step.required && step.effect !== 'notify'),
    'no required step stops entries or flattens',
  )
  .refine(
    (steps) => steps.every((step) => step.kind !== 'freqtrade' || step.forceExit === (step.effect === 'flatten')),
    'a freqtrade step that forces exits flattens, one that does not stops entries',
  );
export type Playbook = z.infer<typeof playbookSchema>;
