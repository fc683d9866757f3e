import { Button, CloseButton, Text } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { useLocation } from '@tanstack/react-router';
import type { ReactNode } from 'react';
import { useToday } from '@/components/fields/useToday';
import { ButtonLink } from '@/components/links';
import { firstStepsQuery } from '@/entities/first_steps/queries';
import { useRight } from '@/lib/api/me';
import { nextStep, STEPS_COUNT } from '@/entities/first_steps/steps';
import { setGuided, guided } from '@/entities/first_steps/onboarding';
import { useStore } from '@/lib/store';
import classes from './FirstSteps.module.css';

/** How many of the first steps are done, while some are left and the user may see them. */
export function useFirstSteps(): { done: number; of: number } | null {
  const steps = useQuery({ ...firstStepsQuery, enabled: useRight('clinic_info') });
  const done = steps.data?.done.length ?? STEPS_COUNT;
  return done < STEPS_COUNT ? { done, of: STEPS_COUNT } : null;
}

/** The way on from step to step, above the page, for a user who set out from the guide and hasn't left it. */
export function FirstStepsBar(): ReactNode {
  const leads = useStore(guided);
  const path = useLocation({ select: ({ pathname }) => pathname });
  const date = useLocation({ select: ({ search }) => search.date });
  const today = useToday();
  const allowed = useRight('clinic_info');
  const steps = useQuery({ ...firstStepsQuery, enabled: leads && allowed });
  if (!leads || !steps.data || path === '/first-steps') return null;
  const next = nextStep(steps.data, today);
  const here = next !== undefined && next.link.to === path && (next.onDay === undefined || next.onDay === date);
  return (
    <section className={classes.bar} aria-label="Первые шаги">
      <Text span size="sm" role="status">
        {next === undefined
          ? 'Первые шаги пройдены: клиника работает.'
          : here
            ? `${next.title}. ${next.why}`
            : `Готово ${steps.data.done.length} из ${STEPS_COUNT}. Дальше: ${next.title.toLowerCase()}.`}
      </Text>
      {next !== undefined && !here && (
        <ButtonLink {...next.link} size="compact-sm">
          {next.action}
        </ButtonLink>
      )}
      {next === undefined ? (
        <Button size="compact-sm" variant="default" onClick={() => setGuided(false)}>
          Хорошо
        </Button>
      ) : (
        <>
          <ButtonLink to="/first-steps" size="compact-sm" variant="subtle">
            Все шаги
          </ButtonLink>
          <CloseButton aria-label="Продолжить позже" onClick={() => setGuided(false)} />
        </>
      )}
    </section>
  );
}
