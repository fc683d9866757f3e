/** The window of one object of a list: around its fields what every such window has. */
import { Alert, Button, Group, Modal, Stack, Text } from '@mantine/core';
import { Form } from '@/components/fields/Form';
import { modals } from '@mantine/modals';
import { IconHistory, IconTrash } from '@tabler/icons-react';
import { type ReactNode, useState } from 'react';
import { ButtonLink } from '@/components/links';
import { ProblemAlert } from '@/components/ProblemAlert';
import { useRight } from '@/lib/api/me';
import type { ObjectType } from '@/lib/api/objectTypes';
import type { CardActions } from './useCardActions';

type Faults = Readonly<Record<string, string | undefined>>;

interface CardWindowProps<Saved> {
  readonly title: string;
  readonly size: number;
  readonly type: ObjectType;
  /** As it is stored; null for one that is being made. */
  readonly saved: Saved | null;
  readonly name: string;
  readonly actions: CardActions<Saved>;
  /** What has to be mended before it can be sent, by field; told from the first try on. */
  readonly missing: Faults;
  /** What the server refused, by field; what names no field stands below them all. */
  readonly refused: Faults;
  /** There is nothing to save. */
  readonly clean?: boolean;
  /** «Услуга удалена», and what that means for now. */
  readonly whenDeleted: { readonly title: string; readonly means: string };
  /** What becomes of it, asked before it is deleted. */
  readonly afterDeletion: string;
  /** Said in place of the problem itself, where not null. */
  readonly problem?: ReactNode;
  readonly onClose: () => void;
  readonly children: (faults: Faults) => ReactNode;
}

/** Saves by Enter, deletes after a question, brings a deleted object back, leads to its history. */
export function CardWindow<Saved extends { id: string; deleted: boolean }>(props: CardWindowProps<Saved>): ReactNode {
  const { title, size, type, saved, name, actions, missing, refused, onClose } = props;
  const { save, remove, bringBack } = actions;
  const mayRead = useRight('journal');
  const [checked, setChecked] = useState(false);
  const deleted = saved?.deleted === true;

  const askToDelete = (kept: Saved) =>
    modals.openConfirmModal({
      title: `Удалить: ${name}?`,
      children: props.afterDeletion,
      labels: { confirm: 'Удалить', cancel: 'Не удалять' },
      confirmProps: { color: 'red' },
      onConfirm: () => remove.mutate(kept),
    });

  return (
    <Modal opened onClose={onClose} size={size} title={title} closeOnClickOutside={false}>
      <Form
        onSubmit={() => {
          setChecked(true);
          if (Object.keys(missing).length === 0) save.mutate();
        }}
      >
        <Stack gap="sm">
          {saved !== null && deleted && (
            <Alert color="gray" title={props.whenDeleted.title}>
              <Group justify="space-between" gap="sm">
                <Text fz="sm">{props.whenDeleted.means}</Text>
                <Button size="compact-sm" loading={bringBack.isPending} onClick={() => bringBack.mutate(saved)}>
                  Вернуть
                </Button>
              </Group>
            </Alert>
          )}
          <ProblemAlert error={bringBack.error} title="Вернуть не получилось" />
          {props.children({ ...(checked ? missing : {}), ...refused })}
          {props.problem ??
            (Object.keys(refused).length === 0 && <ProblemAlert error={save.error} title="Сохранить не получилось" />)}
          <Group justify="space-between" gap="sm" mt={4}>
            <Group gap="xs">
              {saved !== null && !deleted && (
                <Button
                  variant="subtle"
                  color="red"
                  leftSection={<IconTrash size={16} stroke={1.7} aria-hidden />}
                  loading={remove.isPending}
                  onClick={() => askToDelete(saved)}
                >
                  Удалить
                </Button>
              )}
              {saved !== null && mayRead && (
                <ButtonLink
                  to="/history/$type/$id"
                  params={{ type, id: saved.id }}
                  variant="subtle"
                  color="gray"
                  leftSection={<IconHistory size={16} stroke={1.7} aria-hidden />}
                >
                  История
                </ButtonLink>
              )}
            </Group>
            <Group gap="sm">
              <Button variant="default" onClick={onClose}>
                {deleted ? 'Закрыть' : 'Отмена'}
              </Button>
              {!deleted && (
                <Button type="submit" disabled={saved !== null && props.clean === true} loading={save.isPending}>
                  {saved === null ? 'Создать' : 'Сохранить'}
                </Button>
              )}
            </Group>
          </Group>
        </Stack>
      </Form>
    </Modal>
  );
}
