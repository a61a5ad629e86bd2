/**
 * Bybit's closed profit and loss: one line per order that closed a position, with average prices and no time of the entry. Read as fills
 * it would hold only the closing half of every trade, so that positions would never end at zero; its lines are counted and checked.
 */

import { compensatedSum } from '../../../../shared/base/sums';
import { symbolOf } from '../../../../shared/market/symbols';
import type { Format } from '../format';
import { isoReader, utcZone } from '../times';
import { columnIndex, hasColumns, normaliseHeader } from './header';
import { otherRow, quoted, RowCheck } from './row';
import { zoneChoice } from './zones';

const needed = ['contracts', 'closing direction', 'qty', 'entry price', 'exit price', 'closed p&l'];
const directions = /^(?:close (?:long|short)|buy|sell)$/i;

export const bybitClosedPnlCsv: Format = {
  id: 'bybit-closed-pnl-csv',
  title: 'Bybit closed P&L',
  describes:
    'Every line is a closed position, counted and not read as fills: the file has no time and no fee of the entries, so that only the closing half of each trade would be there. Import the trade history instead.',
  kind: 'executions',
  exampleHeader:
    'Contracts,Closing Direction,Qty,Entry Price,Exit Price,Closed P&L,Exit Type,Trade Time(UTC+0),Order No.,Create Time',
  exampleRows: ['SOLUSDT,Close Long,3,150,151,2.9,Trade,2025-03-04 05:06:07,9a,2025-03-04 05:06:07'],
  reference: {
    rows: 'Each line is a closed position and no execution.',
    fees: 'Not read; they are inside Closed P&L.',
    identity: 'Nothing is stored.',
  },
  impliedSource: 'live',
  recognise(sample) {
    if (sample.kind !== 'delimited' || !hasColumns(sample.header, needed)) return null;
    return { confidence: 0.99, reason: "header of Bybit's closed P&L with Entry Price and Exit Price" };
  },
  reader: {
    shape: 'delimited',
    open(rawHeader, context) {
      const header = normaliseHeader(rawHeader);
      const [contract, direction, quantity, entry, exit, profit] = needed.map((name) => columnIndex(header, name)) as [
        ...[number, number, number, number, number, number], // one index for each name
      ];
      const time = header.findIndex((name) => name.startsWith('trade time'));
      const iso = isoReader(zoneChoice(context, utcZone));
      const check = new RowCheck();
      const profits: number[] = [];
      context.atEnd(() => {
        if (profits.length === 0) return;
        context.warn(
          `Bybit's closed P&L lists ${profits.length} closed ${profits.length === 1 ? 'position' : 'positions'} with a profit of ${Number(compensatedSum(profits).toPrecision(12))} in all, but not when they were opened, so that they are no fills. Import Bybit's trade history to compare trades.`,
        );
      });
      return ({ cells }) => {
        check.reset();
        const symbol = symbolOf(check.requiredText('Contracts', cells[contract]));
        if (!directions.test(cells[direction]?.trim() ?? '')) {
          check.refuse(`Closing Direction is ${quoted(cells[direction])}, which closes neither a long nor a short`);
        }
        check.positive('Qty', cells[quantity]);
        check.positive('Entry Price', cells[entry]);
        check.positive('Exit Price', cells[exit]);
        const earned = check.requiredNumber('Closed P&L', cells[profit]);
        const atUs = check.requiredTime('Trade Time', cells[time], iso);
        if (check.problem !== null) return check.quarantine(symbol, atUs);
        profits.push(earned);
        return otherRow('closed position');
      };
    },
  },
};
