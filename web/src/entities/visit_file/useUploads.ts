import { useEffect, useRef, useState } from 'react';
import { isProblem, sentence } from '@/lib/api/problem';
import { fileSize } from './fileSize';
import { attachFile, refreshFiles } from './queries';

/** A file on its way, or one that wasn't taken. */
export interface Upload {
  readonly key: number;
  readonly file: File;
  /** How much of it has left, from 0 to 1. */
  readonly share: number;
  /** Why it wasn't taken; null while it may be. */
  readonly refusal: string | null;
  /** Whether the same file may be taken at another try. */
  readonly repeatable: boolean;
}

let last = 0;

/**
 * Attaches files to a visit one after another: the server draws previews of few at once, and a clinic's line is narrow.
 * `most`: bytes of one.
 */
export function useUploads(visit: string, most: number) {
  const [uploads, setUploads] = useState<readonly Upload[]>([]);
  const running = useRef<number | null>(null);
  const next = uploads.find(({ refusal }) => refusal === null);

  const change = (key: number, part: Partial<Upload>) => {
    setUploads((all) => all.map((one) => (one.key === key ? { ...one, ...part } : one)));
  };
  const leave = (key: number) => setUploads((all) => all.filter((one) => one.key !== key));

  useEffect(() => {
    if (next === undefined || running.current !== null) return;
    const { key, file } = next;
    running.current = key;
    attachFile(visit, file, (share) => change(key, { share }))
      .then(
        async () => {
          await refreshFiles();
          leave(key);
        },
        (error: unknown) => {
          const repeatable = !isProblem(error) || error.status >= 500;
          change(key, { refusal: sentence(error), repeatable, share: 0 });
        },
      )
      .finally(() => {
        running.current = null;
        setUploads((all) => [...all]); // the next one's turn
      });
  }, [next, uploads, visit]);

  return {
    uploads,
    busy: next !== undefined,
    add: (files: readonly File[]) => {
      const fresh = files.map((file): Upload => {
        const refusal = refusalOf(file, most);
        return { key: ++last, file, share: 0, refusal, repeatable: refusal === null };
      });
      setUploads((all) => [...all, ...fresh]);
    },
    repeat: (key: number) => change(key, { refusal: null }),
    leave,
  };
}

/** What the server would say too, before a large file is sent. */
function refusalOf(file: File, most: number): string | null {
  if (file.size > most) return `Файл больше ${fileSize(most)}. Уменьшите его или разделите.`;
  return file.size === 0 ? 'Файл пустой. Выберите другой.' : null;
}
