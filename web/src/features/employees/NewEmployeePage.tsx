import { Button, Group, Paper, Text } from '@mantine/core';
import { Form } from '@/components/fields/Form';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { getRouteApi, useNavigate } from '@tanstack/react-router';
import { useState, type ReactNode } from 'react';
import { reportDone } from '@/components/notices';
import { ButtonLink } from '@/components/links';
import { Page } from '@/components/Page';
import { ProblemAlert } from '@/components/ProblemAlert';
import { UnsavedGuard } from '@/components/UnsavedGuard';
import { changed, NO_CARD_EDITS, typed } from '@/lib/cardEdits';
import { EMPTY_CARD, faultsOfRefusal, toSend } from './card';
import { CardFields } from './CardFields';
import { hire, type NewEmployee } from './queries';

const route = getRouteApi('/shell/employees/new');

/** A new employee: follows the organisation's hours until they get their own. */
export function NewEmployeePage(): ReactNode {
  const navigate = useNavigate();
  const queries = useQueryClient();
  const [edits, setEdits] = useState(NO_CARD_EDITS);
  const [done, setDone] = useState<string | null>(null);
  const { takes_visits = false, access } = route.useSearch();
  const start = { ...EMPTY_CARD, takes_visits };
  const card = { ...start, ...changed(edits, start) };
  const hiring = useMutation({
    mutationFn: () => hire(toSend(card) as NewEmployee),
    onSuccess: async ({ id }) => {
      setDone(id);
      await queries.invalidateQueries({ queryKey: ['employees'] });
      reportDone('Сотрудник добавлен. Он работает по графику организации.');
      await navigate({
        to: '/employees/$id',
        params: { id },
        search: access === true ? { access } : {},
        replace: true,
        ignoreBlocker: true,
      });
    },
  });
  const faults = faultsOfRefusal(hiring.error);

  return (
    <Page title="Новый сотрудник">
      <Paper withBorder p="lg" maw={860}>
        <Form onSubmit={() => hiring.mutate()}>
          <CardFields
            employee={null}
            saved={start}
            edits={edits}
            faults={faults}
            onType={(field, value) => {
              setEdits((before) => typed(before, start, field, value));
              if (faults !== null) hiring.reset();
            }}
          />
          <Text size="sm" c="dimmed" my="md">
            {access === true
              ? 'Доступ к системе дайте на следующем шаге: он откроется сразу после создания.'
              : 'Доступ к системе и график настраиваются в карточке после создания.'}
          </Text>
          {hiring.isError && faults === null && <ProblemAlert error={hiring.error} />}
          <Group gap="xs" mt="md">
            <Button type="submit" loading={hiring.isPending} disabled={Object.keys(edits).length === 0}>
              Создать
            </Button>
            <ButtonLink to="/employees" variant="default">
              Отмена
            </ButtonLink>
          </Group>
        </Form>
      </Paper>
      <UnsavedGuard when={Object.keys(edits).length > 0 && done === null} />
    </Page>
  );
}
