import { describe, expect, it } from 'vitest';
import { filesOfDrop, filesOfFolder } from '../../../renderer/pages/imports/choose-files';
import { FILES_AT_ONCE } from '../../../renderer/state/imports';

type Tree = { readonly [name: string]: Tree | null };

/** An entry of a drop as browsers give it: children a hundred at a time, then an empty list. */
function entryOf(name: string, tree: Tree | null, parent = ''): FileSystemEntry {
  const fullPath = `${parent}/${name}`;
  const common = { name, fullPath, isDirectory: tree !== null, isFile: tree === null };
  const entry =
    tree === null
      ? { ...common, file: (taken: (file: File) => void) => taken(new File(['a'], name)) }
      : {
          ...common,
          createReader() {
            const left = Object.entries(tree).map(([child, below]) => entryOf(child, below, fullPath));
            return { readEntries: (taken: (some: FileSystemEntry[]) => void) => taken(left.splice(0, 100)) };
          },
        };
  return entry as unknown as FileSystemEntry; // as much of one as the walk asks for
}

function dropOf(tree: Tree): DataTransfer {
  const items = Object.entries(tree).map(([name, below]) => ({
    kind: 'file',
    webkitGetAsEntry: () => entryOf(name, below),
  }));
  return { items, files: [] } as unknown as DataTransfer; // as above
}

describe('a dropped folder', () => {
  it('is walked in the order of its names; what nobody means is named', async () => {
    const dropped = dropOf({
      logs: { 'b.csv': null, a: { 'z.csv': null, 'c.csv.part': null }, '.git': { 'x.csv': null }, '.DS_Store': null },
      '.own.csv': null,
    });
    const { files, passedOver } = await filesOfDrop(dropped);
    expect(files.map(({ name }) => name)).toEqual(['z.csv', 'b.csv', '.own.csv']);
    expect(passedOver).toEqual([
      { name: 'logs/.DS_Store', reason: 'hidden' },
      { name: 'logs/.git', reason: 'hidden' },
      { name: 'logs/a/c.csv.part', reason: 'temporary or still being written' },
    ]);
  });

  it('with more files than are taken at once says so by one too many', async () => {
    const many = Object.fromEntries(Array.from({ length: FILES_AT_ONCE + 200 }, (_, at) => [`${at}.csv`, null]));
    expect((await filesOfDrop(dropOf({ logs: many }))).files).toHaveLength(FILES_AT_ONCE + 1);
  });
});

describe('a chosen folder', () => {
  const chosen = (path: string): File => {
    const file = new File(['a'], path.split('/').at(-1) ?? path);
    Object.defineProperty(file, 'webkitRelativePath', { value: path });
    return file;
  };

  it('gives its files in the order of their paths, whatever the folder is called', () => {
    const { files, passedOver } = filesOfFolder(
      ['.logs/b.csv', '.logs/a/c.csv', '.logs/.git/x.csv', '.logs/bot.sqlite-wal', '.logs/~$fills.xlsx'].map(chosen),
    );
    expect(files.map(({ webkitRelativePath }) => webkitRelativePath)).toEqual(['.logs/a/c.csv', '.logs/b.csv']);
    expect(passedOver.map(({ name }) => name)).toEqual([
      '.logs/.git/x.csv',
      '.logs/bot.sqlite-wal',
      '.logs/~$fills.xlsx',
    ]);
  });
});
