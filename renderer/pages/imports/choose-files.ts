import { passedOverBecause } from '../../../shared/contract/passed-over';
import { goTo } from '../../state/address';
import { FILES_AT_ONCE, type PassedOver, useImports } from '../../state/imports';
import { addresses } from '../addresses';

/** What a drop or a dialog brought. */
export interface Brought {
  /** In the order of their paths. */
  readonly files: readonly File[];
  readonly passedOver: readonly PassedOver[];
}

/** Takes the files in and shows them on the Imports page. */
export function takeFiles({ files, passedOver }: Brought): void {
  if (files.length === 0 && passedOver.length === 0) return;
  useImports.getState().add(files, passedOver);
  goTo(addresses.imports());
}

/** Name of the page's one file input, which the frame holds. */
export const fileInputId = 'file-input';

/** Opens the system's file dialog. Must be called from a key press or a click. */
export function chooseFiles(): void {
  document.getElementById(fileInputId)?.click();
}

/** Name of the input that takes a folder. */
export const folderInputId = 'folder-input';

/** As {@link chooseFiles}, for all files of a folder. */
export function chooseFolderFiles(): void {
  document.getElementById(folderInputId)?.click();
}

/** The files of a folder that was chosen; each tells its path from the folder on. */
export function filesOfFolder(chosen: readonly File[]): Brought {
  const files: File[] = [];
  const passedOver: PassedOver[] = [];
  const pathOf = (file: File) => file.webkitRelativePath || file.name;
  for (const file of [...chosen].sort((left, right) => (pathOf(left) < pathOf(right) ? -1 : 1))) {
    // The folder itself was chosen, whatever it is called.
    const [, ...parts] = pathOf(file).split('/');
    const reason = parts.map(passedOverBecause).find((one) => one !== null) ?? null;
    if (reason === null) files.push(file);
    else passedOver.push({ name: pathOf(file), reason });
  }
  return { files, passedOver };
}

/** The files of a drop, folders walked to the end, somewhat more than {@link FILES_AT_ONCE} at most. */
export async function filesOfDrop(transfer: DataTransfer): Promise<Brought> {
  // The entries must be taken before the first wait: the drop's data is gone afterwards.
  const entries = [...transfer.items].flatMap((item) => {
    const entry = item.kind === 'file' ? item.webkitGetAsEntry() : null;
    return entry ? [entry] : [];
  });
  const loose = entries.length === 0 ? [...transfer.files] : [];
  const files: File[] = [...loose];
  const passedOver: PassedOver[] = [];
  const open = [...entries];
  while (open.length > 0 && files.length <= FILES_AT_ONCE) {
    const entry = open.shift();
    if (!entry) continue;
    // What was dropped by itself is meant, whatever it is called.
    const reason = entries.includes(entry) ? null : passedOverBecause(entry.name);
    if (reason !== null) passedOver.push({ name: entry.fullPath.replace(/^\//, ''), reason });
    else if (isDirectory(entry)) open.unshift(...(await childrenOf(entry)));
    else if (isFile(entry)) files.push(await fileOf(entry));
  }
  return { files, passedOver };
}

function isDirectory(entry: FileSystemEntry): entry is FileSystemDirectoryEntry {
  return entry.isDirectory;
}

function isFile(entry: FileSystemEntry): entry is FileSystemFileEntry {
  return entry.isFile;
}

function fileOf(entry: FileSystemFileEntry): Promise<File> {
  return new Promise((resolve, reject) => entry.file(resolve, reject));
}

async function childrenOf(directory: FileSystemDirectoryEntry): Promise<readonly FileSystemEntry[]> {
  const reader = directory.createReader();
  const children: FileSystemEntry[] = [];
  for (;;) {
    // The reader gives a hundred at a time and an empty list at the end.
    const some = await new Promise<FileSystemEntry[]>((resolve, reject) => reader.readEntries(resolve, reject));
    if (some.length === 0 || children.length > FILES_AT_ONCE) {
      return children.sort((left, right) => (left.name < right.name ? -1 : 1));
    }
    children.push(...some);
  }
}
