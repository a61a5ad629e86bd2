/** Lockstep's own JSON Lines: one object a line; also what `import --print` writes. */
import type { Format } from '../format';
import { recordOf } from './json';
import { lockstepNames, lockstepRowReader, recogniseNames } from './lockstep-row';
import { RowCheck } from './row';

const known = new Set<string>(lockstepNames);

export const lockstepJsonl: Format = {
  id: 'lockstep-jsonl',
  title: 'Lockstep JSON Lines',
  describes:
    'One fill or order event a line as a JSON object with the documented keys; other keys are ignored and named in a warning.',
  kind: 'executions',
  exampleHeader: null,
  exampleRows: [
    '{"symbol":"BTC/USDT","side":"buy","price":100.5,"quantity":2,"executedAt":"2026-02-03T04:05:06Z","tradeId":"t-1"}',
    '{"type":"order","symbol":"BTC/USDT","side":"sell","kind":"rejected","at":"2026-02-03T04:05:07Z","orderId":"o-2","reason":"margin"}',
  ],
  impliedSource: null,
  recognise(sample) {
    if (sample.kind !== 'jsonLines') return null;
    const names = new Set<string>();
    for (const value of sample.values) for (const name of Object.keys(recordOf(value) ?? {})) names.add(name);
    return recogniseNames((name) => names.has(name));
  },
  reader: {
    shape: 'jsonLines',
    open(context) {
      const read = lockstepRowReader(context, new RowCheck());
      const ignored = new Set<string>();
      return (value) => {
        if (typeof value !== 'object' || value === null || Array.isArray(value)) {
          return { kind: 'quarantine', reason: 'the line is no JSON object' };
        }
        for (const name in value) {
          if (known.has(name) || ignored.has(name) || ignored.size >= 100) continue;
          ignored.add(name);
          context.warn(`The key "${name}" is not read.`);
        }
        return read(value);
      };
    },
  },
};
