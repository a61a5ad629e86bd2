import { DAY_US, utcDayOf } from '../../../shared/base/time';
import type { ExecutionBytes } from './execution-bytes';
import type { ParsedExecution, ParsedOrderEvent } from './format';
import type { TradeChange } from './trade-changes';

/** What must hold for every execution and order event, whatever format it came from. The last check before the store. */

/** 1990-01-01: no strategy log is older, and a wrong time unit always falls before it or beyond tomorrow. */
export const earliestUs = Date.UTC(1990, 0, 1) * 1_000;

/** What is wrong with the execution, naming field and value; null = nothing. */
export function executionProblem(execution: ParsedExecution, nowUs: number): string | null {
  const { price, quantity, fee, symbol, executedAtUs } = execution;
  if (symbol === '') return 'symbol is missing';
  if (!isPositive(price)) return notPositive('price', price);
  if (!isPositive(quantity)) return notPositive('quantity', quantity);
  if (fee !== null && !Number.isFinite(fee)) return `fee is ${fee}, which is no finite number`;
  return (
    timeProblem('executedAt', executedAtUs, nowUs) ??
    optionalTimeProblem('decidedAt', execution.decidedAtUs, nowUs) ??
    optionalTimeProblem('submittedAt', execution.submittedAtUs, nowUs) ??
    optionalPositive('arrivalPrice', execution.arrivalPrice) ??
    optionalPositive('intendedQuantity', execution.intendedQuantity)
  );
}

/** Whether {@link executionProblem} would find nothing; unknown numbers are NaN here. */
export function isSound(execution: ExecutionBytes, nowUs: number): boolean {
  const { price, quantity, fee, arrivalPrice, intendedQuantity, executedAtUs, decidedAtUs, submittedAtUs } = execution;
  return (
    execution.symbol !== '' &&
    isPositive(price) &&
    isPositive(quantity) &&
    Math.abs(fee) !== Number.POSITIVE_INFINITY &&
    timeIsSound(executedAtUs, nowUs) &&
    (Number.isNaN(decidedAtUs) || timeIsSound(decidedAtUs, nowUs)) &&
    (Number.isNaN(submittedAtUs) || timeIsSound(submittedAtUs, nowUs)) &&
    (Number.isNaN(arrivalPrice) || isPositive(arrivalPrice)) &&
    (Number.isNaN(intendedQuantity) || isPositive(intendedQuantity))
  );
}

function isPositive(value: number): boolean {
  return value > 0 && value < Number.POSITIVE_INFINITY;
}

function timeIsSound(atUs: number, nowUs: number): boolean {
  return atUs >= earliestUs && atUs <= nowUs + DAY_US && Number.isInteger(atUs);
}

/** As {@link executionProblem}. */
export function orderEventProblem(event: ParsedOrderEvent, nowUs: number): string | null {
  if (event.symbol === '') return 'symbol is missing';
  return (
    timeProblem('at', event.atUs, nowUs) ??
    optionalPositive('price', event.price) ??
    optionalPositive('intendedQuantity', event.intendedQuantity)
  );
}

/** As {@link executionProblem}, for a bust or correction. */
export function changeProblem({ symbol, atUs, to }: TradeChange, nowUs: number): string | null {
  if (symbol === '') return 'symbol is missing';
  if (to !== null && !isPositive(to.price)) return notPositive('price', to.price);
  if (to !== null && !isPositive(to.quantity)) return notPositive('quantity', to.quantity);
  if (to?.fee != null && !Number.isFinite(to.fee)) return `fee is ${to.fee}, which is no finite number`;
  return timeProblem('at', atUs, nowUs);
}

/** As {@link executionProblem}, for one observed price. */
export function priceProblem(symbol: string, atUs: number, price: number, nowUs: number): string | null {
  if (symbol === '') return 'symbol is missing';
  if (!isPositive(price)) return notPositive('price', price);
  return timeProblem('time', atUs, nowUs);
}

function notPositive(name: string, value: number): string {
  if (!Number.isFinite(value)) return `${name} is ${value}, which is no finite number`;
  return `${name} is ${value}, but must be above zero`;
}

function optionalPositive(name: string, value: number | null): string | null {
  return value === null || isPositive(value) ? null : notPositive(name, value);
}

function optionalTimeProblem(name: string, atUs: number | null, nowUs: number): string | null {
  return atUs === null ? null : timeProblem(name, atUs, nowUs);
}

/** null when the instant is a whole microsecond between 1990 and tomorrow */
function timeProblem(name: string, atUs: number, nowUs: number): string | null {
  if (timeIsSound(atUs, nowUs)) return null;
  if (!Number.isInteger(atUs)) return `${name} is no whole number of microseconds (${atUs})`;
  if (atUs < earliestUs) return `${name} is before 1990 (${describeTime(atUs)}); check the unit of the time`;
  return `${name} lies in the future (${describeTime(atUs)})`;
}

function describeTime(atUs: number): string {
  return Math.abs(atUs) < 8.64e18 / 1_000 ? utcDayOrNumber(atUs) : `${atUs} us`;
}

function utcDayOrNumber(atUs: number): string {
  const year = new Date(atUs / 1_000).getUTCFullYear();
  return year >= 0 && year <= 9999 ? utcDayOf(atUs) : `${atUs} us`;
}
