/** The window of one object of a list: around its fields what every such window has. */
import { Alert, Button, Group, Modal, Stack, Text } from '@mantine/core';
import { Form } from '@/components/fields/Form';
import { IconHistory, IconTrash } from '@tabler/icons-react';
import { type ReactNode, useState } from 'react';
import { askFirst } from '@/components/askFirst';
import { ButtonLink } from '@/components/links';
import { ProblemAlert } from '@/components/ProblemAlert';
import { UnsavedGuard } from '@/components/UnsavedGuard';
import { useRight } from '@/lib/api/me';
import type { ObjectType } from '@/lib/api/objectTypes';
import { SaveRefusal } from './SaveRefusal';
import type { WindowedCard } from './useCardWindow';

type Faults = Readonly<Record<string, string | undefined>>;

interface CardWindowProps<Stored, C> {
  readonly title: string;
  readonly size: number;
  readonly type: ObjectType;
  /** As it is stored; null for one that is being made. */
  readonly stored: Stored | null;
  readonly name: string;
  /** It in the accusative: «Услугу». */
  readonly what: string;
  readonly edited: WindowedCard<Stored, C>;
  /** What has to be mended before it can be sent, by field; shown from the first try on. */
  readonly missing: Faults;
  /** What the server refused, by field; what names no field stands below them all. */
  readonly refused: Faults;
  /** «Услуга удалена», and what that means for now. */
  readonly whenDeleted: { readonly title: string; readonly means: string };
  /** What becomes of it, asked before it is deleted. */
  readonly afterDeletion: string;
  /** Whether this user may delete it and bring it back; without it, whoever may change it. */
  readonly deletable?: boolean;
  readonly onClose: () => void;
  readonly children: (faults: Faults) => ReactNode;
}

/** Saves by Enter, deletes after a question, brings a deleted object back, leads to its history. */
export function CardWindow<Stored extends { id: string; deleted: boolean }, C>(
  props: CardWindowProps<Stored, C>,
): ReactNode {
  const { title, size, type, stored, name, what, edited, missing, refused, onClose } = props;
  const { dirty, savable, saving, save, remove, bringBack } = edited;
  const mayRead = useRight('journal');
  const [checked, setChecked] = useState(false);
  const deleted = stored?.deleted === true;
  const { deletable = true } = props;

  const askToDelete = (card: Stored) =>
    askFirst({ title: `Удалить: ${name}?`, means: props.afterDeletion, onConfirm: () => remove.mutate(card) });

  return (
    <Modal opened onClose={onClose} size={size} title={title} closeOnClickOutside={false}>
      <Form
        creating={stored === null && saving.isPending}
        onSubmit={() => {
          setChecked(true);
          if (Object.keys(missing).length === 0) save();
        }}
      >
        <Stack gap="sm">
          {stored !== null && deleted && (
            <Alert color="gray" title={props.whenDeleted.title}>
              <Group justify="space-between" gap="sm">
                <Text fz="sm">{props.whenDeleted.means}</Text>
                {deletable && (
                  <Button size="compact-sm" loading={bringBack.isPending} onClick={() => bringBack.mutate(stored)}>
                    Вернуть
                  </Button>
                )}
              </Group>
            </Alert>
          )}
          <ProblemAlert error={bringBack.error} title="Вернуть не получилось" />
          {props.children({ ...(checked ? missing : {}), ...refused })}
          <SaveRefusal what={what} edited={edited} faults={refused} />
          <Group justify="space-between" gap="sm" mt={4}>
            <Group gap="xs">
              {stored !== null && !deleted && deletable && (
                <Button
                  variant="subtle"
                  color="red"
                  leftSection={<IconTrash size={16} stroke={1.7} aria-hidden />}
                  loading={remove.isPending}
                  onClick={() => askToDelete(stored)}
                >
                  Удалить
                </Button>
              )}
              {stored !== null && mayRead && (
                <ButtonLink
                  to="/history/$type/$id"
                  params={{ type, id: stored.id }}
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
              {(!deleted || dirty) && (
                <Button type="submit" disabled={stored !== null && !savable} loading={saving.isPending}>
                  {stored === null ? 'Создать' : 'Сохранить'}
                </Button>
              )}
            </Group>
          </Group>
        </Stack>
      </Form>
      <UnsavedGuard when={dirty} />
    </Modal>
  );
}
