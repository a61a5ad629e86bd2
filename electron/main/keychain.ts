import { safeStorage } from 'electron';
import type { Cipher } from '../engine/rollback/secret-file';

/**
 * The operating system's keychain by way of Electron: Keychain on macOS, DPAPI on Windows, the secret service or KWallet on Linux. Without one
 * of these Linux "encrypts" with a password everybody knows; that is refused. Usable once the app is ready.
 */
export const keychain: Cipher = {
  unavailable() {
    if (!safeStorage.isEncryptionAvailable())
      return 'this system offers none, or it is locked. Start a keyring (GNOME Keyring, KWallet) and the console again, or name an environment variable in the playbook instead.';
    if (process.platform !== 'linux') return null;
    const backend = safeStorage.getSelectedStorageBackend();
    return backend === 'basic_text' || backend === 'unknown'
      ? 'this system has no keyring, so secrets would lie on the disk as good as in clear text. Start a keyring (GNOME Keyring, KWallet) and the console again, or name an environment variable in the playbook instead.'
      : null;
  },
  encrypt: (value) => safeStorage.encryptString(value),
  decrypt: (encrypted) => safeStorage.decryptString(encrypted),
};
