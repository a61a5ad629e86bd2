/** What OKX's fills and orders share: sizes of derivatives are contracts, and fees that are paid are negative. */
import { symbolOf } from '../../../../shared/market/symbols';
import type { ReadContext } from '../format';
import type { Fields } from './api-record';
import { toldLots } from './lots';

export interface OkxInstrument {
  readonly symbol: string;
  readonly isContract: boolean;
  /**
   * Base units of a size at a price, where the size is told: spot and margin are in base units, contracts in what the user says one is (ctVal): base
   * units, or dollars where the contract is priced in them. null = not known.
   */
  quantity(size: number | null, price: number | null): number | null;
}

/** Makes the function that tells the instrument of a record. */
export function okxInstruments(context: ReadContext): (fields: Fields) => OkxInstrument {
  const contractSize = toldLots(context, (name) => name.toUpperCase());
  return (fields) => {
    const name = fields.requiredText('instId');
    const type = fields.text('instType');
    const isContract = type === null ? name.split('-').length > 2 : !['SPOT', 'MARGIN'].includes(type);
    const units = isContract ? contractSize(name.toUpperCase()) : 1;
    const isInverse = isContract && name.split('-')[1] === 'USD';
    return {
      symbol: symbolOf(name),
      isContract,
      quantity(size, price) {
        if (size === null || units === null) return null;
        if (!isInverse) return size * units;
        return price === null || !(price > 0) ? null : (size * units) / price;
      },
    };
  };
}

/** The quantity of a fill; one in contracts of unknown size is refused, saying what to name. */
export function okxQuantity(fields: Fields, sizeName: string, instrument: OkxInstrument, price: number | null): number {
  const quantity = instrument.quantity(fields.number(sizeName), price);
  if (quantity !== null) return quantity;
  const name = fields.text('instId') ?? '?';
  fields.refuseValue(
    sizeName,
    `in contracts of ${name}; how much one contract is (ctVal) is not in the log: name it with --lot-size ${name}=0.01`,
  );
  return Number.NaN;
}

export const okxMaker = /^M$/i;
export const okxTaker = /^T$/i;
