import { Alert, Button, PasswordInput, Stack, TextInput } from '@mantine/core';
import { useMutation } from '@tanstack/react-query';
import { useState } from 'react';
import { limits } from '@/lib/api/limits';
import { api } from '@/lib/api/client';
import { readMe } from '@/lib/api/me';
import type { Me } from '@/lib/api/model';
import { isProblem, sentence } from '@/lib/api/problem';
import { ForgottenPassword } from './ForgottenPassword';

/** E-mail and password, then the code of the second factor where it is asked for; tells who is signed in now. */
export function SignInForm({ email: known = '', onSignedIn }: { email?: string; onSignedIn: (me: Me) => void }) {
  const [email, setEmail] = useState(known);
  const [password, setPassword] = useState('');
  const [code, setCode] = useState('');
  const [asksCode, setAsksCode] = useState(false);
  const signIn = useMutation({
    mutationFn: async () => {
      await api.POST('/api/session', { body: { email: email.trim(), password, code: code.trim() } });
      return readMe();
    },
    onSuccess: onSignedIn,
    onError: (error) => {
      if (isProblem(error, 'second_factor_required')) setAsksCode(true);
      if (isProblem(error, 'wrong_credentials')) setAsksCode(false);
      setCode('');
    },
  });

  return (
    // the browser asks for what is missing, before the server counts an attempt
    // eslint-disable-next-line no-restricted-syntax
    <form
      onSubmit={(event) => {
        event.preventDefault();
        signIn.mutate();
      }}
    >
      <Stack gap="sm">
        {signIn.isError && !isProblem(signIn.error, 'second_factor_required') && (
          <Alert color="red" role="alert">
            {sentence(signIn.error)}
          </Alert>
        )}
        <TextInput
          label="E-mail"
          name="email"
          type="email"
          autoComplete="username"
          required
          withAsterisk={false}
          data-autofocus={known === '' || undefined}
          autoFocus={known === ''}
          value={email}
          onChange={(event) => {
            setEmail(event.currentTarget.value);
          }}
        />
        <PasswordInput
          label="Пароль"
          name="password"
          autoComplete="current-password"
          required
          withAsterisk={false}
          data-autofocus={known !== '' || undefined}
          value={password}
          onChange={(event) => {
            setPassword(event.currentTarget.value);
          }}
        />
        {asksCode && (
          <TextInput
            label="Код"
            description="Из приложения на телефоне или резервный"
            name="code"
            autoComplete="one-time-code"
            required
            withAsterisk={false}
            autoFocus
            {...limits.SignIn.code}
            value={code}
            onChange={(event) => {
              setCode(event.currentTarget.value);
            }}
          />
        )}
        <Button type="submit" mt="xs" loading={signIn.isPending}>
          Войти
        </Button>
        <ForgottenPassword />
      </Stack>
    </form>
  );
}
