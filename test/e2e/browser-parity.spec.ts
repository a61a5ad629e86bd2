import { test } from './consoles';
import { calibrate, chartsAsTables, drillDown, statisticsOfDays } from './parity-story';

test('desk, symbol, day, order, fills, source line in the served console', async ({ openServed }) => {
  test.setTimeout(180_000); // several stories on one desk, whose making takes longest
  const { page } = await openServed();
  await drillDown(page);
  await chartsAsTables(page);
  await calibrate(page);
  await statisticsOfDays(page);
});
