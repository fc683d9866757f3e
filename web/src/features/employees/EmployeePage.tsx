/** An employee's card: fields, access to the system, working hours, deletion and return. */
import { Alert, Box, Button, Group, Paper, Stack, Title } from '@mantine/core';
import { SaveBar } from '@/components/card/SaveBar';
import { useCardEdits } from '@/components/card/useCardEdits';
import { Form } from '@/components/fields/Form';
import { Loading } from '@/components/Loading';
import { IconClockHour4, IconHistory, IconTrash } from '@tabler/icons-react';
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { getRouteApi, Link } from '@tanstack/react-router';
import { useRecordedPrint } from '@/lib/api/accessLog';
import { useState, type ReactNode } from 'react';
import { reportDone } from '@/components/notices';
import { ButtonLink } from '@/components/links';
import { Page } from '@/components/Page';
import { PhotoPanel } from '@/components/PhotoPanel';
import { ProblemAlert } from '@/components/ProblemAlert';
import { UnsavedGuard } from '@/components/UnsavedGuard';
import { useMe, useRight } from '@/lib/api/me';
import { FollowedConflicts } from '@/entities/visit/FollowedConflicts';
import { hasConflicts } from '@/entities/visit/conflicts';
import { employeePhotoAddress } from '@/lib/api/photos';
import { AccessPanel } from './AccessPanel';
import { cardOf, faultsOfRefusal, toSend } from './card';
import { CardFields } from './CardFields';
import { DeleteDialog } from './DeleteDialog';
import {
  changeEmployee,
  employeeQuery,
  removeEmployeePhoto,
  returnEmployee,
  setEmployeePhoto,
  type EmployeeCard,
  type EmployeeChange,
} from './queries';
import { ServicesPanel } from './ServicesPanel';
import classes from './EmployeePage.module.css';

const route = getRouteApi('/shell/employees/$id');

export function EmployeePage(): ReactNode {
  const { id } = route.useParams();
  const { rights } = useMe();
  const employee = useQuery(employeeQuery(id));
  const data = employee.data;
  useRecordedPrint(data === undefined ? null : { objectType: 'employee', count: 1 });
  return (
    <Page
      title={data?.name ?? 'Сотрудник'}
      actions={
        <>
          {rights.includes('hours') && data?.deleted === false && (
            <Button
              renderRoot={(props) => <Link {...props} to="/settings/hours" search={{ employee: id }} />}
              variant="default"
              leftSection={<IconClockHour4 size={17} stroke={1.6} />}
            >
              График работы
            </Button>
          )}
          {rights.includes('journal') && (
            <ButtonLink
              to="/history/$type/$id"
              params={{ type: 'employee', id }}
              variant="default"
              leftSection={<IconHistory size={17} stroke={1.6} />}
            >
              История
            </ButtonLink>
          )}
        </>
      }
    >
      {employee.isError && <ProblemAlert error={employee.error} />}
      {employee.isPending && <Loading height={380} what="Карточка загружается" />}
      {data && <EmployeeForm key={id} employee={data} />}
    </Page>
  );
}

function EmployeeForm({ employee }: { employee: EmployeeCard }): ReactNode {
  const queries = useQueryClient();
  const maySetServices = useRight('services');
  const { access } = route.useSearch();
  const [deleting, setDeleting] = useState(false);
  const saved = cardOf(employee);

  async function refresh(): Promise<void> {
    await Promise.all([
      queries.invalidateQueries({ queryKey: ['employee', employee.id] }),
      queries.invalidateQueries({ queryKey: ['employees'] }),
    ]);
  }

  const edited = useCardEdits({
    saved,
    gone: employee.deleted ? 'deleted' : null,
    send: (touched) => changeEmployee(employee.id, employee.version, toSend(touched) as EmployeeChange),
    refresh,
    onSaved: () => reportDone('Карточка сохранена.'),
  });
  const returning = useMutation({
    mutationFn: () => returnEmployee(employee.id, employee.version),
    onSuccess: async () => {
      await refresh();
      reportDone('Сотрудник снова в справочнике и в графике.');
    },
  });
  const { edits, dirty, savable, saving, setField, save, forget } = edited;
  const faults = faultsOfRefusal(saving.error);
  const conflict = hasConflicts(saving.error) ? saving.error : null;

  return (
    <>
      {employee.deleted && (
        <Alert color="gray" mb="md" title="Сотрудник удалён">
          <Group gap="sm">
            Карточка сохранена, в графике и календаре сотрудника нет.
            <Button size="compact-sm" loading={returning.isPending} onClick={() => returning.mutate()}>
              Вернуть
            </Button>
          </Group>
        </Alert>
      )}
      {returning.isError && <ProblemAlert error={returning.error} />}
      <div className={classes.columns}>
        <Paper withBorder p="lg" component="section" aria-label="Карточка">
          <Box mb="lg">
            <PhotoPanel
              name={employee.name}
              address={employee.photo === null ? null : employeePhotoAddress(employee.id, employee.photo)}
              size={72}
              changeable={!employee.deleted}
              onChange={(file) =>
                file === null
                  ? removeEmployeePhoto(employee.id, employee.version)
                  : setEmployeePhoto(employee.id, employee.version, file)
              }
              onDone={refresh}
            />
          </Box>
          <Form onSubmit={save}>
            <Stack gap="md">
              <CardFields
                employee={employee}
                saved={saved}
                edits={edits}
                disabled={employee.deleted}
                faults={faults}
                onType={setField}
              />
              {conflict && (
                <FollowedConflicts
                  whom={{ kind: 'employee', id: employee.id }}
                  refusal={conflict}
                  done="Сохраните снова."
                />
              )}
              <SaveBar what="Карточку" edited={edited} faults={faults} elsewhere={conflict !== null}>
                <Group justify="space-between">
                  <Group gap="xs">
                    <Button type="submit" disabled={!savable} loading={saving.isPending}>
                      Сохранить
                    </Button>
                    <Button variant="subtle" disabled={!dirty} onClick={forget}>
                      Отменить правки
                    </Button>
                  </Group>
                  {!employee.deleted && (
                    <Button
                      variant="subtle"
                      color="red"
                      leftSection={<IconTrash size={17} stroke={1.6} />}
                      onClick={() => setDeleting(true)}
                    >
                      Удалить
                    </Button>
                  )}
                </Group>
              </SaveBar>
            </Stack>
          </Form>
        </Paper>
        <Stack gap="md">
          <Paper withBorder p="lg" component="section" aria-labelledby="access-title">
            <Title order={2} id="access-title" mb="sm">
              Доступ к системе
            </Title>
            <AccessPanel employee={employee} opened={access === true} onDone={refresh} />
          </Paper>
          {maySetServices && employee.takes_visits && (
            <Paper withBorder p="lg" component="section" aria-labelledby="services-title">
              <Title order={2} id="services-title" mb="sm">
                Услуги
              </Title>
              <ServicesPanel id={employee.id} deleted={employee.deleted} />
            </Paper>
          )}
        </Stack>
      </div>
      {deleting && <DeleteDialog employee={employee} onDone={refresh} onClose={() => setDeleting(false)} />}
      <UnsavedGuard when={dirty} />
    </>
  );
}
