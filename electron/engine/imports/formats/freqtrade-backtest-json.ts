/**
 * freqtrade's backtest result: trades by strategy. A trade is a round trip; its orders, where they are exported, tell every entry
 * and exit, else its two ends do. Prices are the requested ones and times are candle opens: slippage and latency are zero by
 * construction there, so no decision times are made up.
 */
import { symbolOf } from '../../../../shared/market/symbols';
import type { Format, ParsedExecution, ReadContext, RowOutcome } from '../format';
import { epochReader, isoReader, utcZone } from '../times';
import { TradeProfits } from './freqtrade-profit';
import { feeOfRate, legsOfTrade } from './freqtrade-trade';
import { jsonText, recordOf } from './json';
import { execution, quoted, RowCheck } from './row';

const strategyWithTrades = /"((?:[^"\\]|\\.){1,200})"\s*:\s*\{\s*"trades"\s*:\s*\[/g;
const metadataOfStrategy = /"((?:[^"\\]|\\.){1,200})"\s*:\s*\{\s*"run_id"/g;

export const freqtradeBacktestJson: Format = {
  id: 'freqtrade-backtest-json',
  title: 'freqtrade backtest result',
  describes:
    "Every trade of every strategy becomes its fills, with fees from the trade's rates; of its statistics only the profit and the final balance are read, to be compared.",
  kind: 'executions',
  exampleHeader: null,
  exampleRows: [
    '{"strategy":{"Trend":{"trades":[{"pair":"ETH/USDT","amount":2,"open_date":"2025-01-02 10:00:00+00:00","close_date":"2025-01-02 12:00:00+00:00","open_rate":3000,"close_rate":3030,"fee_open":0.001,"fee_close":0.002,"is_open":false,"is_short":false,"close_timestamp":1735819200000,"orders":null}],"stake_currency":"USDT"}},"strategy_comparison":[]}',
  ],
  impliedSource: 'backtest',
  recognise(sample) {
    if (sample.kind !== 'json' || !/"strategy"\s*:\s*\{/.test(sample.text)) return null;
    const strategies = new Set<string>();
    for (const pattern of [strategyWithTrades, metadataOfStrategy]) {
      for (const match of sample.text.matchAll(pattern)) strategies.add(match[1]!);
    }
    const isResult = /"trades"\s*:\s*\[/.test(sample.text) && strategies.size > 0;
    if (!isResult) return null;
    return {
      confidence: 0.97,
      reason: `freqtrade backtest result of ${[...strategies].slice(0, 5).join(', ')}`,
      strategies: [...strategies],
    };
  },
  reader: {
    shape: 'json',
    *rows(document, context) {
      const strategies = recordOf(recordOf(document)?.['strategy']) ?? {};
      let line = 0;
      for (const [name, result] of Object.entries(strategies)) {
        const trades = recordOf(result)?.['trades'];
        const read = tradeReader(name, context);
        const profits = new TradeProfits();
        for (const trade of Array.isArray(trades) ? trades : []) {
          line += 1;
          const outcome = read(trade);
          const stated = recordOf(trade) ?? {};
          if (outcome.kind === 'executions' && stated['is_open'] !== true) {
            profits.add(outcome.executions, stated['profit_abs'], stated['funding_fees']);
          }
          yield { line, text: () => jsonText(trade), outcome };
        }
        profits.compare(`the result of ${name}`, context);
        profits.compareBalances(name, recordOf(result) ?? {}, context);
      }
      if (line === 0) context.warn('The backtest result holds no trades.');
    },
  },
};

function tradeReader(strategy: string, context: ReadContext): (value: unknown) => RowOutcome {
  const check = new RowCheck();
  const milliseconds = epochReader('ms');
  const iso = isoReader({ zone: utcZone });

  /** The instant as the number in milliseconds, in older results as text only. */
  const instant = (trade: Readonly<Record<string, unknown>>, end: 'open' | 'close'): number | null => {
    const ms = trade[`${end}_timestamp`];
    if (ms !== undefined && ms !== null) return check.time(`${end}_timestamp`, ms, milliseconds);
    return check.time(`${end}_date`, trade[`${end}_date`], iso);
  };

  const fillsOfOrders = (
    orders: readonly unknown[],
    trade: { symbol: string; key: string; entryRate: number | null; exitRate: number | null },
  ): readonly ParsedExecution[] => {
    const fills: ParsedExecution[] = [];
    for (const [index, value] of orders.entries()) {
      const order = recordOf(value);
      if (order === null) {
        check.refuse(`orders[${index}] is no JSON object`);
        continue;
      }
      const name = (key: string): string => `orders[${index}].${key}`;
      const executedAtUs = check.time(name('order_filled_timestamp'), order['order_filled_timestamp'], milliseconds);
      if (executedAtUs === null) {
        context.warn('Some exported orders were never filled; they are not read.');
        continue;
      }
      const price = check.positive(name('safe_price'), order['safe_price']);
      const quantity = check.positive(name('amount'), order['amount']);
      const isEntry = order['ft_is_entry'];
      if (typeof isEntry !== 'boolean')
        check.refuse(`${name('ft_is_entry')} is ${quoted(isEntry)}, but must be true or false`);
      fills.push(
        execution({
          ...feeOfRate(isEntry === true ? trade.entryRate : trade.exitRate, price, quantity, trade.symbol),
          strategy,
          symbol: trade.symbol,
          side: check.side(name('ft_order_side'), order['ft_order_side']),
          price,
          quantity,
          executedAtUs,
          orderId: `${trade.key}-${index + 1}`,
        }),
      );
    }
    return fills;
  };

  return (value) => {
    const trade = recordOf(value);
    if (trade === null) return { kind: 'quarantine', reason: 'the trade is no JSON object' };
    check.reset();
    const symbol = symbolOf(check.requiredText('pair', trade['pair']));
    const openedAtUs = instant(trade, 'open') ?? Number.NaN;
    if (Number.isNaN(openedAtUs)) check.refuse('open_timestamp is missing');
    // A pair has one trade at a time, so its opening names the trade, in overlapping results too.
    const key = String(openedAtUs / 1_000);
    const entryRate = check.number('fee_open', trade['fee_open']);
    const exitRate = check.number('fee_close', trade['fee_close']);
    const orders = trade['orders'];
    let executions: readonly ParsedExecution[];
    if (Array.isArray(orders) && orders.length > 0) {
      executions = fillsOfOrders(orders, { symbol, key, entryRate, exitRate });
    } else {
      const closedAtUs = trade['is_open'] === true ? null : instant(trade, 'close');
      if (closedAtUs === null && trade['is_open'] !== true)
        check.refuse('close_timestamp is missing, but the trade is not open');
      const quantity = check.positive('amount', trade['amount']);
      const entry = { price: check.positive('open_rate', trade['open_rate']), atUs: openedAtUs, feeRate: entryRate };
      const exit =
        closedAtUs === null
          ? null
          : { price: check.positive('close_rate', trade['close_rate']), atUs: closedAtUs, feeRate: exitRate };
      executions = legsOfTrade(
        { symbol, strategy, venue: null, quantity, paper: false, isShort: trade['is_short'] === true, key },
        entry,
        exit,
      );
    }
    if (check.problem !== null) return check.quarantine(symbol, openedAtUs);
    return executions.length > 0 ? { kind: 'executions', executions } : { kind: 'other', name: 'trade without fills' };
  };
}
