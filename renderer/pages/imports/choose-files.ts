import { goTo } from '../../state/address';
import { FILES_AT_ONCE, useImports } from '../../state/imports';
import { addresses } from '../addresses';

/** Takes the files in and shows them on the Imports page. */
export function takeFiles(files: readonly File[]): void {
  if (files.length === 0) return;
  useImports.getState().add(files);
  goTo(addresses.imports());
}

/** Name of the page's one file input, which the frame holds. */
export const fileInputId = 'file-input';

/** Opens the system's file dialog. Must be called from a key press or a click. */
export function chooseFiles(): void {
  document.getElementById(fileInputId)?.click();
}

/** The files of a drop, folders walked to the end, at most {@link FILES_AT_ONCE}. Hidden files are left out. */
export async function filesOfDrop(transfer: DataTransfer): Promise<readonly File[]> {
  // The entries must be taken before the first wait: the drop's data is gone afterwards.
  const entries = [...transfer.items].flatMap((item) => {
    const entry = item.kind === 'file' ? item.webkitGetAsEntry() : null;
    return entry ? [entry] : [];
  });
  const loose = entries.length === 0 ? [...transfer.files] : [];
  const files: File[] = [...loose];
  const open = [...entries];
  while (open.length > 0 && files.length < FILES_AT_ONCE) {
    const entry = open.shift();
    if (!entry || (entry.name.startsWith('.') && !entries.includes(entry))) continue;
    if (isDirectory(entry)) open.push(...(await childrenOf(entry)));
    else if (isFile(entry)) files.push(await fileOf(entry));
  }
  return files;
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
    if (some.length === 0) return children;
    children.push(...some);
    if (children.length >= FILES_AT_ONCE) return children;
  }
}
