/** What OKX's fills and orders share: sizes of derivatives are contracts, and fees that are paid are negative. */
import { symbolOf } from '../../../../shared/market/symbols';
import type { Fields } from './api-record';

export interface OkxInstrument {
  readonly symbol: string;
  readonly isContract: boolean;
}

export function okxInstrument(fields: Fields): OkxInstrument {
  const name = fields.requiredText('instId');
  const type = fields.text('instType');
  const isContract = type === null ? name.split('-').length > 2 : !['SPOT', 'MARGIN'].includes(type);
  return { symbol: symbolOf(name), isContract };
}

/** Refuses a fill whose size is in contracts. */
export function refuseOkxContracts(fields: Fields, sizeName: string, { isContract }: OkxInstrument): void {
  if (isContract)
    fields.refuseValue(
      sizeName,
      `in contracts of ${fields.text('instId') ?? '?'}; how much one contract is (ctVal) is not in the log`,
    );
}

export const okxMaker = /^M$/i;
export const okxTaker = /^T$/i;
