/**
 * Who may import whom. The folders are the design: each rule says in one line what it protects.
 *
 *   shared <- engine <- store; shared <- renderer; shared, engine, store <- cli, server, main (composition roots)
 *   inside shared: base <- market <- parity <- canary; base <- alerts; contract reads all of shared, nothing of shared reads contract
 */

const layer = (name, comment, from, to) => ({ name, comment, severity: 'error', from, to });
const packages = (...names) => `^node_modules/(@types/)?(${names.join('|')})/`;

module.exports = {
  forbidden: [
    layer('no-cycles', 'Two modules that need each other are one module, or need a third.', {}, { circular: true }),
    layer('resolved', 'An import that leads nowhere.', {}, { couldNotResolve: true }),
    layer(
      'shared-stands-alone',
      'The rules of the business know no other layer, so that they can be tested and reused anywhere.',
      { path: '^shared/' },
      { path: '^(electron|renderer|test)/' },
    ),
    layer(
      'shared-uses-zod-alone',
      'No Node and no packages but the schema library: shared runs in the page, the engine and the worker.',
      { path: '^shared/' },
      { pathNot: '^((shared|electron|renderer|test)/|node_modules/zod/)' },
    ),
    layer('base-is-the-bottom', 'base knows nothing else.', { path: '^shared/base/' }, { path: '^shared/(?!base/)' }),
    layer('market-on-base', 'market knows base.', { path: '^shared/market/' }, { path: '^shared/(?!(base|market)/)' }),
    layer(
      'parity-on-market',
      'parity knows market and base.',
      { path: '^shared/parity/' },
      { path: '^shared/(?!(base|market|parity)/)' },
    ),
    layer(
      'canary-on-parity',
      'canary knows parity, market and base.',
      { path: '^shared/canary/' },
      { path: '^shared/(?!(base|market|parity|canary)/)' },
    ),
    layer('alerts-on-base', 'alerts know base.', { path: '^shared/alerts/' }, { path: '^shared/(?!(base|alerts)/)' }),
    layer(
      'engine-declares-its-ports',
      'The engine is headless and knows no database: it declares what it needs, others bring it.',
      { path: '^electron/engine/' },
      { path: '^(renderer/|electron/(?!engine/))' },
    ),
    layer(
      'store-implements-ports',
      'The store knows the engine’s ports and shared.',
      { path: '^electron/store/' },
      { path: '^(renderer/|electron/(?!(store|engine)/))' },
    ),
    layer(
      'server-is-a-carrier',
      'The server carries the contract; it opens no store and shows no window.',
      { path: '^electron/server/' },
      { path: '^(renderer/|electron/(?!(server|engine)/))' },
    ),
    layer(
      'cli-is-a-root',
      'The command line puts engine, store and server together.',
      { path: '^electron/cli/' },
      { path: '^(renderer|electron/(main|preload))/' },
    ),
    layer(
      'main-is-a-root',
      'The shell puts engine and store together; of the server it uses the page’s files and their headers alone.',
      { path: '^electron/main/' },
      { path: '^(renderer/|electron/(cli|preload)/|electron/server/(?!page-files))' },
    ),
    layer(
      'preload-exposes-the-contract',
      'The preload knows the contract and what its Results are made of.',
      { path: '^electron/preload/' },
      { path: '^(renderer/|electron/(?!preload/)|shared/(?!(contract|base)/))' },
    ),
    layer('renderer-on-shared', 'The page knows shared alone.', { path: '^renderer/' }, { path: '^electron/' }),
    layer(
      'no-node-in-the-page',
      'The page runs in a sandbox without Node.',
      { path: '^renderer/' },
      { dependencyTypes: ['core'] },
    ),
    layer(
      'electron-only-in-the-shell',
      'Everything else runs without Electron: on the command line, served, in tests.',
      { path: '^(electron|shared|renderer)/', pathNot: '^electron/(main|preload)/' },
      { path: packages('electron') },
    ),
    layer(
      'sqlite-only-in-the-store',
      'One place binds values and holds connections.',
      { path: '^(electron|shared|renderer)/', pathNot: '^electron/store/' },
      { path: packages('sqlite3') },
    ),
    layer(
      'page-libraries-only-in-the-page',
      'React, its state and its charts belong to the renderer.',
      { path: '^(electron|shared)/' },
      {
        path: packages(
          'react',
          'react-dom',
          'zustand',
          'echarts',
          'radix-ui',
          '@radix-ui',
          'cmdk',
          '@tanstack',
          'lucide-react',
        ),
      },
    ),
    layer(
      'one-reader-of-the-bridge',
      'Pages reach the engine through renderer/api, which knows how it is carried.',
      { path: '^renderer/', pathNot: '^renderer/api/' },
      { path: '^shared/contract/(bridge|wire)' },
    ),
    layer(
      'nothing-imports-tests',
      'Tests see everything, nothing sees them.',
      { path: '^(electron|shared|renderer)/' },
      { path: '^test/' },
    ),
    layer(
      'product-runs-on-dependencies',
      'What runs outside the page is installed with the product, not only for building it.',
      { path: '^(electron|shared)/', pathNot: '^electron/launch/' },
      {
        dependencyTypes: ['npm-dev'],
        dependencyTypesNot: ['type-only'],
        pathNot: [packages('electron'), '^node_modules/@types/'],
      },
    ),
  ],
  options: {
    doNotFollow: { path: 'node_modules' },
    exclude: { path: '^(out|dist)/' },
    tsPreCompilationDeps: true,
    enhancedResolveOptions: {
      extensions: ['.ts', '.tsx', '.mjs', '.js', '.json', '.css'],
      conditionNames: ['import', 'require', 'node', 'default', 'types'],
      exportsFields: ['exports'],
    },
  },
};
