import { mkdir, open, readFile, rename, rm } from 'node:fs/promises';
import { dirname } from 'node:path';
import { z } from 'zod';
import type { Clock } from '../../../shared/base/clock';
import { FailureError, failure } from '../../../shared/base/errors';
import type { SecretReference } from '../../../shared/canary/playbook';
import type { SecretVault } from '../canary/ports';

/**
 * Secrets: those of the keychain in a file of encrypted values beside the store, whose key only the operating system has; those of the
 * environment where the process finds them. None of them is ever in the store.
 */

/** What encrypts: the operating system's keychain, by way of the shell. */
export interface Cipher {
  /** Why it cannot be used; null = it can. */
  unavailable(): string | null;
  encrypt(value: string): Buffer;
  decrypt(encrypted: Buffer): string;
}

/** A process without the shell: the command line, the served console. */
export const noKeychain: Cipher = {
  unavailable: () =>
    'Secrets in the keychain can be read by the desktop console alone. Here name an environment variable in the playbook instead: {"kind":"environment","name":"…"}.',
  encrypt: () => {
    throw new Error('There is no keychain.');
  },
  decrypt: () => {
    throw new Error('There is no keychain.');
  },
};

const fileSchema = z.strictObject({
  version: z.literal(1),
  secrets: z.record(z.string(), z.strictObject({ setAtUs: z.number(), encrypted: z.base64() })),
});
type SecretFile = z.infer<typeof fileSchema>;

export interface SecretVaultParts {
  /** Created at the first secret; readable by this user alone. */
  readonly file: string;
  readonly cipher: Cipher;
  readonly environment: Readonly<Record<string, string | undefined>>;
  readonly clock: Clock;
}

export function createSecretVault({ file, cipher, environment, clock }: SecretVaultParts): SecretVault {
  let last: Promise<unknown> = Promise.resolve();
  const oneByOne = <T>(work: () => Promise<T>): Promise<T> => {
    const next = last.then(work, work);
    last = next.catch(() => undefined);
    return next;
  };
  const requireKeychain = () => {
    const why = cipher.unavailable();
    if (why !== null)
      throw new FailureError(failure('unavailable', `The keychain cannot be used: ${why}`, alternative));
  };

  return {
    get unavailable() {
      return cipher.unavailable();
    },
    async names() {
      const { secrets } = await read(file);
      return Object.entries(secrets)
        .map(([name, { setAtUs }]) => ({ name, setAtUs }))
        .sort((a, b) => (a.name < b.name ? -1 : 1));
    },
    set: (name, value) =>
      oneByOne(async () => {
        requireKeychain();
        const content = await read(file);
        const encrypted = encryptedBy(cipher, value);
        await write(file, {
          version: 1,
          secrets: { ...content.secrets, [name]: { setAtUs: clock.nowUs(), encrypted } },
        });
      }),
    remove: (name) =>
      oneByOne(async () => {
        const { secrets } = await read(file);
        if (!Object.hasOwn(secrets, name)) throw missingSecret(name);
        await write(file, {
          version: 1,
          secrets: Object.fromEntries(Object.entries(secrets).filter(([other]) => other !== name)),
        });
      }),
    async reveal(reference) {
      if (reference.kind === 'environment') return fromEnvironment(reference, environment);
      requireKeychain();
      const { secrets } = await read(file);
      const found = Object.hasOwn(secrets, reference.name) ? secrets[reference.name] : undefined;
      if (!found) throw missingSecret(reference.name);
      try {
        return cipher.decrypt(Buffer.from(found.encrypted, 'base64'));
      } catch {
        // The system's own message is not passed on: nobody knows what stands in it.
        throw new FailureError(
          failure(
            'unavailable',
            `The keychain does not open the secret "${reference.name}"; it may have been set by another user or on another machine.`,
            'Set the secret again.',
          ),
        );
      }
    },
  };
}

const alternative = 'Name an environment variable in the playbook instead.';

function fromEnvironment(
  { name }: Extract<SecretReference, { kind: 'environment' }>,
  environment: SecretVaultParts['environment'],
): string {
  const value = environment[name];
  if (value !== undefined && value !== '') return value;
  throw new FailureError(
    failure(
      'not-found',
      `The environment variable ${name} is ${value === '' ? 'empty' : 'not set'}.`,
      'Set it for the process that runs the rollback, then start that process again.',
    ),
  );
}

function missingSecret(name: string): FailureError {
  return new FailureError(
    failure(
      'not-found',
      `There is no secret "${name}" in the keychain.`,
      'Set it in the console, or name another one.',
    ),
  );
}

function encryptedBy(cipher: Cipher, value: string): string {
  try {
    return cipher.encrypt(value).toString('base64');
  } catch {
    throw new FailureError(
      failure('unavailable', 'The keychain did not encrypt the secret.', 'Unlock the keychain and set it again.'),
    );
  }
}

async function read(file: string): Promise<SecretFile> {
  const text = await readFile(file, 'utf8').catch((thrown: unknown) => {
    if (thrown instanceof Error && 'code' in thrown && thrown.code === 'ENOENT') return null;
    throw new FailureError(
      failure('file-unreadable', `The file of secrets "${file}" cannot be read.`, 'See who may read it.'),
    );
  });
  if (text === null) return { version: 1, secrets: {} };
  const parsed = fileSchema.safeParse(jsonOf(text));
  if (parsed.success) return parsed.data;
  throw new FailureError(
    failure('format-damaged', `The file of secrets "${file}" is damaged.`, 'Move it away and set the secrets again.'),
  );
}

function jsonOf(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

/** Whole or not at all, readable by this user alone. */
async function write(file: string, content: SecretFile): Promise<void> {
  const temporary = `${file}.new`;
  try {
    await mkdir(dirname(file), { recursive: true });
    await rm(temporary, { force: true });
    const handle = await open(temporary, 'wx', 0o600);
    try {
      await handle.writeFile(`${JSON.stringify(content, null, 2)}\n`);
      await handle.sync();
    } finally {
      await handle.close();
    }
    await rename(temporary, file);
  } catch {
    await rm(temporary, { force: true }).catch(() => undefined); // the failure below says what counts
    throw new FailureError(
      failure(
        'file-unwritable',
        `The file of secrets "${file}" cannot be written.`,
        'See who may write there, and whether the disk is full.',
      ),
    );
  }
}
