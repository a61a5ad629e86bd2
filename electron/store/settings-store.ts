import type { Clock } from '../../shared/base/clock';
import { FailureError, failure } from '../../shared/base/errors';
import { defaultParitySettings, type ParitySettings, paritySettingsSchema } from '../../shared/parity/settings';
import { paritySettingsKey } from '../../shared/parity/settings-key';
import type { SettingsStore } from '../engine/ports';
import { statement } from './connection';
import type { Readers } from './readers';
import { numberCell, textCell } from './rows';
import type { WriteQueue } from './write-queue';

export const selectSetting = statement('read a setting', 'SELECT value FROM settings WHERE key = ?');
const selectLayers = statement('read parity settings', 'SELECT key, value FROM settings WHERE key IN (?, ?, ?)');
const selectByPrefix = statement(
  'list settings',
  'SELECT key, value, changed_at_us FROM settings WHERE substr(key, 1, length(?1)) = ?1 ORDER BY key',
);
const deleteSetting = statement('remove a setting', 'DELETE FROM settings WHERE key = ?');
export const upsertSetting = statement(
  'store a setting',
  `INSERT INTO settings (key, value, changed_at_us) VALUES (?, ?, ?)
   ON CONFLICT (key) DO UPDATE SET value = excluded.value, changed_at_us = excluded.changed_at_us`,
);

/** Settings by key. Parity settings are JSON objects that say only what differs from the layer below. */
export class StoredSettings implements SettingsStore {
  constructor(
    private readonly queue: WriteQueue,
    private readonly readers: Readers,
    private readonly clock: Clock,
    private readonly changed: () => void,
  ) {}

  async parity(strategy: string, symbol: string | null): Promise<ParitySettings> {
    const keys = [
      paritySettingsKey(null, null),
      paritySettingsKey(strategy, null),
      ...(symbol === null ? [] : [paritySettingsKey(strategy, symbol)]),
    ];
    const rows = await this.readers.all(selectLayers, [keys[0]!, keys[1]!, keys[2] ?? null]);
    const stored = new Map(rows.map((row) => [textCell(row, 'key'), textCell(row, 'value')]));
    return keys.reduce<ParitySettings>((settings, key) => {
      const value = stored.get(key);
      return value === undefined ? settings : withLayer(settings, key, value);
    }, defaultParitySettings);
  }

  async get(key: string): Promise<string | null> {
    const row = await this.readers.get(selectSetting, [key]);
    return row === null ? null : textCell(row, 'value');
  }

  async set(key: string, value: string): Promise<void> {
    const desk = paritySettingsKey(null, null);
    if (key === desk || key.startsWith(`${desk}:`)) withLayer(defaultParitySettings, key, value);
    await this.queue.transaction('decision', (transaction) =>
      transaction.run(upsertSetting, [key, value, this.clock.nowUs()]),
    );
    this.changed();
  }

  async list(prefix: string) {
    const rows = await this.readers.all(selectByPrefix, [prefix]);
    return rows.map((row) => ({
      key: textCell(row, 'key'),
      value: textCell(row, 'value'),
      changedAtUs: numberCell(row, 'changed_at_us'),
    }));
  }

  async remove(key: string): Promise<void> {
    await this.queue.transaction('decision', (transaction) => transaction.run(deleteSetting, [key]));
    this.changed();
  }
}

/** The settings with the layer's values in their places; an unknown or wrong value is refused with its path, never skipped. */
function withLayer(settings: ParitySettings, key: string, text: string): ParitySettings {
  let layer: unknown;
  try {
    layer = JSON.parse(text);
  } catch {
    throw settingsFailure(key, 'it is not JSON');
  }
  if (!isObject(layer)) throw settingsFailure(key, 'it is not an object');
  const below = new Map<string, unknown>(Object.entries(settings));
  for (const [name, value] of Object.entries(layer)) {
    const known = below.get(name);
    below.set(name, isObject(known) && isObject(value) ? { ...known, ...value } : value);
  }
  const parsed = paritySettingsSchema.safeParse(Object.fromEntries(below));
  if (parsed.success) return parsed.data;
  const [issue] = parsed.error.issues;
  throw settingsFailure(key, `${issue?.path.join('.') || 'settings'}: ${issue?.message ?? 'not accepted'}`);
}

function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function settingsFailure(key: string, problem: string): FailureError {
  return new FailureError(
    failure(
      'settings-invalid',
      `The settings "${key}" cannot be used: ${problem}`,
      'Correct the value; the documentation lists every setting with its limits.',
      { key },
    ),
  );
}
