/**
 * YoBit's closed orders, one a line between tabs: what was asked for and what was filled, without the price of the fills, which is the
 * order's limit or better. Some lines carry an empty cell more than the header has.
 */
import { symbolOf } from '../../../../shared/market/symbols';
import type { Format } from '../format';
import { isoReader } from '../times';
import { amountCheck } from './columns';
import { hasColumns } from './header';
import { execution, orderEvent, quoted, RowCheck } from './row';
import { zoneChoice } from './zones';

const columns = ['order time', 'closed time', 'pair', 'type', 'price', 'amount', 'completed', 'total'];

export const yobitOrdersTsv: Format = {
  id: 'yobit-orders-tsv',
  title: 'YoBit orders',
  describes:
    "Every line is a closed order: what was filled is one fill at the order's own price when it closed, what was left of it was cancelled. Fees, ids and the prices of the single fills are not in the file; the zone of the times is not stated.",
  kind: 'executions',
  exampleHeader: columns.map((name) => `${name[0]?.toUpperCase()}${name.slice(1)}`).join('\t'),
  exampleRows: ['2015-02-03 04:05:06\t2015-02-03 05:05:06\tLTC/BTC\tSELL\t0.01\t50\t20\t0.5'],
  impliedSource: 'live',
  recognise(sample) {
    if (sample.kind !== 'delimited' || !hasColumns(sample.header, columns)) return null;
    return { confidence: 0.97, reason: "header of YoBit's orders with Order time, Closed time and Completed" };
  },
  reader: {
    shape: 'delimited',
    ragged: true,
    open(header, context) {
      const indices = columns.map((name) => header.indexOf(name));
      const iso = isoReader(zoneChoice(context, null));
      const check = new RowCheck();
      const checkTotal = amountCheck(context, 'Total');
      let told = false;
      return ({ cells, line }) => {
        check.reset();
        // No value of an order is ever empty, so that only the cells too many can be.
        const filled = cells.length > header.length ? cells.filter((cell) => cell.trim() !== '') : cells;
        if (filled.length !== header.length) {
          check.refuse(`the row has ${filled.length} filled cells where the header has ${header.length}`);
          return check.quarantine();
        }
        const [opened, closed, pair, type, price, amount, completed, total] = indices.map((index) => filled[index]);
        const symbol = symbolOf(check.requiredText('Pair', pair));
        const submittedAtUs = check.time('Order time', opened, iso);
        const atUs = check.requiredTime('Closed time', closed, iso);
        const side = check.side('Type', type);
        const limit = check.positive('Price', price);
        const intendedQuantity = check.positive('Amount', amount);
        const quantity = check.requiredNumber('Completed', completed);
        if (quantity < 0 || quantity > intendedQuantity * (1 + 1e-9)) {
          check.refuse(`Completed is ${quoted(completed)} of ${intendedQuantity}`);
        }
        const stated = check.number('Total', total);
        if (check.problem !== null) return check.quarantine(symbol, atUs);
        checkTotal(limit, intendedQuantity, stated, line);
        const order = { venue: 'yobit', symbol, side, intendedQuantity };
        const cancelled = orderEvent({ ...order, kind: 'cancelled', atUs, price: limit });
        if (quantity === 0) return { kind: 'orderEvents', orderEvents: [cancelled] };
        if (!told) {
          told = true;
          context.warn(
            "YoBit's orders do not tell at which prices they were filled: each is read as one fill at its own price, which is the worst it can have been.",
          );
        }
        const fill = execution({
          ...{ ...order, price: limit, quantity, executedAtUs: atUs },
          submittedAtUs: submittedAtUs !== null && submittedAtUs <= atUs ? submittedAtUs : null,
        });
        const isPart = quantity < intendedQuantity * (1 - 1e-9);
        return { kind: 'executions', executions: [fill], ...(isPart && { orderEvents: [cancelled] }) };
      };
    },
  },
};
