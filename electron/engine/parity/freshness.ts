import { addUtcDays, type UtcDay, utcDayStartUs } from '../../../shared/base/time';
import type { DeskStore, TouchedDay } from '../ports';

/**
 * Which days have to be looked at before their reports may be shown: those the store has marks of, those whose report another method
 * made, and those that the clock has closed since. What was found out stays known until the store says that something changed; then
 * only the marks are read again.
 */
export class Freshness {
  private changes = 0;
  private marksAsOf = -1;
  private reading: { readonly changes: number; readonly done: Promise<void> } | null = null;
  private marks: ReadonlyMap<string, ReadonlyMap<UtcDay, readonly TouchedDay[]>> = new Map();
  /** Marks that were dealt with, as long as the store still lists them. */
  private dealtWith = new Set<number>();
  /** Ranges whose reports were looked at for what made them, and when. */
  private readonly ranges: { readonly strategy: string; readonly from: UtcDay; readonly to: UtcDay }[] = [];
  /** By strategy, the instant from which on a day has to be looked at whatever happens to the data. */
  private readonly dueUs = new Map<string, Map<UtcDay, number>>();

  constructor(
    private readonly store: Pick<DeskStore, 'touched' | 'reports'>,
    /** How long after its end a day of the strategy is closed: one for each setting that some symbol has, ms. */
    private readonly gracesMs: (strategy: string) => Promise<readonly number[]>,
  ) {}

  /** Something may have been touched. */
  noticeChange(): void {
    this.changes += 1;
  }

  /** The days of the range that must be looked at, ascending, with the marks they have. */
  async stale(
    strategy: string,
    from: UtcDay,
    to: UtcDay,
    nowUs: number,
  ): Promise<ReadonlyMap<UtcDay, readonly TouchedDay[]>> {
    await this.readMarks();
    if (!this.ranges.some((range) => range.strategy === strategy && range.from <= from && to <= range.to)) {
      await this.checkReports(strategy, from, to);
    }
    const found = new Map<UtcDay, readonly TouchedDay[]>();
    for (const [day, marks] of this.marks.get(strategy) ?? []) {
      const left = marks.filter(({ mark }) => !this.dealtWith.has(mark));
      if (left.length > 0) found.set(day, left);
    }
    for (const [day, atUs] of this.dueUs.get(strategy) ?? []) {
      if (atUs <= nowUs && !found.has(day)) found.set(day, []);
    }
    return new Map([...found].filter(([day]) => from <= day && day <= to).sort(([a], [b]) => (a < b ? -1 : 1)));
  }

  /** The day's reports are what comes out at this instant of what was stored when the marks were read. */
  async current(strategy: string, day: UtcDay, marks: readonly TouchedDay[], nowUs: number): Promise<void> {
    for (const { mark } of marks) this.dealtWith.add(mark);
    this.note(strategy, day, nextClosing(day, await this.gracesMs(strategy), nowUs));
  }

  private async readMarks(): Promise<void> {
    while (this.marksAsOf !== this.changes) {
      if (this.reading?.changes !== this.changes) this.reading = { changes: this.changes, done: this.listMarks() };
      await this.reading.done;
    }
  }

  private async listMarks(): Promise<void> {
    const { changes } = this;
    try {
      const touched = await this.store.touched.list();
      const marks = new Map<string, Map<UtcDay, TouchedDay[]>>();
      for (const mark of touched) {
        const days = marks.get(mark.strategy) ?? new Map<UtcDay, TouchedDay[]>();
        marks.set(mark.strategy, days);
        days.set(mark.day, [...(days.get(mark.day) ?? []), mark]);
      }
      this.marks = marks;
      this.marksAsOf = changes;
      this.dealtWith = new Set(touched.map(({ mark }) => mark).filter((mark) => this.dealtWith.has(mark)));
    } finally {
      this.reading = null;
    }
  }

  private async checkReports(strategy: string, from: UtcDay, to: UtcDay): Promise<void> {
    const graces = await this.gracesMs(strategy);
    const heads = await this.store.reports.unsettled(strategy, from, to, Math.max(...graces));
    for (const { day, present, madeAtUs } of heads) {
      this.note(strategy, day, present ? nextClosing(day, graces, madeAtUs) : Number.NEGATIVE_INFINITY);
    }
    this.ranges.push({ strategy, from, to });
  }

  private note(strategy: string, day: UtcDay, atUs: number | null): void {
    const days = this.dueUs.get(strategy) ?? new Map<UtcDay, number>();
    this.dueUs.set(strategy, days);
    if (atUs === null) days.delete(day);
    else days.set(day, atUs);
  }
}

/** The first instant after the given one at which the day closes for some symbol; null = it is closed for all. */
function nextClosing(day: UtcDay, gracesMs: readonly number[], afterUs: number): number | null {
  const endUs = utcDayStartUs(addUtcDays(day, 1));
  const later = gracesMs.map((graceMs) => endUs + graceMs * 1_000).filter((atUs) => atUs > afterUs);
  return later.length === 0 ? null : Math.min(...later);
}
