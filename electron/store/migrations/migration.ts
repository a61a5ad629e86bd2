/** One step of the schema. Runs in one transaction together with its row in `schema_versions`; never edited once released. */
export interface Migration {
  readonly version: number;
  readonly name: string;
  readonly sql: string;
}
