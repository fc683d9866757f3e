import { IconLink } from '@/components/links';
import { Divider, Drawer, Group, Skeleton, Stack, Text, Tooltip } from '@mantine/core';
import { IconExternalLink } from '@tabler/icons-react';
import { useQuery } from '@tanstack/react-query';
import { ProblemAlert } from '@/components/ProblemAlert';
import { useReturnFocus } from '@/components/useReturnFocus';
import { VisitEditor } from '@/entities/visit/VisitEditor';
import { VisitHead } from '@/entities/visit/VisitHead';
import { visitQuery } from '@/entities/visit/queries';
import { VisitFiles } from '@/entities/visit_file/VisitFiles';

/** The visit beside the calendar: status in one click, every field editable. */
export function VisitDrawer({ id, onClose }: { id: string; onClose: () => void }) {
  const { data: visit, error } = useQuery(visitQuery(id));
  useReturnFocus(() => document.querySelector<HTMLElement>(`[data-visit="${CSS.escape(id)}"]`));

  return (
    <Drawer
      opened
      onClose={onClose}
      position="right"
      size={500}
      overlayProps={{ backgroundOpacity: 0.15 }}
      title={
        <Group gap={6}>
          <Text span fw={600}>
            Визит{visit === undefined ? '' : ` № ${visit.number}`}
          </Text>
          <Tooltip label="Открыть на отдельной странице" position="right">
            <IconLink to="/visits/$id" params={{ id }} aria-label="Открыть визит на отдельной странице">
              <IconExternalLink size={17} stroke={1.7} />
            </IconLink>
          </Tooltip>
        </Group>
      }
    >
      {visit === undefined ? (
        error === null ? (
          <Stack gap="sm" role="status" aria-busy="true" aria-label="Загрузка визита">
            <Skeleton h={24} w="70%" />
            <Skeleton h={18} w="50%" />
            <Skeleton h={30} />
            <Skeleton h={220} />
          </Stack>
        ) : (
          <ProblemAlert error={error} />
        )
      ) : (
        <Stack gap="md">
          <VisitHead visit={visit} />
          <Divider />
          <VisitEditor key={visit.id} visit={visit} window="visit" />
          <VisitFiles key={`${visit.id} files`} visit={visit} window="visit" />
        </Stack>
      )}
    </Drawer>
  );
}
