import { FileInput } from 'lucide-react';
import { useEffect, useState } from 'react';
import { fileInputId, filesOfDrop, filesOfFolder, folderInputId, takeFiles } from '../pages/imports/choose-files';

/** Takes files dropped anywhere on the window, and holds the input behind every "Choose files". */
export function FileDrop() {
  const [over, setOver] = useState(false);

  useEffect(() => {
    // Entering a child fires before leaving its parent: the count says when the pointer is really gone.
    let inside = 0;
    const carriesFiles = (event: DragEvent) => event.dataTransfer?.types.includes('Files') ?? false;
    function enter(event: DragEvent): void {
      if (!carriesFiles(event)) return;
      inside += 1;
      setOver(true);
    }
    function leave(event: DragEvent): void {
      if (!carriesFiles(event)) return;
      inside = Math.max(0, inside - 1);
      if (inside === 0) setOver(false);
    }
    function hover(event: DragEvent): void {
      if (!carriesFiles(event)) return;
      event.preventDefault();
      if (event.dataTransfer) event.dataTransfer.dropEffect = 'copy';
    }
    function drop(event: DragEvent): void {
      if (!carriesFiles(event) || event.dataTransfer === null) return;
      event.preventDefault();
      inside = 0;
      setOver(false);
      void filesOfDrop(event.dataTransfer).then(takeFiles);
    }
    window.addEventListener('dragenter', enter);
    window.addEventListener('dragleave', leave);
    window.addEventListener('dragover', hover);
    window.addEventListener('drop', drop);
    return () => {
      window.removeEventListener('dragenter', enter);
      window.removeEventListener('dragleave', leave);
      window.removeEventListener('dragover', hover);
      window.removeEventListener('drop', drop);
    };
  }, []);

  return (
    <>
      <input
        id={fileInputId}
        type="file"
        multiple
        hidden
        aria-label="Files to import"
        onChange={(event) => {
          takeFiles({ files: [...(event.target.files ?? [])], passedOver: [] });
          event.target.value = ''; // the same file may be chosen again
        }}
      />
      <input
        id={folderInputId}
        type="file"
        ref={(input) => {
          // React has no property of that name.
          if (input) input.webkitdirectory = true;
        }}
        multiple
        hidden
        aria-label="Folder to import"
        onChange={(event) => {
          takeFiles(filesOfFolder([...(event.target.files ?? [])]));
          event.target.value = ''; // as above
        }}
      />
      {over && (
        <div className="drop-veil">
          <FileInput size={40} strokeWidth={1.5} aria-hidden="true" />
          Drop to import
        </div>
      )}
    </>
  );
}
