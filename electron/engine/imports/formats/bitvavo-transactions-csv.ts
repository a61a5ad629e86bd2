/** Bitvavo's transaction history: trades, deposits and rewards, one a line, each with the name of its time zone. */

import { FailureError } from '../../../../shared/base/errors';
import type { Format, ReadContext } from '../format';
import { isoReader, type TimeReader } from '../times';
import { absentColumn, columnIndex, hasColumns, normaliseHeader } from './header';
import { execution, otherRow, quoted, RowCheck } from './row';
import { zoneChoice } from './zones';

const needed = ['timezone', 'date', 'time', 'type', 'currency', 'amount', 'status', 'transaction id'];
/** Until 2023 the quote stands in the names of the columns: `Price (EUR)`, `EUR received / paid`. */
const oldPrice = /^price \(([a-z]+)\)$/;
const otherTypes =
  /^(?:deposit|withdrawal|withdrawal_cancelled|staking|fixed_staking|lending|rebate|affiliate|campaign.*|internal_transfer|loan|external_transferred_funds|distribution|manually_assigned.*|airdrop|reward.*)$/;

export const bitvavoTransactionsCsv: Format = {
  id: 'bitvavo-transactions-csv',
  title: 'Bitvavo transactions',
  describes:
    'Completed lines of type buy and sell are fills with transaction id; deposits, withdrawals and staking are counted. Times are in the zone each line names. No order ids, no maker or taker.',
  kind: 'executions',
  exampleHeader:
    'Timezone,Date,Time,Type,Currency,Amount,Quote Currency,Quote Price,Received / Paid Currency,Received / Paid Amount,Fee currency,Fee amount,Status,Transaction ID,Address',
  exampleRows: [
    'Europe/Amsterdam,2023-07-04,11:36:46.620,buy,ETH,0.5,EUR,2000,EUR,-1002.50,EUR,2.5,Completed,t1,',
    'Europe/Amsterdam,2023-07-04,11:00:00,deposit,EUR,2000,,,,,EUR,0,Completed,t0,',
  ],
  reference: { otherRows: ['deposit', 'withdrawal', 'staking', 'rebate', 'affiliate'] },
  impliedSource: 'live',
  recognise(sample) {
    if (sample.kind !== 'delimited' || !hasColumns(sample.header, needed)) return null;
    if (!sample.header.includes('quote price') && !sample.header.some((name) => oldPrice.test(name))) return null;
    return { confidence: 0.99, reason: "header of Bitvavo's transactions with Timezone and Quote Price" };
  },
  reader: {
    shape: 'delimited',
    open(rawHeader, context) {
      const header = normaliseHeader(rawHeader);
      const at = (...names: readonly string[]): number => columnIndex(header, ...names);
      const [zone, date, time, type] = [at('timezone'), at('date'), at('time'), at('type')];
      const [currency, amount, status, id] = [at('currency'), at('amount'), at('status'), at('transaction id')];
      const [quoteCurrency, feeCurrency, feeAmount] = [at('quote currency'), at('fee currency'), at('fee amount')];
      const quoteOfHeader = header.map((name) => oldPrice.exec(name)?.[1]).find((name) => name !== undefined);
      const price = quoteOfHeader === undefined ? at('quote price') : at(`price (${quoteOfHeader})`);
      const paid = quoteOfHeader === undefined ? at('received / paid amount') : at(`${quoteOfHeader} received / paid`);
      const check = new RowCheck();
      const timeIn = zoneReaders(context);
      const checkPaid = paidCheck(context);
      return ({ cells, line }) => {
        check.reset();
        const word = check.requiredText('Type', cells[type]).toLowerCase();
        if (otherTypes.test(word)) return otherRow(word.replaceAll('_', ' '));
        if (word !== 'buy' && word !== 'sell') check.refuse(`Type is ${quoted(cells[type])}, which is unknown`);
        const reader = timeIn(cells[zone]?.trim() ?? '');
        if (reader === null) check.refuse(`Timezone is ${quoted(cells[zone])}, which is no time zone`);
        const clock = `${cells[date]?.trim() ?? ''} ${cells[time]?.trim() ?? ''}`;
        const executedAtUs = reader === null ? Number.NaN : check.requiredTime('Date and Time', clock, reader);
        const base = check.requiredText('Currency', cells[currency]).toUpperCase();
        const quote = (quoteOfHeader ?? check.requiredText('Quote Currency', cells[quoteCurrency])).toUpperCase();
        const state = check.requiredText('Status', cells[status]).toLowerCase();
        if (state !== 'completed') check.refuse(`Status is ${quoted(cells[status])}, but a trade must be Completed`);
        const signed = check.requiredNumber('Amount', cells[amount]);
        const side = check.side('Type', cells[type]);
        if (signed === 0 || signed > 0 !== (side === 'buy')) {
          check.refuse(
            `Amount is ${quoted(cells[amount])}, but must be ${side === 'buy' ? 'above' : 'below'} zero to ${side}`,
          );
        }
        const fee = check.number('Fee amount', cells[feeAmount]);
        const unit = check.text('Fee currency', cells[feeCurrency])?.toUpperCase() ?? null;
        const moved = paid === absentColumn ? null : check.number('Received / Paid Amount', cells[paid]);
        const fill = execution({
          venue: 'bitvavo',
          symbol: `${base}/${quote}`,
          side,
          price: check.positive('Quote Price', cells[price]),
          quantity: Math.abs(signed),
          fee,
          feeCurrency: fee === null ? null : unit,
          executedAtUs,
          tradeId: check.requiredText('Transaction ID', cells[id]),
        });
        if (check.problem !== null) return check.quarantine(fill.symbol, executedAtUs);
        checkPaid(fill.price * signed + (unit === quote ? (fee ?? 0) : 0), moved, line);
        return { kind: 'executions', executions: [fill] };
      };
    },
  },
};

/** Readers by the zone a line names; null = there is no such zone. Each zone is looked up once. */
function zoneReaders(context: ReadContext): (name: string) => TimeReader | null {
  const known = new Map<string, TimeReader | null>();
  return (name) => {
    const reader = known.get(name);
    if (reader !== undefined) return reader;
    const made = zoneReader(context, name);
    // A hostile file may name a new zone on every line.
    if (known.size < 1_000) known.set(name, made);
    return made;
  };
}

function zoneReader(context: ReadContext, name: string): TimeReader | null {
  try {
    return isoReader(zoneChoice({ ...context, zone: name }, null));
  } catch (error) {
    if (error instanceof FailureError) return null;
    throw error;
  }
}

/** A warning, once, where what was paid is not amount times price and the fee; it is rounded to cents. */
function paidCheck(context: ReadContext): (cost: number, moved: number | null, line: number) => void {
  let told = false;
  return (cost, moved, line) => {
    if (told || moved === null || Math.abs(cost + moved) <= 0.011 + 1e-6 * Math.abs(cost)) return;
    told = true;
    context.warn(
      `What was received or paid on line ${line} is ${moved}, but amount, price and fee come to ${Number((0 - cost).toPrecision(12))}.`,
    );
  };
}
