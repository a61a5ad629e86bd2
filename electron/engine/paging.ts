/** Lists are asked for by page. */
export interface Page {
  readonly offset: number;
  readonly limit: number;
}

export interface Paged<T> {
  readonly rows: readonly T[];
  readonly total: number;
}
