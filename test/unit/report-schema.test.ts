import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import { reportSchema } from '../../shared/parity/document';

/** The published schema is the one the code parses by; `npx vitest run test/unit/report-schema.test.ts --update` writes it anew. */
describe('the published schema of the report document', () => {
  it('is what the document is', async () => {
    const { $schema, ...schema } = z.toJSONSchema(reportSchema, { io: 'input' });
    const published = {
      $schema,
      title: 'Lockstep parity report, version 1',
      description:
        'Names end in their unit: Bps are basis points, Us microseconds since 1970 UTC, Ms milliseconds. Money is in `currency`, null is unknown. New keys may come; a key that changes its meaning changes `schema`.',
      ...schema,
    };
    await expect(`${JSON.stringify(published, null, 2)}\n`).toMatchFileSnapshot(
      '../../resources/schemas/report-1.json',
    );
  });
});
