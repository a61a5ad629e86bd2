import { hrefOf } from '../state/address';
import { type Compared, compareQuery } from './reports/route';

/** Where things are. Pages and the palette link through these, so that an address has one spelling. */
export const addresses = {
  home: () => hrefOf([]),
  desk: (strategy: string | null = null) => hrefOf(['desk', strategy]),
  parity: () => hrefOf(['parity']),
  /** All symbols of a strategy. */
  strategy: (strategy: string) => hrefOf(['parity', strategy]),
  /** The portfolio's report of one day. */
  portfolioDay: (strategy: string, day: string, query: Readonly<Record<string, string | null | undefined>> = {}) =>
    hrefOf(['parity', strategy, 'day', day], query),
  symbol: (strategy: string, symbol: string) => hrefOf(['parity', strategy, 'symbol', symbol]),
  symbolDay: (
    strategy: string,
    symbol: string,
    day: string,
    query: Readonly<Record<string, string | null | undefined>> = {},
  ) => hrefOf(['parity', strategy, 'symbol', symbol, day], query),
  /** The calendar of reports; without a strategy that of the one that needs a look most. */
  reports: (strategy: string | null = null, month: string | null = null) => hrefOf(['reports', strategy], { month }),
  report: (strategy: string, symbol: string | null, day: string, revision: number | null = null) =>
    hrefOf(symbol === null ? ['reports', strategy, 'day', day] : ['reports', strategy, 'symbol', symbol, day], {
      revision: revision === null ? null : String(revision),
    }),
  compare: (a: Compared, b: Compared) => hrefOf(['reports', a.strategy, 'compare'], compareQuery(a, b)),
  imports: () => hrefOf(['imports']),
  import: (id: string) => hrefOf(['imports', id]),
  /** Rows set aside, of every import. */
  quarantine: () => hrefOf(['imports', 'quarantine']),
  watches: () => hrefOf(['imports', 'watched']),
  watch: (id: string) => hrefOf(['imports', 'watched', id]),
  formats: () => hrefOf(['imports', 'formats']),
  format: (id: string) => hrefOf(['imports', 'formats', id]),
  /** The mapping wizard of a file on its way in. */
  mapFile: (cardKey: string) => hrefOf(['imports', 'map', cardKey]),
  maps: () => hrefOf(['imports', 'maps']),
  savedMap: (id: string) => hrefOf(['imports', 'maps', id]),
  canary: (show: 'active' | 'ended' | 'all' = 'active') =>
    hrefOf(['canary'], { show: show === 'active' ? null : show }),
  newDeployment: () => hrefOf(['canary', 'new']),
  promotionRules: () => hrefOf(['canary', 'rules']),
  secrets: () => hrefOf(['canary', 'secrets']),
  canaryHistory: () => hrefOf(['canary', 'history']),
  deployment: (id: string) => hrefOf(['canary', 'deployment', id]),
  playbook: (id: string) => hrefOf(['canary', 'deployment', id, 'playbook']),
  audit: (query: Readonly<Record<string, string | null>> = {}) => hrefOf(['audit'], query),
  about: () => hrefOf(['about']),
} as const;
