import type { ReportStore, StoredReport, TouchedDay } from '../ports';

interface Batch {
  readonly reports: StoredReport[];
  readonly looked: TouchedDay[];
  readonly saved: Promise<void>;
}

/** Saves the reports of days as they come out: what comes while a save runs goes into the next one together, in one transaction. */
export class ReportSaver {
  private last: Promise<void> = Promise.resolve();
  private next: Batch | null = null;

  constructor(private readonly reports: Pick<ReportStore, 'save'>) {}

  /** Resolves when these are stored, together with the taking back of their days' marks. */
  save(made: readonly StoredReport[], looked: readonly TouchedDay[]): Promise<void> {
    this.next ??= this.begin();
    this.next.reports.push(...made);
    this.next.looked.push(...looked);
    return this.next.saved;
  }

  private begin(): Batch {
    const [reports, looked]: [StoredReport[], TouchedDay[]] = [[], []];
    const saved = this.last.then(() => {
      this.next = null;
      return this.reports.save(reports, looked);
    });
    this.last = saved.catch(() => undefined); // whoever waits for these hears of it
    return { reports, looked, saved };
  }
}
