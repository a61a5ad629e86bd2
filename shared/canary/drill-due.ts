/** A rehearsal is worth as long as what it rehearsed stays as it was; after a month it is asked for again. */
export const drillEveryDays = 30;

/** @param lastDrillAtUs null = there was none */
export function drillDue(lastDrillAtUs: number | null, nowUs: number): boolean {
  return lastDrillAtUs === null || nowUs - lastDrillAtUs > drillEveryDays * 86_400e6;
}
