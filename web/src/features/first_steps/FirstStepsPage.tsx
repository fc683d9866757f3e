/** «Первые шаги»: what a new clinic has done and what comes next, up to its first booking (UI-5). */
import { Paper, Text, Title } from '@mantine/core';
import { IconCircle, IconCircleCheckFilled } from '@tabler/icons-react';
import { useQuery } from '@tanstack/react-query';
import type { ReactNode } from 'react';
import { useToday } from '@/components/fields/useToday';
import { ButtonLink, TextLink } from '@/components/links';
import { Loading } from '@/components/Loading';
import { Page } from '@/components/Page';
import { ProblemAlert } from '@/components/ProblemAlert';
import { firstStepsQuery } from '@/entities/first_steps/queries';
import { useRight } from '@/lib/api/me';
import { nextStep, stepsOf } from '@/entities/first_steps/steps';
import { setGuided } from '@/entities/first_steps/onboarding';
import classes from './FirstStepsPage.module.css';

export function FirstStepsPage(): ReactNode {
  const steps = useQuery(firstStepsQuery);
  const today = useToday();
  const next = steps.data && nextStep(steps.data, today);
  const givesAccess = useRight('employees');
  return (
    <Page title="Первые шаги">
      <Paper withBorder p="lg" maw={760}>
        <Text mb="md">
          {steps.data && next === undefined
            ? 'Всё готово: клиника работает.'
            : 'Пять шагов до первой записи. Можно остановиться на любом и вернуться позже.'}
        </Text>
        {steps.isError && <ProblemAlert error={steps.error} />}
        {steps.isPending && <Loading height={360} what="Шаги загружаются" />}
        {steps.data && (
          <ol className={classes.steps}>
            {stepsOf(steps.data, today).map((step) => {
              const done = steps.data.done.includes(step.name);
              const isNext = step.name === next?.name;
              return (
                <li key={step.name} className={classes.step} data-next={isNext || undefined}>
                  {done ? (
                    <IconCircleCheckFilled size={24} className={classes.done} role="img" aria-label="Готово" />
                  ) : (
                    <IconCircle size={24} stroke={1.6} className={classes.left} role="img" aria-label="Не сделано" />
                  )}
                  <div>
                    <Title order={2} size="h4">
                      {step.title}
                    </Title>
                    {!done && (
                      <Text size="sm" c="dimmed">
                        {step.why}
                      </Text>
                    )}
                  </div>
                  {!done && (
                    <ButtonLink {...step.link} variant={isNext ? 'filled' : 'default'} onClick={() => setGuided(true)}>
                      {step.action}
                    </ButtonLink>
                  )}
                </li>
              );
            })}
          </ol>
        )}
        {givesAccess && steps.data && (
          <Text size="sm" mt="md">
            Регистратору нужен свой вход:{' '}
            <TextLink to="/employees/new" search={{ access: true }} underline="always">
              добавьте сотрудника с доступом
            </TextLink>
            . Врачу его дают в карточке:{' '}
            <TextLink to="/employees" underline="always">
              сотрудники
            </TextLink>
            , «Разрешить доступ к системе».
          </Text>
        )}
        {next === undefined && steps.data && (
          <ButtonLink to="/" mt="md">
            К расписанию
          </ButtonLink>
        )}
      </Paper>
    </Page>
  );
}
