import { AxeBuilder } from '@axe-core/playwright';
import { expect, type Page } from '@playwright/test';

/** Fails when axe finds anything serious or critical in what the page shows now; names the rule and the elements. */
export async function expectAccessible(page: Page): Promise<void> {
  // Legacy mode needs no second page, which Electron does not open.
  const { violations } = await new AxeBuilder({ page }).setLegacyMode().analyze();
  const found = violations.filter(({ impact }) => impact === 'serious' || impact === 'critical');
  expect(found.map(({ id, nodes }) => `${id}: ${nodes.map(({ target }) => String(target)).join(', ')}`)).toEqual([]);
}
