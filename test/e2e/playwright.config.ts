import { defineConfig } from '@playwright/test';

/** Four ways to the console: the real Electron, the same with its sandbox on, the same packaged, and a browser. */
export default defineConfig({
  testDir: '.',
  timeout: 90_000,
  expect: { timeout: 15_000 },
  // Each test starts its own console on its own data; several at once compete for the processor and blur what is measured.
  workers: 1,
  retries: 0,
  forbidOnly: Boolean(process.env['CI']),
  reporter: [['list'], ['../support/playwright-tally.mjs']],
  use: { screenshot: 'only-on-failure', trace: 'off' },
  // A folder of its own for each, because a run empties those of its projects.
  projects: [
    { name: 'electron', testMatch: 'electron-*.spec.ts' },
    { name: 'sandbox', testMatch: 'sandbox.spec.ts' },
    { name: 'packed', testMatch: 'packed.spec.ts' },
    { name: 'browser', testMatch: 'browser-*.spec.ts' },
  ].map((project) => ({ ...project, outputDir: `../../test-results/${project.name}` })),
});
