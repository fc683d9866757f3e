import { Alert, Button, Group, PasswordInput, Stack, Text, TextInput } from '@mantine/core';
import { IconShieldCheck } from '@tabler/icons-react';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useState, type ReactNode } from 'react';
import { Form } from '@/components/fields/Form';
import { reportDone } from '@/components/notices';
import { ProblemAlert } from '@/components/ProblemAlert';
import { limits } from '@/lib/api/limits';
import { isProblem } from '@/lib/api/problem';
import { counted } from '@/lib/text';
import { EnrolmentWindow } from './EnrolmentWindow';
import { faultOf } from './fault';
import { beginSecondFactor, removeSecondFactor, securityQuery, type Enrolment, type Security } from './queries';

/** Sign-in with a code: turned on by password and the app's first code, off by password and a code. */
export function SecondFactor({ security }: { security: Security }): ReactNode {
  // the window outlives the moment of turning on: it still shows the recovery codes then
  const [enrolment, setEnrolment] = useState<Enrolment | null>(null);
  return (
    <>
      {security.second_factor ? <On left={security.recovery_codes_left} /> : <Off onBegun={setEnrolment} />}
      {enrolment !== null && <EnrolmentWindow enrolment={enrolment} onClose={() => setEnrolment(null)} />}
    </>
  );
}

function Off({ onBegun }: { onBegun: (enrolment: Enrolment) => void }): ReactNode {
  const [password, setPassword] = useState('');
  const beginning = useMutation({
    mutationFn: () => beginSecondFactor(password),
    onSuccess: (begun) => {
      setPassword('');
      onBegun(begun);
    },
  });
  return (
    <Form
      onSubmit={() => {
        beginning.mutate();
      }}
    >
      <Stack gap="sm">
        <Text size="sm">
          Кроме пароля при входе нужен код из приложения на телефоне (Яндекс Ключ, Google Authenticator и подобные).
          Узнанный кем-то пароль тогда не поможет войти.
        </Text>
        <PasswordInput
          label="Ваш пароль"
          autoComplete="current-password"
          value={password}
          error={faultOf(beginning.error, 'password')}
          onChange={(event) => setPassword(event.currentTarget.value)}
        />
        {beginning.isError && !isProblem(beginning.error, 'wrong_value') && <ProblemAlert error={beginning.error} />}
        <Group>
          <Button type="submit" disabled={password === ''} loading={beginning.isPending}>
            Включить
          </Button>
        </Group>
      </Stack>
    </Form>
  );
}

function On({ left }: { left: number }): ReactNode {
  const queries = useQueryClient();
  const [password, setPassword] = useState('');
  const [code, setCode] = useState('');
  const removing = useMutation({
    mutationFn: () => removeSecondFactor(password, code),
    onSuccess: async () => {
      await queries.invalidateQueries({ queryKey: securityQuery.queryKey });
      reportDone('Вход с кодом отключён.');
    },
  });
  return (
    <Form
      onSubmit={() => {
        removing.mutate();
      }}
    >
      <Stack gap="sm">
        <Group gap="xs">
          <IconShieldCheck size={20} stroke={1.6} color="var(--mantine-color-green-text)" aria-hidden />
          <Text size="sm" fw={500}>
            Включён
          </Text>
          <Text size="sm" c="dimmed">
            {left === 0
              ? 'Резервных кодов не осталось'
              : `Осталось ${counted(left, 'резервный код', 'резервных кода', 'резервных кодов')}`}
          </Text>
        </Group>
        {left < 3 && (
          <Alert color="orange">Чтобы получить новые резервные коды, отключите вход с кодом и включите снова.</Alert>
        )}
        <Text size="sm">Чтобы отключить, введите пароль и код из приложения или резервный код.</Text>
        <Group grow align="start">
          <PasswordInput
            label="Ваш пароль"
            autoComplete="current-password"
            value={password}
            error={faultOf(removing.error, 'password')}
            onChange={(event) => setPassword(event.currentTarget.value)}
          />
          <TextInput
            label="Код"
            autoComplete="one-time-code"
            {...limits.PasswordAndCode.code}
            value={code}
            error={faultOf(removing.error, 'code')}
            onChange={(event) => setCode(event.currentTarget.value)}
          />
        </Group>
        {removing.isError && !isProblem(removing.error, 'wrong_value') && <ProblemAlert error={removing.error} />}
        <Group>
          <Button
            type="submit"
            variant="default"
            disabled={password === '' || code.trim() === ''}
            loading={removing.isPending}
          >
            Отключить
          </Button>
        </Group>
      </Stack>
    </Form>
  );
}
