import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { cruise, type ICruiseResult, type IFlattenedRuleSet } from 'dependency-cruiser';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';

/** The import rule: this checkout keeps it, and each way to break it is found under the name of the rule that it breaks. */

const configuration: IFlattenedRuleSet & { readonly options: object } = createRequire(import.meta.url)(
  '../../.dependency-cruiser.cjs',
);

/** "rule: from -> to" of every import that breaks a rule. */
async function broken(baseDir: string): Promise<readonly string[]> {
  const { output } = await cruise(['shared', 'electron', 'renderer'], {
    ...configuration.options,
    baseDir,
    ruleSet: { forbidden: configuration.forbidden ?? [] },
    validate: true,
  });
  const { violations } = (output as ICruiseResult).summary; // without an output type, the output is the result itself
  return violations.map(({ rule, from, to }) => `${rule.name}: ${from} -> ${to}`).sort();
}

it('this checkout keeps the import rule', { timeout: 60_000 }, async () => {
  expect(await broken(join(import.meta.dirname, '../..'))).toEqual([]);
});

/** A house of its own: every file once, with the import it must not make, and the rule that says so. */
const wrong: readonly (readonly [file: string, imports: string, rule: string])[] = [
  ['shared/base/to-market.ts', '../market/good', 'base-is-the-bottom'],
  ['shared/base/to-contract.ts', '../contract/good', 'base-is-the-bottom'],
  ['shared/base/to-node.ts', 'node:fs', 'shared-uses-zod-alone'],
  ['shared/base/to-package.ts', 'ws', 'shared-uses-zod-alone'],
  ['shared/base/to-unlisted-package.ts', 'unlisted', 'shared-uses-zod-alone'],
  ['shared/base/to-engine.ts', '../../electron/engine/good', 'shared-stands-alone'],
  ['shared/base/to-page.ts', '../../renderer/good', 'shared-stands-alone'],
  ['shared/market/to-parity.ts', '../parity/good', 'market-on-base'],
  ['shared/parity/to-canary.ts', '../canary/good', 'parity-on-market'],
  ['shared/parity/to-alerts.ts', '../alerts/good', 'parity-on-market'],
  ['shared/canary/to-alerts.ts', '../alerts/good', 'canary-on-parity'],
  ['shared/canary/to-contract.ts', '../contract/good', 'canary-on-parity'],
  ['shared/alerts/to-market.ts', '../market/good', 'alerts-on-base'],
  ['electron/engine/to-store.ts', '../store/good', 'engine-declares-its-ports'],
  ['electron/engine/to-server.ts', '../server/good', 'engine-declares-its-ports'],
  ['electron/engine/to-page.ts', '../../renderer/good', 'engine-declares-its-ports'],
  ['electron/engine/to-electron.ts', 'electron', 'electron-only-in-the-shell'],
  ['electron/engine/to-sqlite.ts', 'sqlite3', 'sqlite-only-in-the-store'],
  ['electron/engine/to-test.ts', '../../test/good', 'nothing-imports-tests'],
  ['electron/engine/to-build-tool.ts', 'vite', 'product-runs-on-dependencies'],
  ['electron/store/to-cli.ts', '../cli/good', 'store-implements-ports'],
  ['electron/store/to-electron.ts', 'electron', 'electron-only-in-the-shell'],
  ['electron/server/to-store.ts', '../store/good', 'server-is-a-carrier'],
  ['electron/server/to-main.ts', '../main/good', 'server-is-a-carrier'],
  ['electron/cli/to-main.ts', '../main/good', 'cli-is-a-root'],
  ['electron/cli/to-electron.ts', 'electron', 'electron-only-in-the-shell'],
  ['electron/main/to-server.ts', '../server/good', 'main-is-a-root'],
  ['electron/main/to-sqlite.ts', 'sqlite3', 'sqlite-only-in-the-store'],
  ['electron/main/to-react.ts', 'react', 'page-libraries-only-in-the-page'],
  ['electron/preload/to-engine.ts', '../engine/good', 'preload-exposes-the-contract'],
  ['electron/preload/to-parity.ts', '../../shared/parity/good', 'preload-exposes-the-contract'],
  ['renderer/to-engine.ts', '../electron/engine/good', 'renderer-on-shared'],
  ['renderer/to-node.ts', 'node:path', 'no-node-in-the-page'],
  ['renderer/to-electron.ts', 'electron', 'electron-only-in-the-shell'],
  ['renderer/to-bridge.ts', '../shared/contract/bridge', 'one-reader-of-the-bridge'],
  ['renderer/to-nowhere.ts', './nowhere', 'resolved'],
];

/** Imports that are right, so that the rules are known to let something through. */
const right: Readonly<Record<string, readonly string[]>> = {
  'shared/base/good.ts': ['zod'],
  'shared/market/good.ts': ['../base/good'],
  'shared/parity/good.ts': ['../market/good'],
  'shared/canary/good.ts': ['../parity/good'],
  'shared/alerts/good.ts': ['../base/good'],
  'shared/contract/good.ts': ['../parity/good', '../alerts/good'],
  'shared/contract/bridge.ts': ['./good'],
  'electron/engine/good.ts': ['../../shared/parity/good', 'node:fs'],
  'electron/store/good.ts': ['../engine/good', 'sqlite3', 'node:fs'],
  'electron/server/good.ts': ['../engine/good', './page-files', 'ws', 'node:http'],
  'electron/server/page-files.ts': ['node:path'],
  'electron/cli/good.ts': ['../engine/good', '../store/good', '../server/good'],
  'electron/main/good.ts': ['../engine/good', '../store/good', '../server/page-files', 'electron'],
  'electron/preload/good.ts': ['../../shared/contract/good', 'electron'],
  'renderer/good.ts': ['../shared/parity/good', 'react', './api/good'],
  'renderer/api/good.ts': ['../../shared/contract/bridge'],
  'test/good.ts': ['../electron/main/good', '../renderer/good'],
};

describe('in a house of its own', () => {
  let folder: string;
  let found: readonly string[];

  beforeAll(async () => {
    folder = mkdtempSync(join(tmpdir(), 'lockstep-layering-'));
    const write = (file: string, text: string) => {
      mkdirSync(dirname(join(folder, file)), { recursive: true });
      writeFileSync(join(folder, file), text);
    };
    const packages = { dependencies: ['zod', 'sqlite3', 'ws'], devDependencies: ['electron', 'react', 'vite'] };
    for (const name of [...packages.dependencies, ...packages.devDependencies, 'unlisted']) {
      write(`node_modules/${name}/package.json`, JSON.stringify({ name, version: '1.0.0', main: 'index.js' }));
      write(`node_modules/${name}/index.js`, '');
    }
    const listed = Object.entries(packages).map(([kind, names]) => [
      kind,
      Object.fromEntries(names.map((name) => [name, '1.0.0'])),
    ]);
    write('package.json', JSON.stringify(Object.fromEntries(listed)));
    const importing = (paths: readonly string[]) =>
      `${paths.map((path) => `import '${path}';\n`).join('')}export {};\n`;
    for (const [file, imports] of Object.entries(right)) write(file, importing(imports));
    for (const [file, imports] of wrong) write(file, importing([imports]));
    write('electron/engine/circle-a.ts', importing(['./circle-b']));
    write('electron/engine/circle-b.ts', importing(['./circle-a']));
    found = await broken(folder);
  }, 60_000);

  afterAll(() => rmSync(folder, { recursive: true }));

  it.each(wrong)('%s may not import %s', (file, _imports, rule) => {
    expect(found).toContainEqual(expect.stringMatching(`^${rule}: ${file} -> `));
  });

  it('a circle is found', () => {
    expect(found).toContainEqual(expect.stringMatching('^no-cycles: electron/engine/circle-a.ts -> '));
  });

  it('what is right is let through', () => {
    expect(found.filter((line) => /\/(good|bridge|page-files)\.ts -> /.test(line))).toEqual([]);
  });
});
