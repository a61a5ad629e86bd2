import { z } from 'zod';

/** When promotions are allowed on this desk. A rollback asks none of these. */

const clockTime = z.string().regex(/^([01]\d|2[0-3]):[0-5]\d$/);
const note = z.strictObject({
  by: z.string().min(1).max(200),
  reason: z.string().trim().min(1).max(1_000),
  atUs: z.number(),
});

export const promotionRulesSchema = z.strictObject({
  /** Days 1 (Monday) to 7 and hours in UTC; empty = at any time. `until` before `from` ends on the next day. */
  windows: z
    .array(
      z.strictObject({ days: z.array(z.int().min(1).max(7)).min(1).max(7), from: clockTime, until: clockTime, note }),
    )
    .max(50),
  /** Days, both included, on which nothing is promoted. */
  freezes: z.array(z.strictObject({ from: z.iso.date(), to: z.iso.date(), note })).max(200),
  /** Stop the line: nothing is promoted until it is released; null = released. */
  stopped: note.nullable(),
});
export type PromotionRules = z.infer<typeof promotionRulesSchema>;
