import { Button, Group, Paper, Text } from '@mantine/core';
import { SaveBar } from '@/components/card/SaveBar';
import { useCardEdits } from '@/components/card/useCardEdits';
import { Form } from '@/components/fields/Form';
import { useQueryClient } from '@tanstack/react-query';
import { getRouteApi, useNavigate } from '@tanstack/react-router';
import type { ReactNode } from 'react';
import { reportDone } from '@/components/notices';
import { ButtonLink } from '@/components/links';
import { useStillHere } from '@/components/ownPage';
import { Page } from '@/components/Page';
import { UnsavedGuard } from '@/components/UnsavedGuard';
import type { Card } from '@/lib/cardEdits';
import { EMPTY_CARD, faultsOfRefusal, toSend } from './card';
import { CardFields } from './CardFields';
import { hire } from './queries';

const route = getRouteApi('/shell/employees/new');

/** A new employee: follows the organisation's hours until they get their own. */
export function NewEmployeePage(): ReactNode {
  const navigate = useNavigate();
  const queries = useQueryClient();
  const isStillHere = useStillHere();
  const { takes_visits = false, access } = route.useSearch();
  const saved: Card = { ...EMPTY_CARD, takes_visits };
  const edited = useCardEdits<Card>({
    saved,
    send: async (sending) => {
      const { id } = await hire(toSend({ ...saved, ...sending }));
      void queries.invalidateQueries({ queryKey: ['employees'] });
      reportDone('Сотрудник добавлен. Он работает по графику организации.');
      if (!isStillHere()) return;
      await navigate({
        to: '/employees/$id',
        params: { id },
        search: access === true ? { access } : {},
        replace: true,
        ignoreBlocker: true,
      });
    },
    refresh: () => Promise.resolve(),
  });
  const { edits, saving, dirty, setField, save } = edited;
  const faults = faultsOfRefusal(saving.error);

  return (
    <Page title="Новый сотрудник">
      <Paper withBorder p="lg" maw={860}>
        <Form creating={saving.isPending} onSubmit={save}>
          <CardFields employee={null} saved={saved} edits={edits} faults={faults} onType={setField} />
          <Text size="sm" c="dimmed" my="md">
            {access === true
              ? 'Доступ к системе дайте на следующем шаге: он откроется сразу после создания.'
              : 'Доступ к системе и график настраиваются в карточке после создания.'}
          </Text>
          <SaveBar what="Карточку" edited={edited} faults={faults}>
            <Group gap="xs">
              <Button type="submit" loading={saving.isPending} disabled={!dirty}>
                Создать
              </Button>
              <ButtonLink to="/employees" variant="default">
                Отмена
              </ButtonLink>
            </Group>
          </SaveBar>
        </Form>
      </Paper>
      <UnsavedGuard when={dirty} />
    </Page>
  );
}
