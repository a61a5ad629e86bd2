import { formats, readyMaps } from './formats';

/** What can be imported, for people to choose from: formats that are programmed, and maps that ship as files. */

const mapIds = new Set(readyMaps.map(({ id }) => id));

export const listedFormats = formats
  .filter(({ id }) => !mapIds.has(id))
  .map(({ id, title, describes, kind, exampleHeader }) => ({ id, title, describes, kind, exampleHeader }));

export const listedMaps = formats
  .filter(({ id }) => mapIds.has(id))
  .map(({ id, title, describes }) => ({ id, title, describes }));
