import { useMutation } from '@tanstack/react-query';
import type { MouseEvent } from 'react';
import { reportProblem } from '@/components/notices';
import { fetchFile } from '@/lib/api/files';
import { saveFile } from '@/lib/saveFile';

interface Download {
  /** For a link: a click fetches the file here, so that a refusal is shown; with Ctrl, or by its menu, it is an ordinary link. */
  readonly link: { href: string; download: string; onClick: (event: MouseEvent) => void };
  readonly loading: boolean;
}

/** A file that the server makes, such as an export. Where it refuses (heavy work is few at a time) a notice says why, and repeats. */
export function useDownload(address: string, name = ''): Download {
  const fetching = useMutation({
    mutationFn: fetchFile,
    onSuccess: (file) => saveFile(name === '' ? file.name : name, file.content),
    onError: (error, asked) => reportProblem(error, 'Скачать не получилось', { again: () => fetching.mutate(asked) }),
  });
  return {
    link: {
      href: address,
      download: name,
      onClick: (event) => {
        if (event.ctrlKey || event.metaKey || event.shiftKey) return;
        event.preventDefault();
        if (!fetching.isPending) fetching.mutate(address);
      },
    },
    loading: fetching.isPending,
  };
}
