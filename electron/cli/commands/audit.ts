import { createReadStream, createWriteStream } from 'node:fs';
import { createInterface } from 'node:readline';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { FailureError, failure } from '../../../shared/base/errors';
import { auditExportOutputSchemaId, auditVerifyOutputSchemaId } from '../../../shared/contract/output';
import { type ChainVerdict, exportAudit, verifyAudit, verifyExport } from '../../engine/canary/audit-service';
import type { Session } from '../session';
import { exitCode } from '../terminal';

/** Exit code of a chain that is not whole. */
const broken = 2;

/** Verifies the desk's audit trail, or one that was exported: that needs no desk. */
export async function verifyTrail(session: Session, file: string | undefined): Promise<number> {
  const verdict =
    file === undefined
      ? await session.withDesk('existing', ({ store }) => verifyAudit(store.audit))
      : await verifyFile(file);
  const { terminal, json } = session;
  if (json) terminal.out(`${JSON.stringify({ schema: auditVerifyOutputSchemaId, file: file ?? null, ...verdict })}\n`);
  else terminal.out(`${wordsOf(verdict)}\n`);
  return verdict.broken === null ? exitCode.done : broken;
}

function wordsOf({ records, broken: first }: ChainVerdict): string {
  if (first === null) return `The audit trail is whole: ${records} records, each follows the one before.`;
  return `The audit trail is broken at record ${first.sequence}: ${first.problem}. The ${records} before it are whole.`;
}

async function verifyFile(file: string): Promise<ChainVerdict> {
  const text = createReadStream(file, 'utf8');
  const missing = new Promise<never>((_, reject) => {
    text.once('error', (error) =>
      reject(
        new FailureError(
          failure('file-unreadable', `${file} cannot be read: ${error.message}.`, 'Name an exported audit trail.', {
            path: file,
          }),
        ),
      ),
    );
  });
  return Promise.race([verifyExport(createInterface({ input: text, crlfDelay: Number.POSITIVE_INFINITY })), missing]);
}

/** Writes the audit trail as JSON Lines, to a new file or to standard output. */
export async function exportTrail(session: Session, file: string | undefined): Promise<number> {
  const { terminal, json } = session;
  return session.withDesk('existing', async ({ store }) => {
    if (file === undefined) {
      for await (const line of exportAudit(store.audit)) terminal.out(line);
      return exitCode.done;
    }
    let records = 0;
    const counted = async function* () {
      for await (const line of exportAudit(store.audit)) {
        records += 1;
        yield line;
      }
    };
    await pipeline(Readable.from(counted()), createWriteStream(file, { flags: 'wx' })).catch((thrown: unknown) => {
      if (thrown instanceof FailureError) throw thrown;
      const reason = thrown instanceof Error ? thrown.message : String(thrown);
      throw new FailureError(
        failure('file-unwritable', `${file} was not written: ${reason}.`, 'Name a file that is not there yet.', {
          path: file,
        }),
      );
    });
    if (json) terminal.out(`${JSON.stringify({ schema: auditExportOutputSchemaId, path: file, records })}\n`);
    else terminal.out(`${file}: ${records} records\n`);
    return exitCode.done;
  });
}
