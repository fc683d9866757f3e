import { Button, Group, Stack, Table, Text } from '@mantine/core';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import type { ReactNode } from 'react';
import { reportDone, reportProblem } from '@/components/notices';
import { formatDate, formatTime } from '@/lib/time';
import { endOtherSessions, endSession, securityQuery, type SessionItem } from './queries';

/** Browsers that are signed in as this user; each but this one can be sent out. */
export function Sessions({ sessions }: { sessions: readonly SessionItem[] }): ReactNode {
  const queries = useQueryClient();
  const refresh = () => queries.invalidateQueries({ queryKey: securityQuery.queryKey });
  const ending = useMutation({
    mutationFn: endSession,
    onSuccess: async () => {
      await refresh();
      reportDone('Сеанс завершён.');
    },
    onError: (error) => {
      reportProblem(error);
      void refresh();
    },
  });
  const endingOthers = useMutation({
    mutationFn: endOtherSessions,
    onSuccess: async () => {
      await refresh();
      reportDone('Остальные сеансы завершены.');
    },
    onError: (error) => reportProblem(error),
  });
  const when = (moment: string) => `${formatDate(moment)} ${formatTime(moment)}`;
  return (
    <Stack gap="sm">
      <Table aria-label="Открытые сеансы" verticalSpacing="xs">
        <Table.Thead>
          <Table.Tr>
            <Table.Th>Устройство</Table.Th>
            <Table.Th>Адрес</Table.Th>
            <Table.Th>Вход</Table.Th>
            <Table.Th>Последнее действие</Table.Th>
            <Table.Th aria-label="Действия" w={130} />
          </Table.Tr>
        </Table.Thead>
        <Table.Tbody>
          {sessions.map((session) => (
            <Table.Tr key={session.id}>
              <Table.Td>{session.device || 'Неизвестное устройство'}</Table.Td>
              <Table.Td className="tabular">{session.address}</Table.Td>
              <Table.Td className="tabular">{when(session.created_at)}</Table.Td>
              <Table.Td className="tabular">{when(session.last_seen_at)}</Table.Td>
              <Table.Td ta="right" h={46}>
                {session.current ? (
                  <Text size="sm" c="dimmed">
                    этот сеанс
                  </Text>
                ) : (
                  <Button
                    variant="subtle"
                    color="red"
                    size="compact-sm"
                    aria-label={`Завершить: ${session.device}, вход ${when(session.created_at)}`}
                    loading={ending.isPending && ending.variables === session.id}
                    onClick={() => ending.mutate(session.id)}
                  >
                    Завершить
                  </Button>
                )}
              </Table.Td>
            </Table.Tr>
          ))}
        </Table.Tbody>
      </Table>
      {sessions.length > 1 && (
        <Group>
          <Button variant="default" loading={endingOthers.isPending} onClick={() => endingOthers.mutate()}>
            Завершить все остальные
          </Button>
        </Group>
      )}
    </Stack>
  );
}
