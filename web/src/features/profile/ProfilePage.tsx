/** «Профиль и безопасность»: a user's own password, sign-in with a code, and where they are signed in. */
import { Paper, Title } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import type { ReactNode } from 'react';
import { Loading } from '@/components/Loading';
import { Page } from '@/components/Page';
import { ProblemAlert } from '@/components/ProblemAlert';
import { OwnPassword } from './OwnPassword';
import { securityQuery } from './queries';
import { SecondFactor } from './SecondFactor';
import { Sessions } from './Sessions';
import classes from './ProfilePage.module.css';

export function ProfilePage(): ReactNode {
  const security = useQuery(securityQuery);
  return (
    <Page title="Профиль и безопасность">
      {security.isError && <ProblemAlert error={security.error} />}
      {security.isPending && <Loading height={380} what="Профиль загружается" />}
      {security.data && (
        <div className={classes.columns}>
          <Section title="Вход с кодом">
            <SecondFactor security={security.data} />
          </Section>
          <Section title="Пароль">
            <OwnPassword />
          </Section>
          <Section title="Открытые сеансы" wide>
            <Sessions sessions={security.data.sessions} />
          </Section>
        </div>
      )}
    </Page>
  );
}

function Section({ title, wide = false, children }: { title: string; wide?: boolean; children: ReactNode }): ReactNode {
  return (
    <Paper withBorder p="lg" component="section" aria-label={title} className={wide ? classes.wide : undefined}>
      <Title order={2} mb="sm">
        {title}
      </Title>
      {children}
    </Paper>
  );
}
