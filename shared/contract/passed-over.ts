/** Names of files nobody means to import, whether a folder is imported, dropped or followed. */

const databaseCompanion = /-(wal|shm|journal)$/i;
const unfinished = /(~|\.(tmp|temp|part|partial|crdownload|download|swp|lock|filepart))$/i;

/** Why a file or folder of that name (the last part of its path) is passed over; null = it is not. */
export function passedOverBecause(name: string): string | null {
  if (name.startsWith('~$')) return 'a mark Excel keeps while the workbook is open';
  if (name.startsWith('.')) return 'hidden';
  if (databaseCompanion.test(name)) return 'kept by a database beside itself';
  if (unfinished.test(name)) return 'temporary or still being written';
  return /^lockstep\.db/.test(name) ? 'a desk of Lockstep' : null;
}
