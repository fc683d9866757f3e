import { Group, Paper, Text, Title } from '@mantine/core';
import { useNavigate, useSearch } from '@tanstack/react-router';
import { Logo } from '@/components/Logo';
import { usePageTitle } from '@/components/Page';
import { SignInForm } from '@/components/SignInForm';
import { meQuery } from '@/lib/api/me';
import type { Me } from '@/lib/api/model';
import { queryClient } from '@/lib/api/queries';
import classes from './SignInPage.module.css';

export function SignInPage() {
  usePageTitle('Вход');
  const navigate = useNavigate();
  const { to } = useSearch({ from: '/signin' });

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
          <SignInForm onSignedIn={enter} />
        </Paper>
      </div>
    </main>
  );
}
