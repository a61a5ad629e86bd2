// What is measured, and the rows of figures it makes. A new figure is a line in `rows`; a new program a line in `measures` as well.

const million = 1_000_000;

/**
 * One process that prints a JSON line of figures. `program` is bundled from test/bench/programs and gets the worker script before its
 * arguments; `peer` is a script of test/bench/peers and gets the peers' folder. `once`: too long for every round.
 */
export const measures = [
  { name: 'columns', program: 'imports', arguments: ({ log }) => [log(million), 'columns'] },
  { name: 'import', program: 'imports', arguments: ({ log }) => [log(million), 'import'] },
  { name: 'import of a tenth', program: 'imports', arguments: ({ log }) => [log(million / 10), 'import'] },
  { name: 'import again', program: 'imports', arguments: ({ log }) => [log(million), 'again'] },
  { name: 'reference', program: 'reference', arguments: ({ reference }) => [reference, 'memory'] },
  { name: 'reference stored', program: 'reference', arguments: ({ reference }) => [reference, 'stored'] },
  { name: 'store', program: 'store', arguments: ({ log, dayLog }) => [log(million), dayLog] },
  { name: 'parity', program: 'parity', arguments: () => [] },
  { name: 'desk of 30 days', program: 'desk', arguments: () => ['30'] },
  { name: 'desk of 3,000 days', program: 'desk', arguments: () => ['3000'] },
  { name: 'follow', program: 'follow', arguments: () => ['1000', '60', '10000'] },
  { name: 'duckdb columns', peer: 'duckdb', arguments: ({ log }) => ['2', 'columns', log(million)] },
  {
    name: 'duckdb import',
    peer: 'duckdb',
    arguments: ({ log, scratch }) => ['2', 'store', log(million), scratch('import.duckdb')],
  },
  { name: 'duckdb reference', peer: 'duckdb', arguments: ({ reference }) => ['2', 'analyse', reference] },
  {
    name: 'duckdb reference stored',
    peer: 'duckdb',
    arguments: ({ reference, scratch }) => ['2', 'store-and-analyse', reference, scratch('reference.duckdb')],
  },
  {
    name: 'better-sqlite3',
    peer: 'better-sqlite3',
    arguments: ({ log, scratch }) => [log(million), scratch('rows.db')],
  },
  { name: 'pandas columns', peer: 'pandas', arguments: ({ log }) => ['columns', log(million)] },
  { name: 'pandas reference', peer: 'pandas', arguments: ({ reference }) => ['analyse', reference] },
];

/**
 * One figure beside its peer's and its goal. `ours` and `peer` name a measure and one of its figures; `most` bounds the ratio of the two
 * (`ratio`) or our figure itself (`value`).
 */
export const rows = [
  {
    title: 'CSV of a million rows to columns',
    unit: 'ms',
    ours: ['columns', 'importMs'],
    peer: ['duckdb columns', 'ms'],
    most: { ratio: 1 },
  },
  {
    title: '  beside pandas',
    unit: 'ms',
    ours: ['columns', 'importMs'],
    peer: ['pandas columns', 'ms'],
    most: { ratio: 1 },
  },
  {
    title: 'the same CSV stored',
    unit: 'ms',
    ours: ['import', 'importMs'],
    peer: ['duckdb import', 'ms'],
    most: { ratio: 0.8 },
  },
  {
    title: '  beside rows of better-sqlite3, parsing not counted there',
    unit: 'ms',
    ours: ['import', 'importMs'],
    peer: ['better-sqlite3', 'writeMs'],
    most: { ratio: 1 },
  },
  {
    title: '  peak memory',
    unit: 'MB',
    ours: ['import', 'peakMemoryMb'],
    peer: ['duckdb import', 'peakMemoryMb'],
    most: { value: 200 },
  },
  {
    title: '  event-loop delay p99 of the main process',
    unit: 'ms',
    ours: ['import', 'eventLoopDelayP99Ms'],
    most: { value: 50 },
  },
  { title: '  imported again: all duplicates', unit: 'ms', ours: ['import again', 'importMs'] },
  {
    title: '  ten times the rows: time',
    unit: 'ms',
    ours: ['import', 'importMs'],
    peer: ['import of a tenth', 'importMs'],
    most: { ratio: 11 },
  },
  {
    title: '  ten times the rows: peak memory',
    unit: 'MB',
    ours: ['import', 'peakMemoryMb'],
    peer: ['import of a tenth', 'peakMemoryMb'],
    most: { ratio: 1.25 },
  },
  {
    title: 'reference work, nothing stored',
    unit: 'ms',
    ours: ['reference', 'ms'],
    peer: ['duckdb reference', 'ms'],
    most: { ratio: 0.8 },
  },
  {
    title: '  beside pandas',
    unit: 'ms',
    ours: ['reference', 'ms'],
    peer: ['pandas reference', 'ms'],
    most: { ratio: 0.15 },
  },
  { title: '  both CSVs to columns', unit: 'ms', ours: ['reference', 'readMs'] },
  {
    title: 'reference work, everything stored',
    unit: 'ms',
    ours: ['reference stored', 'ms'],
    peer: ['duckdb reference stored', 'ms'],
    most: { ratio: 0.8 },
  },
  { title: '  both imports', unit: 'ms', ours: ['reference stored', 'importMs'] },
  {
    title: '  all reports, intervals on, saved',
    unit: 'ms',
    ours: ['reference stored', 'reportsMs'],
    most: { value: 1_500 },
  },
  {
    title: '  peak memory',
    unit: 'MB',
    ours: ['reference stored', 'peakMemoryMb'],
    peer: ['duckdb reference stored', 'peakMemoryMb'],
    most: { value: 200 },
  },
  {
    title: '  event-loop delay p99 of the main process',
    unit: 'ms',
    ours: ['reference stored', 'eventLoopDelayP99Ms'],
    most: { value: 50 },
  },
  { title: '1,500 symbol-days and 30 portfolio days, from columns', unit: 'ms', ours: ['parity', 'referenceDays'] },
  {
    title: 'a million executions back into columns',
    unit: 'ms',
    ours: ['store', 'readMs'],
    peer: ['better-sqlite3', 'readMs'],
    most: { value: 250 },
  },
  { title: 'memory of a day of 100,000 executions', unit: 'MB', ours: ['store', 'dayMb'], most: { value: 10 } },
  {
    title: 'a durable save, p99, beside 4 KB and fdatasync',
    unit: 'ms',
    ours: ['store', 'saveP99Ms'],
    peer: ['store', 'floorP99Ms'],
    most: { value: 2 },
  },
  {
    title: 'a daily report of the store, bootstrap intervals included, warm, p99',
    unit: 'ms',
    ours: ['store', 'storedReportP99Ms'],
    most: { value: 10 },
  },
  {
    title: 'report of 1,000 executions a side, beside plain objects and maps',
    unit: 'ms',
    ours: ['parity', 'report1000'],
    peer: ['parity', 'plain1000'],
    most: { value: 1.22 },
  },
  {
    title: '  with intervals',
    unit: 'ms',
    ours: ['parity', 'report1000WithIntervals'],
    most: { value: 50 },
  },
  {
    title: 'report of 100,000 executions a side',
    unit: 'ms',
    ours: ['parity', 'report100000'],
    peer: ['parity', 'plain100000'],
    most: { value: 60 },
  },
  {
    title: '  a hundred times the executions: time',
    unit: 'ms',
    ours: ['parity', 'report100000'],
    peer: ['parity', 'report1000'],
    most: { ratio: 121 },
  },
  {
    title: 'the Desk of 3,000 stored days, first asked after a start, beside 30',
    unit: 'ms',
    ours: ['desk of 3,000 days', 'openMs'],
    peer: ['desk of 30 days', 'openMs'],
    most: { ratio: 1.5 },
  },
  {
    title: '  its change to the Parity page',
    unit: 'ms',
    ours: ['desk of 3,000 days', 'pageMs'],
    peer: ['desk of 30 days', 'pageMs'],
    most: { value: 100 },
  },
  {
    title: '  the same page once more',
    unit: 'ms',
    ours: ['desk of 3,000 days', 'pageAgainMs'],
    peer: ['desk of 30 days', 'pageAgainMs'],
    most: { value: 100 },
  },
  { title: 'time matching of 50,000 orders a side', unit: 'ms', ours: ['parity', 'timeMatching50000'] },
  {
    title: 'tracking error of 1,000 differences',
    unit: 'ms',
    ours: ['parity', 'trackingError1000'],
    most: { value: 0.1 },
  },
  {
    title: 'live follow of 1,000 executions a second: from write to figure on the Desk, median',
    unit: 'ms',
    ours: ['follow', 'p50Ms'],
  },
  { title: '  99 of 100', unit: 'ms', ours: ['follow', 'p99Ms'], most: { value: 2_000 } },
  { title: '  the latest', unit: 'ms', ours: ['follow', 'maxMs'], most: { value: 2_000 } },
  {
    title: '  CPU, the asking for figures included',
    unit: '%',
    ours: ['follow', 'cpuPercentOfOneCore'],
    most: { value: 50 },
  },
  {
    title: 'a watched folder of 10,000 files: start',
    unit: 'ms',
    ours: ['follow', 'folderStartMs'],
    most: { value: 20_000 },
  },
  { title: '  CPU at rest', unit: '%', ours: ['follow', 'folderRestCpuPercent'] },
];
