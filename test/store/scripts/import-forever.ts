import { systemClock, systemIds } from '../../../electron/engine/system';
import { deskStores } from '../../../electron/store';
import { addUtcDays } from '../../../shared/base/time';
import { beginning, dayOf, partOf, recordOf, us } from '../../support/stored-executions';
import { importSize } from './import-size';

/**
 * Run by plain Node and killed at some moment: imports into the desk of the folder in its first argument, one import after the
 * other, and says on its output what it was told is stored.
 */
const opened = await deskStores({ clock: systemClock, ids: systemIds }).openDeskStore(process.argv[2]!, 'create');
if (!opened.ok) throw new Error(opened.error.message);
const desk = opened.value;
console.log('open');
for (;;) {
  const session = await desk.imports.begin(beginning);
  console.log(`begun ${session.importId}`);
  const fill = { venue: session.importId, hash: BigInt(Math.floor(Math.random() * 2 ** 50)) };
  for (let day = 0; day < importSize.days; day++) {
    const startUs = us(`${addUtcDays(dayOf('2026-01-01'), day)}T00:00:00Z`);
    const parts = Array.from({ length: importSize.symbols }, (_, symbol) =>
      partOf(
        Array.from({ length: importSize.rows }, (__, row) => ({ ...fill, atUs: startUs + row * 1_000 })),
        { symbol: `S${symbol}` },
        session.importId,
      ),
    );
    await session.addParts(parts);
    await session.addPrices([{ symbol: `P-${session.importId}`, atUs: startUs, price: 1 }]);
    await session.addOrderEvents([
      {
        source: 'live',
        venue: null,
        account: null,
        strategy: 'alpha',
        version: null,
        symbol: 'S0',
        side: null,
        kind: 'cancelled',
        atUs: startUs,
        orderId: session.importId,
        clientOrderId: null,
        intendedQuantity: null,
        price: null,
        reason: null,
        paper: false,
        line: 1,
      },
    ]);
    await session.addQuarantined([{ line: day, day: null, symbol: null, reason: 'unreadable', text: 'x' }]);
  }
  await session.commit(recordOf({ firstUs: 1, lastUs: 2 }));
  console.log(`done ${session.importId}`);
}
