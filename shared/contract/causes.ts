import { z } from 'zod';
import { pairRowSchema } from '../parity/document';
import { causeReasonSchema } from '../parity/explanation';

/** Where the first fill of an order was read. */
const sourceLineSchema = z.object({ importId: z.string(), fileName: z.string(), line: z.number() });

/** An order a cause has a part of, with all parts of its money. */
export const causeOrderSchema = z.object({
  day: z.string(),
  symbol: z.string(),
  /** As in `parity.orders`: of the live order where there is one. */
  orderId: z.string(),
  /** The cause's part of the order's money, in the currency of the explanation, signed as the gap. */
  money: z.number(),
  main: causeReasonSchema,
  /** All parts of the order's money, the largest first. */
  parts: z.array(z.object({ reason: causeReasonSchema, money: z.number() })),
  /** What the log says of the order that was rejected, cancelled or left unfilled in its place. */
  message: z.string().nullable(),
  liveSource: sourceLineSchema.nullable(),
  backtestSource: sourceLineSchema.nullable(),
  row: pairRowSchema,
});
export type CauseOrder = z.infer<typeof causeOrderSchema>;
