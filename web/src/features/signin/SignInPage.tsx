import { Alert, Code, Group, Paper, Text, Title } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { useNavigate, useSearch } from '@tanstack/react-router';
import { Logo } from '@/components/Logo';
import { usePageTitle } from '@/components/Page';
import { SignInForm } from '@/components/SignInForm';
import { signInPageQuery } from '@/lib/api/signInPage';
import { meQuery } from '@/lib/api/me';
import type { Me } from '@/lib/api/model';
import { queryClient } from '@/lib/api/queries';
import classes from './SignInPage.module.css';

export function SignInPage() {
  usePageTitle('Вход');
  const navigate = useNavigate();
  const { to } = useSearch({ from: '/signin' });
  const signInPage = useQuery(signInPageQuery).data;

  const enter = (me: Me) => {
    queryClient.clear();
    queryClient.setQueryData(meQuery.queryKey, me);
    void navigate({ href: to ?? '/', replace: true });
  };

  return (
    <main className={classes.page}>
      <div className={classes.box}>
        <Group gap="sm" mb="lg" justify="center">
          <Logo size={40} />
          <Text fz={26} fw={600} lh={1}>
            Дента
          </Text>
        </Group>
        <Paper withBorder p="xl" shadow="sm">
          <Title order={1} mb="md">
            Вход в клинику
          </Title>
          {signInPage?.clinic_opened === false && (
            <Alert color="orange" mb="md" title="Клиники здесь ещё нет" role="status">
              Войти пока некому. Заведите клинику и первого администратора на сервере, в папке Denta:
              <Code block my={6} className={classes.command}>
                {`${signInPage.program} clinic open "Название клиники" \\\n  --email ваш@адрес --family-name Фамилия`}
              </Code>
              Программа покажет пароль для входа. Для знакомства есть клиника с примерами:{' '}
              <Code>{signInPage.program} demo</Code>.
            </Alert>
          )}
          <SignInForm onSignedIn={enter} />
        </Paper>
      </div>
    </main>
  );
}
