/** «Разрешить доступ к системе»: e-mail, password, set of rights. */
import { Button, Checkbox, Group, PasswordInput, Select, Skeleton, Stack, Text, TextInput } from '@mantine/core';
import { useMutation, useQuery } from '@tanstack/react-query';
import type { ReactNode } from 'react';
import { askFirst } from '@/components/askFirst';
import { SaveRefusal } from '@/components/card/SaveRefusal';
import { theirNote } from '@/components/card/theirNote';
import { useCardEdits } from '@/components/card/useCardEdits';
import { Form } from '@/components/fields/Form';
import { reportDone } from '@/components/notices';
import { ProblemAlert } from '@/components/ProblemAlert';
import { UnsavedGuard } from '@/components/UnsavedGuard';
import { rightsSetChoicesQuery } from '@/entities/rights_set/queries';
import { faultsOfRefusal } from './card';
import { useRight } from '@/lib/api/me';
import { giveAccess, removeSecondFactor, withdrawAccess, type EmployeeCard } from './queries';

/** The access as the form shows it. */
interface Access {
  readonly allowed: boolean;
  readonly email: string;
  /** A new one; it is never shown again. */
  readonly password: string;
  readonly rights_set_id: string | null;
}

interface AccessPanelProps {
  readonly employee: EmployeeCard;
  /** Access is about to be given: the box is ticked already. */
  readonly opened: boolean;
  readonly onDone: () => Promise<void>;
}

export function AccessPanel({ employee, opened, onDone }: AccessPanelProps): ReactNode {
  const sets = useQuery(rightsSetChoicesQuery);
  const given = employee.access?.allowed === true ? employee.access : null;
  // who gets access for the first time is offered what their position says
  const proposed = given === null ? employee.proposed_rights_set : null;
  const saved: Access = {
    allowed: given !== null,
    email: given?.email ?? employee.email,
    password: '',
    rights_set_id: given?.rights_set.id ?? proposed,
  };
  const edited = useCardEdits<Access>({
    saved,
    gone: employee.deleted ? 'deleted' : null,
    start: opened && given === null && !employee.deleted ? { allowed: true } : {},
    send: (sending) => {
      if (!{ ...saved, ...sending }.allowed) return withdrawAccess(employee.id);
      // of an access that is there only what was changed here: what others changed meanwhile stays
      const { email, password, rights_set_id } = given === null ? { ...saved, ...sending } : sending;
      return giveAccess(employee.id, {
        ...(email === undefined ? {} : { email: email.trim() }),
        ...(rights_set_id === undefined ? {} : { rights_set_id }),
        ...(password === undefined ? {} : { password }),
      });
    },
    refresh: onDone,
    onSaved: (sent) => reportDone({ ...saved, ...sent }.allowed ? 'Доступ сохранён.' : 'Доступ закрыт.'),
  });
  const { edits, card, saving, setField, forget } = edited;
  const removing = useMutation({
    mutationFn: () => removeSecondFactor(employee.id),
    onSuccess: async () => {
      await onDone();
      reportDone('Вход с кодом отключён.');
    },
  });
  const managesRights = useRight('rights');
  const { email, password } = faultsOfRefusal(saving.error) ?? {};
  const shown = { ...(email !== undefined && { email }), ...(password !== undefined && { password }) };
  const dirty = edited.dirty && (given !== null || card.allowed);
  const complete = card.email.trim() !== '' && card.rights_set_id !== null && (given !== null || card.password !== '');
  const nameOf = (id: string | null) => sets.data?.items.find((set) => set.id === id)?.name ?? '';

  if (sets.isPending) return <Skeleton h={180} />;
  if (sets.isError) return <ProblemAlert error={sets.error} />;
  return (
    <Form autoComplete="off" onSubmit={edited.save}>
      <Stack gap="sm">
        <Checkbox
          label="Разрешить доступ к системе"
          disabled={employee.deleted}
          checked={card.allowed}
          onChange={(event) => setField('allowed', event.currentTarget.checked)}
        />
        {card.allowed ? (
          <>
            <TextInput
              label="E-mail для входа"
              autoFocus={opened && given === null}
              type="text"
              autoComplete="off"
              required
              withAsterisk={false}
              disabled={employee.deleted}
              description={theirNote(edits, saved, 'email', (theirs) => theirs)}
              value={card.email}
              error={email}
              onChange={(event) => setField('email', event.currentTarget.value)}
            />
            <PasswordInput
              label={given ? 'Новый пароль' : 'Пароль'}
              description={
                given ? 'Оставьте пустым, чтобы не менять. Новый пароль завершит открытые сеансы.' : undefined
              }
              autoComplete="new-password"
              disabled={employee.deleted}
              value={card.password}
              error={password}
              onChange={(event) => setField('password', event.currentTarget.value)}
            />
            <Select
              label="Набор прав"
              placeholder="Выберите"
              description={theirNote(
                edits,
                saved,
                'rights_set_id',
                nameOf,
                proposed !== null && card.rights_set_id === proposed && `Предложен по должности «${employee.position}»`,
              )}
              allowDeselect={false}
              disabled={employee.deleted}
              data={sets.data.items.map(({ id, name }) => ({ value: id, label: name }))}
              value={card.rights_set_id}
              onChange={(set) => setField('rights_set_id', set)}
            />
          </>
        ) : (
          <Text size="sm" c="dimmed">
            {given
              ? 'После сохранения сотрудник не сможет войти, открытые сеансы завершатся.'
              : 'Сотрудник не может входить в систему.'}
          </Text>
        )}
        {given?.second_factor === true && card.allowed && (
          <Group gap="xs">
            <Text size="sm">Входит с кодом из приложения.</Text>
            {managesRights && (
              <Button
                variant="default"
                size="compact-sm"
                loading={removing.isPending}
                onClick={() =>
                  askFirst({
                    title: `Отключить вход с кодом: ${employee.name}?`,
                    means: 'Для входа хватит пароля, пока сотрудник не включит код снова.',
                    confirm: 'Отключить',
                    cancel: 'Не отключать',
                    onConfirm: () => removing.mutate(),
                  })
                }
              >
                Отключить вход с кодом
              </Button>
            )}
          </Group>
        )}
        <ProblemAlert error={removing.error} />
        <SaveRefusal what="Доступ" edited={{ ...edited, dirty }} faults={shown} />
        <Group gap="xs">
          {(card.allowed || dirty) && (
            <Button
              type="submit"
              variant={dirty ? 'filled' : 'default'}
              disabled={!dirty || !edited.savable || (card.allowed && !complete)}
              loading={saving.isPending}
            >
              {card.allowed ? 'Сохранить доступ' : 'Закрыть доступ'}
            </Button>
          )}
          {dirty && (
            <Button variant="subtle" onClick={forget}>
              Отмена
            </Button>
          )}
        </Group>
      </Stack>
      <UnsavedGuard when={dirty && Object.keys(edits).some((field) => field !== 'allowed' || given !== null)} />
    </Form>
  );
}
