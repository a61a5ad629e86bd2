import { readdir, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { passedOverBecause } from '../../../shared/contract/passed-over';

/** What a folder holds to import: the files at any depth in the order of their paths, and what is passed over with the reason. */
export interface FolderContents {
  readonly files: readonly FolderFile[];
  readonly passedOver: readonly { readonly path: string; readonly reason: string }[];
}

interface FolderFile {
  readonly path: string;
  /** Path from the folder on, with `/` on every system: what tells files of one name apart. */
  readonly name: string;
}

/** Links to files are followed, links to folders are not: they may lead back. Null when the path is no folder. */
export async function contentsOfFolder(path: string): Promise<FolderContents | null> {
  const found = await stat(path).catch(() => null); // what is not there is for the reading to say
  if (!found?.isDirectory()) return null;
  const files: FolderFile[] = [];
  const passedOver: { path: string; reason: string }[] = [];

  async function walk(folder: string, prefix: string): Promise<void> {
    const entries = await readdir(folder, { withFileTypes: true });
    entries.sort((left, right) => (left.name < right.name ? -1 : 1));
    for (const entry of entries) {
      const own = join(folder, entry.name);
      const name = `${prefix}${entry.name}`;
      const reason = passedOverBecause(entry.name);
      if (reason !== null) passedOver.push({ path: own, reason });
      else if (entry.isDirectory()) await walk(own, `${name}/`);
      else if (entry.isFile()) files.push({ path: own, name });
      else if (!entry.isSymbolicLink()) passedOver.push({ path: own, reason: 'no regular file' });
      else if ((await stat(own).catch(() => null))?.isFile()) files.push({ path: own, name });
      else passedOver.push({ path: own, reason: 'a link to a folder or to nothing' });
    }
  }
  await walk(path, '');
  return { files, passedOver };
}
