import { useEffect, useState } from 'react';
import { useLatest } from '@/components/useLatest';

/** Browsers call every pasted picture «image.png». */
function named(file: File): File {
  return file.name === 'image.png' ? new File([file], 'Из буфера обмена.png', { type: file.type }) : file;
}

/**
 * Files that are dropped anywhere on the page, or pasted. Whether some are being dragged over it: then the place that takes them
 * says so. While it isn't `active`, a dropped file does nothing, instead of replacing the page.
 */
export function useGivenFiles(active: boolean, take: (files: readonly File[]) => void): boolean {
  const [dragged, setDragged] = useState(false);
  const taking = useLatest((files: readonly File[]) => {
    if (active && files.length > 0) take(files);
  });
  useEffect(() => {
    let leaving = 0;
    const over = (event: DragEvent) => {
      if (event.dataTransfer?.types.includes('Files') !== true) return;
      event.preventDefault();
      event.dataTransfer.dropEffect = active ? 'copy' : 'none';
      window.clearTimeout(leaving);
      leaving = window.setTimeout(() => setDragged(false), 300); // dragover repeats; a drag that leaves the window ends silently
      setDragged(active);
    };
    const drop = (event: DragEvent) => {
      if (event.dataTransfer?.types.includes('Files') !== true) return;
      event.preventDefault();
      window.clearTimeout(leaving);
      setDragged(false);
      taking([...event.dataTransfer.files]);
    };
    const paste = (event: ClipboardEvent) => {
      const files = [...(event.clipboardData?.files ?? [])];
      // cells of Excel come as a text with their picture: in a field the text is meant
      const meant = event.clipboardData?.types.includes('text/plain') !== true;
      if (files.length === 0 || !meant) return;
      event.preventDefault();
      taking(files.map(named));
    };
    document.addEventListener('dragover', over);
    document.addEventListener('drop', drop);
    document.addEventListener('paste', paste);
    return () => {
      window.clearTimeout(leaving);
      document.removeEventListener('dragover', over);
      document.removeEventListener('drop', drop);
      document.removeEventListener('paste', paste);
    };
  }, [active, taking]);
  return dragged;
}
