/** QuantConnect LEAN's `…-log.txt`: what the engine and the algorithm printed. It holds no trades in a form of its own and is refused. */
import type { Format } from '../format';

const engine = /\bLEAN (?:ALGORITHMIC TRADING )?ENGINE v\d/i;

export const leanLog: Format = {
  id: 'lean-log',
  title: 'QuantConnect LEAN log',
  describes:
    'What an algorithm printed, in its own words, and so refused: the result and the order events beside it are what is read.',
  kind: 'executions',
  exampleHeader: null,
  impliedSource: null,
  recognise(sample) {
    if (sample.kind !== 'lines' || !sample.lines.some((line) => engine.test(line))) return null;
    return { confidence: 0.97, reason: 'a line that names the LEAN engine and its version' };
  },
  reader: {
    shape: 'nothing',
    is: () => "is LEAN's log, in which an algorithm prints what it likes, and holds no trades to read",
    instead: () => 'Import the "-order-events.json" that lies beside it, or the result itself.',
  },
};
