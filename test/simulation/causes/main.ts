import { parseArgs } from 'node:util';
import { causeNames } from '../../../shared/parity/cause-names';
import { confusionOf } from './confusion';
import { evidences, injections } from './injected-day';

// `npm run causes -- [--days N] [--noise BPS]`: injected against found causes over random days, as a table for each kind of evidence.
const { values } = parseArgs({
  options: { days: { type: 'string', default: '300' }, noise: { type: 'string', default: '0' } },
});
const days = Number(values.days);
const noiseBps = Number(values.noise);
const columns = causeNames.filter((cause) => cause !== 'carry' && cause !== 'other');
const row = (cells: readonly string[]) => process.stdout.write(`${cells.join('  ')}\n`);

for (const evidence of evidences) {
  const confusion = confusionOf(
    days,
    { orders: 60, evidence, rate: 0.5, secondRate: 0.2, kinds: injections, noiseBps },
    'causes',
  );
  row([`\nEvidence: ${evidence}; ${days} days, live price noise ${noiseBps} bps`]);
  row(['injected'.padEnd(12), ...columns.map((cause) => cause.padStart(11)), 'money apart'.padStart(11)]);
  for (const kind of [...injections, 'none'] as const) {
    const line = confusion.orders.get(kind);
    const money = kind === 'none' ? undefined : confusion.money.get(kind);
    const apart = money === undefined ? '' : `${((100 * money.apart) / money.injected).toFixed(2)} %`;
    row([kind.padEnd(12), ...columns.map((cause) => String(line?.get(cause) ?? '').padStart(11)), apart.padStart(11)]);
  }
  row([
    `of ${confusion.several} orders with two injections the main cause is one of them in ${confusion.severalFound}`,
  ]);
}
