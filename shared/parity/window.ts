import type { Report } from './document';
import type { ParitySettings } from './settings';

/** Daily reports of one strategy and one symbol (or portfolio) over several days -> one report of the window. */
export declare function computeWindow(dailyReports: readonly Report[], settings: ParitySettings): Report;
