import { test } from './consoles';
import { chartsAsTables, drillDown } from './parity-story';

test('desk, symbol, day, order, fills, source line in Electron', async ({ openElectron }) => {
  const { page } = await openElectron();
  await drillDown(page);
  await chartsAsTables(page);
});
