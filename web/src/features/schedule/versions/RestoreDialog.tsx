/** «Вернуться к данному состоянию»: what it will change, and the return itself. */
import { useReturnFocus } from '@/components/useReturnFocus';
import { Alert, Button, Group, List, Modal, Text } from '@mantine/core';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useNavigate } from '@tanstack/react-router';
import type { ReactNode } from 'react';
import { reportDone } from '@/components/notices';
import { useStillHere } from '@/components/ownPage';
import { isProblem, sentence } from '@/lib/api/problem';
import { restoreVersion, type PastSchedule } from '../queries';
import { formatChanges } from './versionWords';

interface RestoreDialogProps {
  readonly then: PastSchedule;
  readonly moment: string;
  readonly onClose: () => void;
  readonly onRefused: (reason: string) => void;
}

export function RestoreDialog({ then, moment, onClose, onRefused }: RestoreDialogProps): ReactNode {
  useReturnFocus();
  const navigate = useNavigate();
  const isStillHere = useStillHere();
  const queries = useQueryClient();
  const restoring = useMutation({
    mutationFn: () => restoreVersion(then.current_version, then.version),
    onSuccess: async () => {
      await queries.invalidateQueries({ queryKey: ['schedule'] });
      reportDone(`График возвращён к состоянию на ${moment}.`);
      if (isStillHere()) await navigate({ to: '/settings/hours' });
    },
    onError: (error) => {
      if (isProblem(error, 'schedule_moved')) {
        onRefused(
          'Пока окно было открыто, график сохранил кто-то ещё. Сравнение обновлено: проверьте его и повторите.',
        );
      } else if (isProblem(error, 'conflicting_visits', 'employees_deleted_since')) {
        onRefused(sentence(error));
      }
    },
  });
  const untouched = then.employees.filter((employee) => employee.not_in_version).length;

  return (
    <Modal opened onClose={onClose} title={`Вернуться к графику на ${moment}?`} size="lg">
      <Text size="sm">
        Будет сохранена новая версия с часами того дня. Прежние версии останутся: к ним тоже можно вернуться.
      </Text>
      <Text size="sm" mt="sm">
        Что изменится за всё время, прошедшие дни тоже:
      </Text>
      <List size="sm" spacing={4}>
        {formatChanges(then.changes).map((part) => (
          <List.Item key={part}>{part}</List.Item>
        ))}
      </List>
      {untouched > 0 && (
        <Text size="sm" mt="sm">
          Сотрудников, которых в той версии нет: {untouched}. Их часы останутся нынешними
          {then.changes.organisation_changed && '; нынешние часы организации станут их собственным графиком'}.
        </Text>
      )}
      <Text size="sm" my="sm">
        Визиты не переносятся и не удаляются.
      </Text>
      {restoring.isError &&
        !isProblem(restoring.error, 'schedule_moved', 'conflicting_visits', 'employees_deleted_since') && (
          <Alert color="red" mb="sm" role="alert">
            {sentence(restoring.error)}
          </Alert>
        )}
      <Group justify="flex-end" gap="xs">
        <Button variant="default" onClick={onClose}>
          Отмена
        </Button>
        <Button loading={restoring.isPending} onClick={() => restoring.mutate()} data-autofocus>
          Вернуть этот график
        </Button>
      </Group>
    </Modal>
  );
}
