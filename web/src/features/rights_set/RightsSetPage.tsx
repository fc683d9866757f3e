/** A set of rights: what it gives, who has it, deletion and return. */
import { Alert, Button, Group, Paper, Stack, Text, Title } from '@mantine/core';
import { IconHistory, IconTrash } from '@tabler/icons-react';
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { getRouteApi, useNavigate } from '@tanstack/react-router';
import type { ReactNode } from 'react';
import { askFirst } from '@/components/askFirst';
import { ButtonLink } from '@/components/links';
import { ObjectLink } from '@/entities/object/ObjectLink';
import { Loading } from '@/components/Loading';
import { reportDone } from '@/components/notices';
import { useStillHere } from '@/components/ownPage';
import { Page } from '@/components/Page';
import { ProblemAlert } from '@/components/ProblemAlert';
import { useMe } from '@/lib/api/me';
import {
  changeRightsSet,
  createRightsSet,
  deleteRightsSet,
  returnRightsSet,
  rightsSetQuery,
  rightsTreeQuery,
  type RightsSet,
  type TreeNode,
} from '@/entities/rights_set/queries';
import { changeOf, draftOf, fields, NEW_DRAFT } from './draft';
import { RightsSetForm } from './RightsSetForm';
import classes from './RightsSetPage.module.css';

const route = getRouteApi('/shell/settings/rights/$id');

export function NewRightsSetPage(): ReactNode {
  const tree = useQuery(rightsTreeQuery);
  const queries = useQueryClient();
  const navigate = useNavigate();
  const isStillHere = useStillHere();
  return (
    <Page title="Новый набор прав доступа">
      {tree.isError && <ProblemAlert error={tree.error} />}
      {tree.isPending && <Loading height={420} what="Права загружаются" />}
      {tree.data && (
        <Paper withBorder p="lg" maw={860}>
          <RightsSetForm
            isNew
            tree={tree.data.items}
            saved={NEW_DRAFT}
            onSave={async (draft) => {
              const { id } = await createRightsSet(fields(draft));
              void queries.invalidateQueries({ queryKey: ['rights-sets'] });
              reportDone('Набор создан. Назначить его можно в карточке сотрудника.');
              if (!isStillHere()) return;
              await navigate({ to: '/settings/rights/$id', params: { id }, replace: true, ignoreBlocker: true });
            }}
          />
        </Paper>
      )}
    </Page>
  );
}

export function RightsSetPage(): ReactNode {
  const { id } = route.useParams();
  const { rights } = useMe();
  const set = useQuery(rightsSetQuery(id));
  const tree = useQuery(rightsTreeQuery);
  return (
    <Page
      title={set.data?.name ?? 'Набор прав доступа'}
      actions={
        rights.includes('journal') && (
          <ButtonLink
            to="/history/$type/$id"
            params={{ type: 'rights_set', id }}
            variant="default"
            leftSection={<IconHistory size={17} stroke={1.6} />}
          >
            История
          </ButtonLink>
        )
      }
    >
      {(set.isError || tree.isError) && <ProblemAlert error={set.error ?? tree.error} />}
      {(set.isPending || tree.isPending) && <Loading height={420} what="Набор загружается" />}
      {set.data && tree.data && <Card key={id} set={set.data} tree={tree.data.items} />}
    </Page>
  );
}

function Card({ set, tree }: { set: RightsSet; tree: readonly TreeNode[] }): ReactNode {
  const queries = useQueryClient();

  async function refresh(): Promise<void> {
    await Promise.all([
      queries.invalidateQueries({ queryKey: ['rights-set', set.id] }),
      queries.invalidateQueries({ queryKey: ['rights-sets'] }),
    ]);
  }

  const deleting = useMutation({
    mutationFn: () => deleteRightsSet(set),
    onSuccess: async () => {
      await refresh();
      reportDone('Набор удалён. Вернуть можно здесь же.');
    },
    onError: () => void refresh(),
  });
  const returning = useMutation({
    mutationFn: () => returnRightsSet(set),
    onSuccess: async () => {
      await refresh();
      reportDone('Набор снова можно назначать.');
    },
  });

  return (
    <>
      {set.deleted && (
        <Alert color="gray" mb="md" title="Набор удалён">
          <Group gap="sm">
            Назначить его нельзя.
            <Button size="compact-sm" loading={returning.isPending} onClick={() => returning.mutate()}>
              Вернуть
            </Button>
          </Group>
        </Alert>
      )}
      <ProblemAlert error={returning.error} />
      <div className={classes.columns}>
        <Paper withBorder p="lg" component="section" aria-label="Права набора">
          <RightsSetForm
            tree={tree}
            saved={draftOf(set)}
            disabled={set.deleted}
            allRights={set.all_rights}
            onSave={(draft, differing) => changeRightsSet(set, changeOf(draft, differing))}
            refresh={refresh}
            onSaved={() => reportDone('Набор сохранён и уже действует.')}
          />
        </Paper>
        <Stack gap="md">
          <Paper withBorder p="lg" component="section" aria-label="Сотрудники с этим набором">
            <Title order={2} mb="sm">
              Сотрудники
            </Title>
            <People set={set} />
          </Paper>
          {!set.deleted && !set.all_rights && (
            <div>
              <Button
                variant="subtle"
                color="red"
                leftSection={<IconTrash size={17} stroke={1.6} />}
                loading={deleting.isPending}
                onClick={() =>
                  askFirst({
                    title: `Удалить набор: ${set.name}?`,
                    means: 'Назначить его будет нельзя. Набор можно вернуть.',
                    onConfirm: () => deleting.mutate(),
                  })
                }
              >
                Удалить набор
              </Button>
              <ProblemAlert error={deleting.error} />
            </div>
          )}
        </Stack>
      </div>
    </>
  );
}

function People({ set }: { set: RightsSet }): ReactNode {
  const { rights } = useMe();
  if (set.employees.length === 0) {
    return (
      <Text size="sm" c="dimmed">
        Набор никому не назначен. Это делают в карточке сотрудника: «Разрешить доступ к системе».
      </Text>
    );
  }
  return (
    <ul className={classes.people}>
      {set.employees.map(({ id, name }) => (
        <li key={id}>
          {rights.includes('employees') ? (
            <ObjectLink type="employee" id={id}>
              {name}
            </ObjectLink>
          ) : (
            name
          )}
        </li>
      ))}
    </ul>
  );
}
