/** «Разрешить доступ к системе»: e-mail, password, set of rights. */
import { Button, Checkbox, Group, PasswordInput, Select, Skeleton, Stack, Text, TextInput } from '@mantine/core';
import { useMutation, useQuery } from '@tanstack/react-query';
import { useState, type ReactNode } from 'react';
import { Form } from '@/components/fields/Form';
import { reportDone } from '@/components/notices';
import { ProblemAlert } from '@/components/ProblemAlert';
import { rightsSetChoicesQuery } from '@/lib/api/rightsSets';
import { faultsOfRefusal } from './card';
import { useRight } from '@/lib/api/me';
import { giveAccess, removeSecondFactor, withdrawAccess, type EmployeeCard } from './queries';

interface AccessPanelProps {
  readonly employee: EmployeeCard;
  /** Access is about to be given: the box is ticked already. */
  readonly opened: boolean;
  readonly onDone: () => Promise<void>;
}

export function AccessPanel({ employee, opened, onDone }: AccessPanelProps): ReactNode {
  const sets = useQuery(rightsSetChoicesQuery);
  const given = employee.access?.allowed === true ? employee.access : null;
  const [allowed, setAllowed] = useState<boolean | null>(opened && given === null && !employee.deleted ? true : null);
  const [email, setEmail] = useState<string | null>(null);
  const [password, setPassword] = useState('');
  const [setId, setSetId] = useState<string | null>(null);
  const isAllowed = allowed ?? given !== null;
  const shownEmail = email ?? given?.email ?? employee.email;
  // who gets access for the first time is offered what their position says
  const proposed = given === null ? employee.proposed_rights_set : null;
  const shownSet = setId ?? given?.rights_set.id ?? proposed;

  const giving = useMutation({
    mutationFn: () =>
      giveAccess(employee.id, {
        // of an access that is there only what was changed here: what others changed meanwhile stays
        ...(given === null || shownEmail !== given.email ? { email: shownEmail.trim() } : {}),
        ...(given === null || shownSet !== given.rights_set.id ? { rights_set_id: shownSet } : {}),
        ...(password === '' ? {} : { password }),
      }),
    onSuccess: async () => {
      await onDone();
      forget();
      reportDone('Доступ сохранён.');
    },
  });
  const withdrawing = useMutation({
    mutationFn: () => withdrawAccess(employee.id),
    onSuccess: async () => {
      await onDone();
      forget();
      reportDone('Доступ закрыт.');
    },
  });
  const removing = useMutation({
    mutationFn: () => removeSecondFactor(employee.id),
    onSuccess: async () => {
      await onDone();
      reportDone('Вход с кодом отключён.');
    },
  });
  const managesRights = useRight('rights');
  const faults = faultsOfRefusal(giving.error);
  const dirty =
    given === null
      ? isAllowed
      : !isAllowed || shownEmail !== given.email || shownSet !== given.rights_set.id || password !== '';
  const complete = shownEmail.trim() !== '' && shownSet !== null && (given !== null || password !== '');

  function forget(): void {
    setAllowed(null);
    setEmail(null);
    setPassword('');
    setSetId(null);
  }

  if (sets.isPending) return <Skeleton h={180} />;
  if (sets.isError) return <ProblemAlert error={sets.error} />;
  return (
    <Form
      autoComplete="off"
      onSubmit={() => {
        if (isAllowed) giving.mutate();
        else withdrawing.mutate();
      }}
    >
      <Stack gap="sm">
        <Checkbox
          label="Разрешить доступ к системе"
          disabled={employee.deleted}
          checked={isAllowed}
          onChange={(event) => setAllowed(event.currentTarget.checked)}
        />
        {isAllowed ? (
          <>
            <TextInput
              label="E-mail для входа"
              autoFocus={opened && given === null}
              type="text"
              autoComplete="off"
              required
              withAsterisk={false}
              disabled={employee.deleted}
              value={shownEmail}
              error={faults?.email}
              onChange={(event) => setEmail(event.currentTarget.value)}
            />
            <PasswordInput
              label={given ? 'Новый пароль' : 'Пароль'}
              description={
                given ? 'Оставьте пустым, чтобы не менять. Новый пароль завершит открытые сеансы.' : undefined
              }
              autoComplete="new-password"
              disabled={employee.deleted}
              value={password}
              error={faults?.password}
              onChange={(event) => setPassword(event.currentTarget.value)}
            />
            <Select
              label="Набор прав"
              placeholder="Выберите"
              description={
                proposed !== null && shownSet === proposed ? `Предложен по должности «${employee.position}»` : undefined
              }
              inputWrapperOrder={['label', 'input', 'description', 'error']}
              allowDeselect={false}
              disabled={employee.deleted}
              data={sets.data.items.map(({ id, name }) => ({ value: id, label: name }))}
              value={shownSet}
              onChange={setSetId}
            />
          </>
        ) : (
          <Text size="sm" c="dimmed">
            {given
              ? 'После сохранения сотрудник не сможет войти, открытые сеансы завершатся.'
              : 'Сотрудник не может входить в систему.'}
          </Text>
        )}
        {given?.second_factor === true && isAllowed && (
          <Group gap="xs">
            <Text size="sm">Входит с кодом из приложения.</Text>
            {managesRights && (
              <Button
                variant="default"
                size="compact-sm"
                loading={removing.isPending}
                onClick={() => removing.mutate()}
              >
                Отключить вход с кодом
              </Button>
            )}
          </Group>
        )}
        <ProblemAlert error={removing.error} />
        {giving.isError && isAllowed && faults?.email === undefined && faults?.password === undefined && (
          <ProblemAlert error={giving.error} />
        )}
        {withdrawing.isError && !isAllowed && <ProblemAlert error={withdrawing.error} />}
        <Group gap="xs">
          {(isAllowed || dirty) && (
            <Button
              type="submit"
              variant={dirty ? 'filled' : 'default'}
              disabled={employee.deleted || !dirty || (isAllowed && !complete)}
              loading={giving.isPending || withdrawing.isPending}
            >
              {isAllowed ? 'Сохранить доступ' : 'Закрыть доступ'}
            </Button>
          )}
          {dirty && (
            <Button variant="subtle" onClick={forget}>
              Отмена
            </Button>
          )}
        </Group>
      </Stack>
    </Form>
  );
}
