import { Button, Group, PasswordInput, Stack } from '@mantine/core';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useState, type ReactNode } from 'react';
import { Form } from '@/components/fields/Form';
import { reportDone } from '@/components/notices';
import { ProblemAlert } from '@/components/ProblemAlert';
import { isProblem } from '@/lib/api/problem';
import { faultOf } from './fault';
import { changePassword, securityQuery } from './queries';

export function OwnPassword(): ReactNode {
  const queries = useQueryClient();
  const [old, setOld] = useState('');
  const [next, setNext] = useState('');
  const changing = useMutation({
    mutationFn: () => changePassword(old, next),
    onSuccess: async () => {
      setOld('');
      setNext('');
      await queries.invalidateQueries({ queryKey: securityQuery.queryKey });
      reportDone('Пароль изменён, другие сеансы завершены.');
    },
  });
  return (
    <Form
      onSubmit={() => {
        changing.mutate();
      }}
    >
      <Stack gap="sm">
        <PasswordInput
          label="Текущий пароль"
          autoComplete="current-password"
          value={old}
          error={faultOf(changing.error, 'password')}
          onChange={(event) => setOld(event.currentTarget.value)}
        />
        <PasswordInput
          label="Новый пароль"
          description="От 8 знаков. Хорошо подходят несколько слов; имя и адрес не подходят."
          autoComplete="new-password"
          value={next}
          error={faultOf(changing.error, 'new_password')}
          onChange={(event) => setNext(event.currentTarget.value)}
        />
        {changing.isError && !isProblem(changing.error, 'wrong_value') && <ProblemAlert error={changing.error} />}
        <Group>
          <Button type="submit" disabled={old === '' || next === ''} loading={changing.isPending}>
            Изменить пароль
          </Button>
        </Group>
      </Stack>
    </Form>
  );
}
