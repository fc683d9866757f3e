import { Button } from '@mantine/core';
import { IconPaperclip } from '@tabler/icons-react';
import { useQuery } from '@tanstack/react-query';
import { allows, CARDS, useMe } from '@/lib/api/me';
import { visitFilesQuery } from './queries';

export const VISIT_FILES = 'visit-files';

/** How many files the visit has, and the way down to them; nothing while it has none. */
export function VisitFilesLink({ visit }: { visit: string }) {
  const { rights } = useMe();
  const { data } = useQuery({ ...visitFilesQuery(visit), enabled: allows(rights, CARDS) });
  const count = (data?.items ?? []).filter(({ deleted }) => !deleted).length;
  if (count === 0) return null;
  return (
    <Button
      size="compact-sm"
      variant="subtle"
      style={{ flexShrink: 0 }}
      leftSection={<IconPaperclip size={15} stroke={1.7} aria-hidden />}
      onClick={() => document.getElementById(VISIT_FILES)?.scrollIntoView({ block: 'nearest' })}
    >
      {`Файлы: ${String(count)}`}
    </Button>
  );
}
