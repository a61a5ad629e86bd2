import { FailureError, failure } from '../../../shared/base/errors';
import { ok, type Result } from '../../../shared/base/result';
import type { CsvMap } from '../../../shared/contract/csv-map';
import type { SettingsStore } from '../ports';
import type { Format } from './format';
import { formats } from './formats';
import { normaliseHeader } from './formats/header';
import { formatOfMap, readMap } from './map';
import type { FormatRegistry } from './registry';

/**
 * The maps a desk keeps, one for each header, in its settings under `map:` and the header's signature. They take part in recognition
 * wherever files are read: console, command line and worker.
 */

export interface SavedMap {
  /** The map's id; of one that cannot be read any more its signature. */
  readonly id: string;
  readonly signature: string;
  /** The map as its file is written. */
  readonly text: string;
  /** Fails where another version of Lockstep wrote something this one does not know. */
  readonly map: Result<CsvMap>;
  readonly savedAtUs: number;
}

const keyPrefix = 'map:';

/** Tells headers apart as recognition does. */
export function signatureOfHeader(header: readonly string[]): string {
  return JSON.stringify(normaliseHeader(header));
}

/** A map without a header goes by its own name. */
function signatureOf({ header, id }: CsvMap): string {
  return header === undefined ? `named:${id}` : signatureOfHeader(header);
}

export async function savedMaps(settings: SettingsStore): Promise<readonly SavedMap[]> {
  return (await settings.list(keyPrefix)).map(({ key, value, changedAtUs }) => {
    const signature = key.slice(keyPrefix.length);
    const map = readMap(value);
    return { id: map.ok ? map.value.id : signature, signature, text: value, map, savedAtUs: changedAtUs };
  });
}

/** What a reading needs of the desk's maps: their texts. */
export async function savedMapTexts(settings: SettingsStore): Promise<readonly string[]> {
  return (await settings.list(keyPrefix)).map(({ value }) => value);
}

/**
 * Keeps the map for its header.
 * @param replace whatever is kept for that header or under that name gives way; otherwise it is a `conflict`
 */
export async function saveMap(settings: SettingsStore, text: string, replace: boolean): Promise<SavedMap> {
  const read = readMap(text);
  if (!read.ok) throw new FailureError(read.error);
  const { value: map } = read;
  if (formats.some(({ id }) => id === map.id)) {
    throw new FailureError(
      failure(
        'conflict',
        `"${map.id}" is the name of a format that comes with Lockstep.`,
        'Give the map another name.',
        { id: map.id, replaceable: false },
      ),
    );
  }
  const signature = signatureOf(map);
  const inTheWay = (await savedMaps(settings)).filter((saved) => saved.id === map.id || saved.signature === signature);
  const [other] = inTheWay;
  if (other && !replace) {
    throw new FailureError(
      failure(
        'conflict',
        other.signature === signature
          ? `A map is kept for this header already: ${titleOf(other)}.`
          : `Another map is called ${map.id} already; it is for another header.`,
        other.signature === signature ? 'Replace it, or leave it.' : 'Replace it, or save under another name.',
        { id: other.id, replaceable: true },
      ),
    );
  }
  for (const { signature: old } of inTheWay) if (old !== signature) await settings.remove(`${keyPrefix}${old}`);
  await settings.set(`${keyPrefix}${signature}`, `${JSON.stringify(JSON.parse(text), null, 2)}\n`);
  return savedMap(settings, map.id);
}

function titleOf({ id, map }: SavedMap): string {
  return map.ok ? `"${map.value.title}" (${map.value.id})` : id;
}

/** Fails with `not-found` when the desk keeps no map of that name. */
export async function savedMap(settings: SettingsStore, id: string): Promise<SavedMap> {
  const found = (await savedMaps(settings)).find((saved) => saved.id === id);
  if (found) return found;
  throw new FailureError(
    failure('not-found', `There is no saved map "${id}".`, '"lockstep maps list" shows those there are.', { id }),
  );
}

export async function removeMap(settings: SettingsStore, id: string): Promise<void> {
  const { signature } = await savedMap(settings, id);
  await settings.remove(`${keyPrefix}${signature}`);
}

/**
 * The registry with the desk's maps in it: recognised by their header, found by their name.
 * @param warn told of a map that cannot be used any more; files are read without it
 */
export function withSavedMaps(
  registry: FormatRegistry,
  texts: readonly string[],
  warn: (message: string) => void,
): FormatRegistry {
  if (texts.length === 0) return registry;
  const own: Format[] = [];
  for (const text of texts) {
    const read = readMap(text);
    if (read.ok) own.push(formatOfMap(read.value, 'saved'));
    else warn(`A saved map was left out. ${read.error.message}`);
  }
  return {
    formats: [...registry.formats, ...own],
    fromMap(map) {
      const named = own.find(({ id }) => id === map);
      return named ? ok(named) : registry.fromMap(map);
    },
  };
}
