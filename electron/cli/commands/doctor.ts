import { access, constants } from 'node:fs/promises';
import { dirname } from 'node:path';
import { toFailure } from '../../../shared/base/errors';
import { formatIsoUs } from '../../../shared/base/time';
import { type DoctorOutput, doctorOutputSchemaId } from '../../../shared/contract/output';
import { openDesk } from '../../engine/desk';
import { createEventHub } from '../../engine/events';
import type { Session } from '../session';
import { version } from '../session';
import { exitCode } from '../terminal';

type Check = DoctorOutput['checks'][number];

const lowDiskBytes = 1_073_741_824;

/** Looks at everything Lockstep needs and says what is wrong with what, and what to do. Changes nothing. */
export async function doctor(session: Session): Promise<number> {
  const { terminal, json, dataDirectory } = session;
  const checks: Check[] = [
    ok('program', `Lockstep ${version} on Node ${process.versions.node}, ${process.platform} ${process.arch}`),
    zoneCheck(),
    await folderCheck(dataDirectory),
  ];
  const backups: DoctorOutput['backups'] = [];
  const parts = session.parts('existing');
  const opened = await openDesk(dataDirectory, 'existing', parts, createEventHub(parts.clock, parts.log));
  if (!opened.ok) {
    const nothingYet = opened.error.code === 'not-found';
    checks.push({
      name: 'store',
      state: nothingYet ? 'warning' : 'failed',
      message: opened.error.message,
      hint: opened.error.hint,
    });
  } else {
    const { store, sample } = opened.value;
    try {
      const health = await store.health();
      backups.push(...health.backups);
      checks.push(
        health.integrity === 'ok'
          ? ok(
              'store',
              `${health.path}: ${megabytes(health.sizeBytes)}, schema ${health.schemaVersion}, SQLite ${health.sqliteVersion}${sample ? ', sample desk' : ''}`,
            )
          : {
              name: 'store',
              state: 'failed',
              message: `${health.path}: ${health.integrity}`,
              hint: 'Restore the newest backup with "lockstep restore FILE".',
            },
      );
      if (health.freeBytes !== null) checks.push(diskCheck(health.freeBytes));
      const [newest] = health.backups;
      checks.push(
        newest
          ? ok('backup', `${health.backups.length} kept, the newest of ${formatIsoUs(newest.madeAtUs)}`)
          : {
              name: 'backup',
              state: 'warning',
              message: 'There is no backup.',
              hint: 'Make one with "lockstep backup".',
            },
      );
    } catch (thrown) {
      const { message, hint } = toFailure(thrown);
      checks.push({ name: 'store', state: 'failed', message, hint });
    } finally {
      await opened.value.close();
    }
  }
  await parts.tasks.close();
  const healthy = checks.every((check) => check.state !== 'failed');
  if (json) terminal.out(`${JSON.stringify({ schema: doctorOutputSchemaId, healthy, checks, backups })}\n`);
  else {
    for (const { name, state, message, hint } of checks) {
      terminal.out(`${state.padEnd(7)}  ${name}: ${message}\n${hint === null ? '' : `         ${hint}\n`}`);
    }
  }
  return healthy ? exitCode.done : exitCode.error;
}

function ok(name: string, message: string): Check {
  return { name, state: 'ok', message, hint: null };
}

/** Times with a zone name need the zone database of the runtime. */
function zoneCheck(): Check {
  const offset = new Intl.DateTimeFormat('en', { timeZone: 'Asia/Kolkata', timeZoneName: 'longOffset' }).format(0);
  return offset.includes('+05:30')
    ? ok('time zones', `zone database ${process.versions['tz'] ?? 'present'}`)
    : {
        name: 'time zones',
        state: 'failed',
        message: 'The zone database is missing.',
        hint: 'Use a Node with full ICU data.',
      };
}

async function folderCheck(directory: string): Promise<Check> {
  for (let folder = directory; ; folder = dirname(folder)) {
    try {
      await access(folder, constants.R_OK | constants.W_OK);
      return ok('data folder', directory);
    } catch (thrown) {
      const missing =
        thrown instanceof Error && 'code' in thrown && thrown.code === 'ENOENT' && dirname(folder) !== folder;
      if (missing) continue;
      return {
        name: 'data folder',
        state: 'failed',
        message: `${folder} cannot be read and written.`,
        hint: 'Grant the permission, or choose another folder with --data-dir.',
      };
    }
  }
}

function diskCheck(freeBytes: number): Check {
  if (freeBytes >= lowDiskBytes) return ok('disk', `${megabytes(freeBytes)} free`);
  return {
    name: 'disk',
    state: 'warning',
    message: `Only ${megabytes(freeBytes)} free.`,
    hint: 'Make room before the next large import.',
  };
}

function megabytes(bytes: number): string {
  return `${(bytes / 1_048_576).toLocaleString('en', { maximumFractionDigits: 1 })} MiB`;
}
