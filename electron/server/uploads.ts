import { randomBytes } from 'node:crypto';
import { createWriteStream } from 'node:fs';
import { mkdir, readdir, rm, statfs } from 'node:fs/promises';
import type { IncomingMessage } from 'node:http';
import { basename, join } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { FailureError, failure, toFailure } from '../../shared/base/errors';
import { fail } from '../../shared/base/result';
import type { UploadAnswer } from '../../shared/contract/wire';
import type { EngineDoor } from '../engine/door';

/**
 * Files that come through the browser: streamed to a spool folder of this run, bounded by the disk, then admitted by the engine,
 * which deletes each when it is done with it. What a killed run left behind is removed by the next.
 */

/** Disk space an upload must leave free, bytes: the store needs room to import what was uploaded. */
const reserveBytes = 256 * 1_048_576;
const uploadsAtOnce = 4;

export class Uploads {
  private readonly folder: string;
  private running = 0;
  private announcedBytes = 0;

  private constructor(
    spoolDirectory: string,
    private readonly engine: Pick<EngineDoor, 'admit'>,
  ) {
    this.folder = join(spoolDirectory, `${process.pid}-${randomBytes(6).toString('hex')}`);
  }

  static async open(spoolDirectory: string, engine: Pick<EngineDoor, 'admit'>): Promise<Uploads> {
    await mkdir(spoolDirectory, { recursive: true });
    for (const name of await readdir(spoolDirectory)) {
      const owner = /^(\d+)-[0-9a-f]{12}$/.exec(name)?.[1];
      if (owner !== undefined && !isAlive(Number(owner)))
        await rm(join(spoolDirectory, name), { recursive: true, force: true });
    }
    const uploads = new Uploads(spoolDirectory, engine);
    await mkdir(uploads.folder, { mode: 0o700 });
    return uploads;
  }

  /** Takes the request's body as one file. Never rejects; what did not arrive whole leaves nothing behind. */
  async receive(request: IncomingMessage, name: string): Promise<UploadAnswer> {
    const sizeBytes = Number(request.headers['content-length']);
    if (!Number.isSafeInteger(sizeBytes))
      return fail(failure('invalid-arguments', 'The upload does not say its size.', 'Choose the file again.'));
    if (this.running >= uploadsAtOnce)
      return fail(
        failure('busy', `${uploadsAtOnce} uploads are running.`, 'Wait until one has ended, then try again.'),
      );
    const file = join(this.folder, randomBytes(12).toString('hex'));
    this.running += 1;
    this.announcedBytes += sizeBytes;
    try {
      await this.checkRoom(sizeBytes);
      await pipeline(request, createWriteStream(file, { flags: 'wx', mode: 0o600 }));
      const admitted = await this.engine.admit({ path: file, name: shownName(name), uploaded: true });
      if (!admitted.ok) await rm(file, { force: true });
      return admitted;
    } catch (thrown) {
      await rm(file, { force: true });
      return fail(isDiskFull(thrown) ? noRoom(sizeBytes) : toFailure(thrown));
    } finally {
      this.running -= 1;
      this.announcedBytes -= sizeBytes;
    }
  }

  async close(): Promise<void> {
    await rm(this.folder, { recursive: true, force: true });
  }

  /** Counts what other uploads have announced as taken, although part of it may be on the disk already. */
  private async checkRoom(sizeBytes: number): Promise<void> {
    const { bavail, bsize } = await statfs(this.folder);
    if (this.announcedBytes + reserveBytes > bavail * bsize) throw new FailureError(noRoom(sizeBytes));
  }
}

function noRoom(sizeBytes: number) {
  return failure(
    'store-full',
    `There is no room on the disk for an upload of ${sizeBytes} bytes.`,
    'Free disk space, or import the file with the command line, which does not copy it.',
    { sizeBytes },
  );
}

function isDiskFull(thrown: unknown): boolean {
  return thrown instanceof Error && 'code' in thrown && (thrown.code === 'ENOSPC' || thrown.code === 'EDQUOT');
}

/** The last part of whatever the browser sent, without control characters. */
function shownName(name: string): string {
  const last = basename(name.replaceAll('\\', '/')).replaceAll(/\p{Cc}/gu, '');
  return last.slice(0, 255) || 'upload';
}

function isAlive(processId: number): boolean {
  try {
    process.kill(processId, 0);
    return true;
  } catch (thrown) {
    return thrown instanceof Error && 'code' in thrown && thrown.code === 'EPERM';
  }
}
