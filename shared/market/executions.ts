import { z } from 'zod';

export const sourceSchema = z.enum(['backtest', 'live']);
export type Source = z.infer<typeof sourceSchema>;

export const sideSchema = z.enum(['buy', 'sell']);
export type Side = z.infer<typeof sideSchema>;
export const liquiditySchema = z.enum(['maker', 'taker']);
export type Liquidity = z.infer<typeof liquiditySchema>;

/**
 * One trade of one order (a fill), as a reader sees it; `null` = the log does not say.
 * Prices are quote per base, quantities base units and positive, `fee` is in `feeCurrency` (positive paid, negative rebate).
 */
export interface Execution {
  readonly source: Source;
  readonly venue: string | null;
  readonly account: string | null;
  readonly strategy: string;
  readonly version: string | null;
  /** `BASE/QUOTE` where both are known, otherwise the instrument's own name. */
  readonly symbol: string;
  readonly side: Side;
  readonly price: number;
  readonly quantity: number;
  readonly fee: number | null;
  readonly feeCurrency: string | null;
  readonly liquidity: Liquidity | null;
  readonly executedAtUs: number;
  readonly tradeId: string | null;
  readonly orderId: string | null;
  readonly clientOrderId: string | null;
  /** When the strategy decided to trade. */
  readonly decidedAtUs: number | null;
  /** When the order was sent. */
  readonly submittedAtUs: number | null;
  /** Market mid when the live order reached the venue. */
  readonly arrivalPrice: number | null;
  /** What the whole order asked for, base units. */
  readonly intendedQuantity: number | null;
  /** Simulated by the venue or the bot (paper, dry run, testnet). */
  readonly paper: boolean;
  /** Line of the source file, from 1; the record number where the source has no lines. */
  readonly line: number;
}

export const orderEventKindSchema = z.enum(['submitted', 'rejected', 'cancelled', 'expired']);
export type OrderEventKind = z.infer<typeof orderEventKindSchema>;

/** Something a log says about an order that is not a fill; rejected and cancelled orders make the error rate and the fill ratio. */
export interface OrderEvent {
  readonly source: Source;
  readonly venue: string | null;
  readonly account: string | null;
  readonly strategy: string;
  readonly version: string | null;
  readonly symbol: string;
  readonly side: Side | null;
  readonly kind: OrderEventKind;
  readonly atUs: number;
  readonly orderId: string | null;
  readonly clientOrderId: string | null;
  readonly intendedQuantity: number | null;
  readonly price: number | null;
  readonly reason: string | null;
  readonly paper: boolean;
  readonly line: number;
}

/** One observed price of a symbol (a candle's close counts at the candle's end). */
export interface PricePoint {
  readonly symbol: string;
  readonly atUs: number;
  readonly price: number;
}
