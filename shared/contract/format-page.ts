/** What the reference tells of one format; worked out by running its reader over its example, so that it cannot differ from it. */
import { z } from 'zod';
import { sourceSchema } from '../market/executions';

export const formatColumnSchema = z.strictObject({
  /** As the file writes it; the path of a key where the content is JSON (`result.fills[].price`). */
  name: z.string(),
  /** `required` = a row without it goes to quarantine; `ignored` = what stands in it changes nothing. */
  use: z.enum(['required', 'read', 'ignored']),
  /** Names of the printed execution, order event or price that depend on it; none = it is only checked. */
  feeds: z.array(z.string()),
});
export type FormatColumn = z.infer<typeof formatColumnSchema>;

export const formatPageSchema = z.strictObject({
  id: z.string(),
  title: z.string(),
  /** One sentence: what is read and what is ignored. */
  describes: z.string(),
  kind: z.enum(['executions', 'orders', 'prices']),
  /** What the file is in itself: "CSV text", "SQLite database". */
  content: z.string(),
  /** null = the user says whether it is live or a backtest. */
  impliedSource: sourceSchema.nullable(),
  exampleHeader: z.string().nullable(),
  /** What follows the header, with made-up values. */
  exampleRows: z.array(z.string()),
  /** In the order of the example. */
  columns: z.array(formatColumnSchema),
  /** What a row is. */
  rows: z.string(),
  times: z.string(),
  fees: z.string(),
  /** What makes two rows the same trade. */
  identity: z.string(),
  /** Rows that are understood and are no trade, as the import names them. */
  otherRows: z.array(z.string()),
  /** What the user has to say because the file never does. */
  needs: z.array(z.enum(['symbol', 'strategy'])),
});
export type FormatPage = z.infer<typeof formatPageSchema>;
