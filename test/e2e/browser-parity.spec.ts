import { test } from './consoles';
import { calibrate, chartsAsTables, drillDown } from './parity-story';

test('desk, symbol, day, order, fills, source line in the served console', async ({ openServed }) => {
  const { page } = await openServed();
  await drillDown(page);
  await chartsAsTables(page);
  await calibrate(page);
});
