import { FailureError } from '../../../shared/base/errors';
import { settingsOutputSchemaId } from '../../../shared/contract/output';
import { defaultParitySettings, type ParitySettings } from '../../../shared/parity/settings';
import { paritySettingsKey } from '../../../shared/parity/settings-key';
import type { DeskStore } from '../../engine/ports';
import type { Session } from '../session';
import { exitCode, usageFailure } from '../terminal';
import { table } from '../text';

export interface SettingsOptions {
  readonly strategy?: string;
  readonly symbol?: string;
}

/** A place in the settings, for example `['trackingBps', 'limit']`. */
type Path = readonly string[];

/**
 * Shows the settings that parity is judged by, or changes them: of the desk, of a strategy, or of one of its symbols. `name=value` sets,
 * `name=` takes the value of the layer below again.
 */
export async function changeSettings(
  session: Session,
  assignments: readonly string[],
  options: SettingsOptions,
): Promise<number> {
  const { terminal, json } = session;
  const { strategy = null, symbol = null } = options;
  if (symbol !== null && strategy === null) {
    throw new FailureError(usageFailure('--symbol goes with --strategy.', 'Name the strategy too.'));
  }
  const changes = assignments.map(assignmentOf);
  return session.withDesk(changes.length > 0 ? 'create' : 'existing', async ({ store }) => {
    if (changes.length > 0)
      await store.settings.set(paritySettingsKey(strategy, symbol), await layerWith(store, changes, strategy, symbol));
    const settings = await store.settings.parity(strategy ?? '', symbol);
    if (json) {
      terminal.out(`${JSON.stringify({ schema: settingsOutputSchemaId, strategy, symbol, settings })}\n`);
    } else {
      const changed = (path: Path) => valueAt(settings, path) !== valueAt(defaultParitySettings, path);
      const rows = namesOf(settings).map((path) => [
        path.join('.'),
        String(valueAt(settings, path)),
        changed(path) ? `default ${valueAt(defaultParitySettings, path)}` : '',
      ]);
      terminal.out(`${table(rows, [0, 2])}\n`);
    }
    return exitCode.done;
  });
}

/** What is stored for exactly this layer, with the changes; the store refuses what is no setting. */
async function layerWith(
  store: DeskStore,
  changes: readonly { readonly path: Path; readonly value: number | null | undefined }[],
  strategy: string | null,
  symbol: string | null,
): Promise<string> {
  const stored: unknown = JSON.parse((await store.settings.get(paritySettingsKey(strategy, symbol))) ?? '{}');
  const layer = new Map<string, unknown>(Object.entries(isRecord(stored) ? stored : {}));
  for (const { path, value } of changes) {
    const [group = '', name] = path;
    if (name === undefined) {
      if (value === undefined) layer.delete(group);
      else layer.set(group, value);
      continue;
    }
    const below = layer.get(group);
    const parts = new Map<string, unknown>(Object.entries(isRecord(below) ? below : {}));
    if (value === undefined) parts.delete(name);
    else parts.set(name, value);
    if (parts.size === 0) layer.delete(group);
    else layer.set(group, Object.fromEntries(parts));
  }
  return JSON.stringify(Object.fromEntries(layer));
}

function assignmentOf(text: string): { readonly path: Path; readonly value: number | null | undefined } {
  const [name = '', ...rest] = text.split('=');
  const path = name.split('.');
  const known = namesOf(defaultParitySettings).map((each) => each.join('.'));
  if (rest.length === 0 || !known.includes(name)) {
    throw new FailureError(usageFailure(`"${text}" sets nothing.`, `Write NAME=VALUE; names are ${known.join(', ')}.`));
  }
  const value = rest.join('=').trim();
  if (value === '') return { path, value: undefined };
  if (value === 'null') return { path, value: null };
  const number = Number(value);
  if (Number.isFinite(number)) return { path, value: number };
  throw new FailureError(
    usageFailure(`${name} is a number, not "${value}".`, 'Write it with digits, for example 900000.'),
  );
}

/** Every setting's name, in the order they are defined. */
function namesOf(settings: ParitySettings): readonly Path[] {
  return Object.entries(settings).flatMap(([group, value]) =>
    isRecord(value) ? Object.keys(value).map((name) => [group, name]) : [[group]],
  );
}

function valueAt(settings: ParitySettings, path: Path): unknown {
  return path.reduce<unknown>((value, name) => (isRecord(value) ? value[name] : undefined), settings);
}

function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
