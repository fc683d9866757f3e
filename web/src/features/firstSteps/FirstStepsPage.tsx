/** «Первые шаги»: what a new clinic has done and what comes next, up to its first booking (UI-5). */
import { Paper, Text, Title } from '@mantine/core';
import { IconCircle, IconCircleCheckFilled } from '@tabler/icons-react';
import { useQuery } from '@tanstack/react-query';
import type { ReactNode } from 'react';
import { ButtonLink } from '@/components/links';
import { Loading } from '@/components/Loading';
import { Page } from '@/components/Page';
import { ProblemAlert } from '@/components/ProblemAlert';
import { firstStepsQuery, nextStep, STEPS } from '@/lib/api/firstSteps';
import { lead } from '@/lib/led';
import classes from './FirstStepsPage.module.css';

export function FirstStepsPage(): ReactNode {
  const steps = useQuery(firstStepsQuery);
  const next = steps.data && nextStep(steps.data.done);
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
            {STEPS.map((step) => {
              const done = steps.data.done.includes(step.name);
              return (
                <li key={step.name} className={classes.step} data-next={step === next || undefined}>
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
                    <ButtonLink to={step.to} variant={step === next ? 'filled' : 'default'} onClick={() => lead(true)}>
                      {step.action}
                    </ButtonLink>
                  )}
                </li>
              );
            })}
          </ol>
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
