/** Files that freqtrade writes beside its backtest results. They hold no trades; each is refused with the name of the file that does. */
import type { Format, Sample } from '../format';
import { recordOf } from './json';

function documentOf(sample: Sample): Readonly<Record<string, unknown>> | null {
  return sample.kind === 'json'
    ? recordOf(sample.value)
    : sample.kind === 'jsonLines'
      ? recordOf(sample.values[0])
      : null;
}

/** Strategies by name, where every entry is the metadata of a run. */
function runsOf(sample: Sample): readonly string[] {
  const entries = Object.entries(documentOf(sample) ?? {});
  const isRun = (value: unknown): boolean => {
    const run = recordOf(value);
    return run !== null && typeof run['run_id'] === 'string' && 'backtest_start_time' in run && !('trades' in run);
  };
  return entries.length > 0 && entries.every(([, value]) => isRun(value)) ? entries.map(([name]) => name) : [];
}

const common = { kind: 'executions', exampleHeader: null, impliedSource: 'backtest' } as const;

export const freqtradeBacktestMeta: Format = {
  ...common,
  id: 'freqtrade-backtest-meta',
  title: 'freqtrade backtest metadata',
  describes:
    'Names the runs of a backtest result and holds no trades, so that it is refused: the result beside it is what is read.',
  recognise(sample) {
    const runs = runsOf(sample);
    if (runs.length === 0) return null;
    return {
      confidence: 0.97,
      reason: `run ids of ${runs.slice(0, 5).join(', ')}, as freqtrade keeps them`,
      strategies: runs,
    };
  },
  reader: {
    shape: 'nothing',
    is: (sample) => `is the metadata of freqtrade's backtest of ${runsOf(sample).join(', ')} and holds no trades`,
    instead: () => 'Import the result of the same name that lies beside it: the file without ".meta", .json or .zip.',
  },
};

export const freqtradeLastResult: Format = {
  ...common,
  id: 'freqtrade-last-result',
  title: "freqtrade's pointer to its last result",
  describes:
    'Names the newest result file and holds no trades, so that it is refused: the file it names is what is read.',
  recognise(sample) {
    if (lastResultOf(sample) === null) return null;
    return { confidence: 0.97, reason: 'the name of the newest result, as freqtrade keeps it in .last_result.json' };
  },
  reader: {
    shape: 'nothing',
    is: () => "only names freqtrade's newest result and holds no trades",
    instead: (sample) => `Import ${lastResultOf(sample) ?? 'the file it names'}.`,
  },
};

function lastResultOf(sample: Sample): string | null {
  const document = documentOf(sample);
  const name = document?.['latest_backtest'] ?? document?.['latest_hyperopt'];
  return typeof name === 'string' && name.length > 0 && name.length < 500 ? name : null;
}

/** Keys that freqtrade's configuration cannot do without. */
const configKeys = ['stake_currency', 'exchange'];

function isConfig(sample: Sample): boolean {
  const document = documentOf(sample);
  return (
    document !== null &&
    configKeys.every((key) => key in document) &&
    ['max_open_trades', 'stake_amount', 'pairlists', 'dry_run', 'timeframe'].some((key) => key in document) &&
    !('trades' in document)
  );
}

export const freqtradeConfig: Format = {
  ...common,
  impliedSource: null,
  id: 'freqtrade-config',
  title: 'freqtrade configuration',
  describes:
    'What freqtrade was told to do; it holds no trades, so that it is refused, and nothing in it is kept or shown.',
  recognise(sample) {
    return isConfig(sample) ? { confidence: 0.9, reason: "keys of freqtrade's configuration" } : null;
  },
  reader: {
    shape: 'nothing',
    is: () => "is freqtrade's configuration and holds no trades",
    instead: () => 'Import the result of the backtest, or the database of the bot.',
  },
};
