import { toFailure } from '../../../shared/base/errors';
import { addUtcDays, DAY_US, HOUR_US, type UtcDay, utcDayOf, utcDayStartUs } from '../../../shared/base/time';
import type { DeploymentConfiguration } from '../../../shared/canary/configuration';
import type { Deployment } from '../../../shared/canary/deployment';
import { type AccountSummary, summarise } from '../../../shared/canary/equity';
import type { ControlFacts, EvaluationInput, ParityFacts, SourceFreshness } from '../../../shared/canary/facts';
import { type Ledger, type LedgerFrame, openLedger, withDay } from '../../../shared/canary/ledger';
import type { ExecutionColumns } from '../../../shared/market/columns';
import type { Source } from '../../../shared/market/executions';
import type { PriceSeries } from '../../../shared/market/marks';
import { pairOfSymbol } from '../../../shared/market/symbols';
import type { ParityService } from '../parity/parity-service';
import type { DeskStore, SegmentSummary } from '../ports';

/**
 * What the store knows of each deployment, kept up to date by what changed: a symbol's day is folded again when its fills, order events or
 * prices are not what they were, and no other day is. Without a change in the store nothing is read.
 */
export interface DeploymentFacts {
  /** Facts of now; throws what kept them from being read. */
  of(deployment: Deployment): Promise<Pick<EvaluationInput, 'sources' | 'account' | 'parity' | 'control'>>;
  /** Stored data changed. */
  noticeChange(): void;
  /** Drops what is kept of deployments that are not among these. */
  keepOnly(ids: ReadonlySet<string>): void;
}

/** One arm's fills, folded. */
interface Arm {
  readonly source: Source;
  readonly belongs: Pick<DeploymentConfiguration, 'version' | 'belongs'>;
  ledger: Ledger;
  /** By symbol and day, what was folded, and the currencies its fees were paid in. */
  readonly folded: Map<string, { readonly print: string; readonly feeCurrencies: readonly string[] }>;
  readAtChange: number;
}

interface Kept {
  readonly stageKey: string;
  readonly own: Arm;
  readonly control: Arm | null;
  sources: readonly SourceFreshness[];
  parity: { readonly facts: ParityFacts | null; readonly day: UtcDay } | null;
  readAtChange: number;
}

const parityFigures: ReadonlySet<string> = new Set(['trackingErrorBps', 'trackingDifferenceBps', 'parityScore']);

export function createDeploymentFacts(parts: {
  readonly store: Pick<DeskStore, 'executions' | 'settings'>;
  readonly parity: Pick<ParityService, 'ofVersion'>;
  readonly nowUs: () => number;
}): DeploymentFacts {
  const { store, parity, nowUs } = parts;
  const kept = new Map<string, Kept>();
  let change = 0;

  async function foldArm(arm: Arm, strategy: string): Promise<void> {
    if (arm.readAtChange === change) return;
    const seen = change;
    const { executions, settings } = store;
    const stageDay = utcDayOf(arm.ledger.frame.stageFromUs);
    const feePriceMaxAgeUs = (await settings.parity(strategy, null)).feePriceMaxAgeMs * 1_000;
    const segments = (await executions.segments({ strategy })).filter(
      ({ key }) => arm.belongs.belongs.symbols.length === 0 || arm.belongs.belongs.symbols.includes(key.symbol),
    );
    const byDay = new Map<UtcDay, Map<string, SegmentSummary[]>>();
    const today = utcDayOf(nowUs());
    const symbols = [...new Set(segments.map(({ key }) => key.symbol))];
    for (const segment of segments) {
      const { day, symbol } = segment.key;
      const ofDay = byDay.get(day) ?? new Map<string, SegmentSummary[]>();
      byDay.set(day, ofDay);
      ofDay.set(symbol, [...(ofDay.get(symbol) ?? []), segment]);
    }
    // A position is worth something on days without a fill, too.
    for (let day = stageDay; day <= today; day = addUtcDays(day, 1)) {
      const ofDay = byDay.get(day) ?? new Map<string, SegmentSummary[]>();
      byDay.set(day, ofDay);
      for (const symbol of symbols) if (!ofDay.has(symbol)) ofDay.set(symbol, []);
    }
    const seenKeys = new Set<string>();
    for (const day of [...byDay.keys()].sort()) {
      const ofDay = byDay.get(day)!;
      const names = [...ofDay.keys()];
      const startUs = utcDayStartUs(day);
      const isOfStage = day >= stageDay;
      const [facts, prices] = isOfStage
        ? await Promise.all([
            executions.dayFacts(strategy, names, day),
            executions.pricesOf(names.map((symbol) => ({ symbol, fromUs: startUs - HOUR_US, toUs: startUs + DAY_US }))),
          ])
        : [[], []];
      for (const [index, symbol] of names.entries()) {
        const key = `${symbol} ${day}`;
        seenKeys.add(key);
        const series = prices[index] ?? { atUs: new Float64Array(), price: new Float64Array() };
        const orderEvents = (facts[index]?.orderEvents ?? []).filter(({ source }) => source === arm.source);
        const found = ofDay.get(symbol)!;
        const before = arm.folded.get(key);
        // Prices of what fees were paid in may come after the fills, or change.
        const printOf = (feePrices: ReadonlyMap<string, PriceSeries>) =>
          JSON.stringify([
            found.map(({ key: { source }, count, firstUs, lastUs, netQuantity, lastPrice, revision }) => [
              source,
              count,
              firstUs,
              lastUs,
              netQuantity,
              lastPrice,
              revision ?? 0,
            ]),
            orderEvents.length,
            orderEvents.at(-1)?.atUs ?? 0,
            series.atUs.length,
            series.atUs.at(-1) ?? 0,
            series.price.at(-1) ?? 0,
            [...feePrices].map(([name, { atUs, price }]) => [name, atUs.length, atUs.at(-1), price.at(-1)]),
            feePriceMaxAgeUs,
          ]);
        const feePricesBefore = await feePricesOf(symbol, before?.feeCurrencies ?? [], startUs);
        if (before?.print === printOf(feePricesBefore)) continue;
        const columnsOf = async (source: Source) => {
          const segment = found.find((one) => one.key.source === source);
          return segment === undefined ? null : executions.readSegment(segment.key);
        };
        const [own, other] = await Promise.all([
          columnsOf(arm.source),
          columnsOf(arm.source === 'live' ? 'backtest' : 'live'),
        ]);
        const feeCurrencies = own?.dictionaries.feeCurrencies ?? [];
        const feePrices = await feePricesOf(symbol, feeCurrencies, startUs);
        arm.ledger = withDay(
          arm.ledger,
          {
            symbol,
            day,
            live: own === null || arm.source === 'live' ? own : taggedAs(own, arm.belongs.version),
            backtest: other,
            orderEvents,
            prices: series,
            feePrices,
          },
          arm.belongs,
          feePriceMaxAgeUs,
        );
        arm.folded.set(key, { print: printOf(feePrices), feeCurrencies });
      }
    }
    // What was taken back leaves its day.
    for (const key of [...arm.folded.keys()]) {
      if (seenKeys.has(key)) continue;
      const { [key]: _gone, ...days } = arm.ledger.days;
      arm.ledger = { ...arm.ledger, days };
      arm.folded.delete(key);
    }
    arm.readAtChange = seen;
  }

  /** Prices of currencies fees were paid in, against the symbol's quote currency. */
  async function feePricesOf(symbol: string, currencies: readonly string[], startUs: number) {
    const pair = pairOfSymbol(symbol);
    const foreign = currencies.filter(
      (currency) => currency !== '' && currency !== pair?.base && currency !== pair?.quote,
    );
    if (pair === null || foreign.length === 0) return new Map();
    const names = foreign.map((currency) => `${currency}/${pair.quote}`);
    const series = await store.executions.pricesOf(
      names.map((name) => ({ symbol: name, fromUs: startUs - HOUR_US, toUs: startUs + DAY_US })),
    );
    return new Map(names.map((name, at) => [name, series[at]!] as const).filter(([, { atUs }]) => atUs.length > 0));
  }

  /** The last day and this one: a rolling day that is never shorter than 24 hours. */
  async function parityOf(deployment: Deployment, complete: number | null): Promise<ParityFacts | null> {
    const { strategy, version, belongs, promotion, rollback } = deployment.configuration;
    const asked = [...promotion, ...rollback].some(({ figure }) => parityFigures.has(figure));
    if (!asked) return null;
    const today = utcDayOf(nowUs());
    try {
      const report = await parity.ofVersion(strategy, null, belongs.version ?? version, addUtcDays(today, -1), today);
      return {
        trackingErrorBps: report.trackingErrorBps,
        trackingDifferenceBps: report.trackingDifferenceBps,
        parityScore: report.executionQualityScore,
        sample: report.matches.matched,
        asOfUs: complete,
        note: null,
        hourlyDifferencesBps: null,
      };
    } catch (thrown) {
      const { code, message } = toFailure(thrown);
      if (code !== 'no-data' && code !== 'not-found') throw thrown;
      return {
        trackingErrorBps: null,
        trackingDifferenceBps: null,
        parityScore: null,
        sample: 0,
        asOfUs: null,
        note: message,
        hourlyDifferencesBps: null,
      };
    }
  }

  function openKept(deployment: Deployment, stageKey: string): Kept {
    const { configuration, stageSinceUs, allocatedCapital } = deployment;
    const { control, totalCapital, currency, sessionStartMinutes, belongs } = configuration;
    const frameOf = (capital: number): LedgerFrame => ({
      stageFromUs: stageSinceUs,
      capital,
      currency,
      sessionStartMinutes,
    });
    const arm = (source: Source, capital: number, own: Arm['belongs']): Arm => ({
      source,
      belongs: own,
      ledger: openLedger(frameOf(capital)),
      folded: new Map(),
      readAtChange: -1,
    });
    const ownBelongs = { version: configuration.version, belongs };
    const anyOf = { version: null, account: null, clientOrderIdPrefix: null, symbols: belongs.symbols };
    return {
      stageKey,
      own: arm('live', allocatedCapital, ownBelongs),
      control:
        control === null
          ? null
          : control.kind === 'version'
            ? arm('live', totalCapital - allocatedCapital, { version: control.version, belongs: anyOf })
            : arm('backtest', allocatedCapital, { version: configuration.version, belongs: anyOf }),
      sources: [],
      parity: null,
      readAtChange: -1,
    };
  }

  return {
    noticeChange() {
      change += 1;
    },
    keepOnly(ids) {
      for (const id of kept.keys()) if (!ids.has(id)) kept.delete(id);
    },
    async of(deployment) {
      const { id, stage, stageSinceUs, allocatedCapital, configuration } = deployment;
      const stageKey = `${stage} ${stageSinceUs} ${allocatedCapital}`;
      let facts = kept.get(id);
      if (facts?.stageKey !== stageKey) {
        facts = openKept(deployment, stageKey);
        kept.set(id, facts);
      }
      const { strategy, control } = configuration;
      const today = utcDayOf(nowUs());
      await foldArm(facts.own, strategy);
      if (facts.control !== null) await foldArm(facts.control, strategy);
      if (facts.readAtChange !== change || facts.parity?.day !== today) {
        const seen = change;
        const feeds = (await store.executions.feeds()).filter((feed) => feed.strategy === strategy);
        const live = feeds.find(({ source }) => source === 'live')?.lastExecutionUs ?? null;
        const backtest = feeds.find(({ source }) => source === 'backtest')?.lastExecutionUs ?? null;
        facts.sources = [{ source: 'executions', heardAtUs: live }];
        const complete = live === null || backtest === null ? null : Math.min(live, backtest);
        facts.parity = { facts: await parityOf(deployment, complete), day: today };
        facts.readAtChange = seen;
      }
      const heardAtUs = facts.sources[0]?.heardAtUs ?? stageSinceUs;
      const summaryOf = (arm: Arm): AccountSummary => summarise(arm.ledger, nowUs(), heardAtUs);
      let controlFacts: ControlFacts | null = null;
      if (facts.control !== null && control !== null) {
        const summary = summaryOf(facts.control);
        controlFacts = {
          label: control.kind === 'version' ? `version ${control.version}` : 'its backtest',
          hourlyReturns: summary.hourly,
          exposure: control.kind === 'version' ? { orders: summary.orders, capital: summary.capital } : null,
        };
      }
      return {
        sources: facts.sources,
        account: summaryOf(facts.own),
        parity: facts.parity.facts,
        control: controlFacts,
      };
    },
  };
}

/** Fills of a backtest that carry no version are of the version that is deployed. */
function taggedAs(columns: ExecutionColumns, version: string): ExecutionColumns {
  const { dictionaries } = columns;
  return {
    ...columns,
    dictionaries: { ...dictionaries, versions: dictionaries.versions.map((tag) => (tag === '' ? version : tag)) },
  };
}
