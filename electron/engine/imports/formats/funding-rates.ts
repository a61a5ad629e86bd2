/** Funding rates as freqtrade keeps them: the columns of candles, with the rate as `open` and zeros in the others. No prices are among them. */
import type { DelimitedSample, Format } from '../format';
import { isoReader, utcZone } from '../times';
import { candleTimeColumn } from './candles-csv';
import { columnIndex, normaliseHeader } from './header';
import { otherRow, RowCheck } from './row';

const zeros = ['high', 'low', 'close'];
/** No exchange pays more per interval; a price is hardly ever so small and never negative. */
const largestRate = 0.1;

function holdsRates({ header, rows }: DelimitedSample): boolean {
  const at = (name: string) => columnIndex(header, name);
  const [open, others] = [at('open'), zeros.map(at)];
  return (
    rows.length > 0 &&
    rows.every(
      (cells) => others.every((column) => Number(cells[column]) === 0) && Math.abs(Number(cells[open])) < largestRate,
    )
  );
}

export const fundingFeather: Format = {
  id: 'funding-feather',
  title: 'Funding rates (Feather)',
  describes:
    'Each row is the rate one position paid the other for an interval; rates are counted as rows and not kept.',
  kind: 'prices',
  exampleHeader: null,
  exampleRows: [
    'date,open,high,low,close,volume',
    '2025-01-01T00:00:00.017000Z,0.0001,0,0,0,0',
    '2025-01-01T08:00:00.007000Z,-0.00005,0,0,0,0',
  ],
  reference: {
    rows: 'None are read: a funding rate is neither a trade nor a price.',
    times: 'Times (date) state their zone.',
    identity: 'None is kept.',
  },
  impliedSource: null,
  recognise(sample) {
    if (sample.kind !== 'delimited' || sample.table === undefined) return null;
    if (candleTimeColumn(sample.header) === undefined || !holdsRates(sample)) return null;
    return { confidence: 0.97, reason: 'funding rates: small rates as open, and zero as high, low and close' };
  },
  reader: {
    shape: 'delimited',
    open(rawHeader) {
      const header = normaliseHeader(rawHeader);
      const timeName = candleTimeColumn(header) ?? '';
      const [time, rate] = [columnIndex(header, timeName), columnIndex(header, 'open')];
      const reader = isoReader({ zone: utcZone });
      const check = new RowCheck();
      return ({ cells }) => {
        check.reset();
        const atUs = check.requiredTime(timeName, cells[time], reader);
        check.requiredNumber('open', cells[rate]);
        return check.problem === null ? otherRow('funding rate') : check.quarantine(null, atUs);
      };
    },
  },
};
