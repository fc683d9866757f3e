/** Warnings with a way past them: the server says what may be a mistake, a person decides (see `aggregates/scheduling/visit_warnings.py`). */
import { Button, Group, List, ScrollArea, Stack } from '@mantine/core';
import { modals } from '@mantine/modals';
import { ObjectLink } from '@/entities/object/ObjectLink';
import { StandingVisits } from './StandingVisits';
import { readVisit } from './conflicts';
import { Declined, isProblem, type Problem } from '@/lib/api/problem';
import { format, formatTime } from '@/lib/time';

interface Warning {
  key: string;
  kind: string;
  sentence: string;
  visit: {
    id: string;
    number: number;
    starts_at: string;
    ends_at: string;
    patient: { id: string; name: string };
    doctor: { id: string; name: string } | null;
  } | null;
  doctor: { id: string; name: string } | null;
  /** Coming visits that a service is taken from. */
  visits: unknown[];
}

const TALL = 320;

function warningsOf(problem: Problem): Warning[] {
  return problem.facts['warnings'] as Warning[];
}

function WarningItem({ warning: { sentence, visit, doctor, kind, visits } }: { warning: Warning }) {
  const whose = visit === null ? '' : [visit.patient.name, visit.doctor?.name ?? 'без врача'].join(', ');
  return (
    <List.Item>
      {sentence}
      {kind === 'service_not_given' && doctor !== null && ` (${doctor.name})`}
      {visit !== null && (
        <>
          {' '}
          <ObjectLink type="visit" id={visit.id} newTab underline="always" inherit>
            {format(visit.starts_at, 'dddd, D MMMM YYYY')}, {formatTime(visit.starts_at)}–{formatTime(visit.ends_at)},{' '}
            {whose}
          </ObjectLink>
        </>
      )}
      {visits.length > 0 && (
        <ScrollArea.Autosize mah={TALL} type="auto" mt="xs" viewportProps={{ tabIndex: 0 }}>
          <StandingVisits visits={visits.map((one) => readVisit(one, ''))} label="Предстоящие визиты" newTab />
        </ScrollArea.Autosize>
      )}
    </List.Item>
  );
}

/** Resolves with the person's answer. */
function asked(warnings: readonly Warning[], anyway: string): Promise<boolean> {
  return new Promise((resolve) => {
    let past = false;
    const id = modals.open({
      title: 'Проверьте, всё ли верно',
      size: warnings.some(({ visits }) => visits.length > 0) ? 'xl' : 'md',
      onClose: () => resolve(past),
      children: (
        <Stack gap="md">
          <List spacing={6} aria-label="Предупреждения">
            {warnings.map((warning) => (
              <WarningItem key={warning.key} warning={warning} />
            ))}
          </List>
          <Group justify="end" gap="sm">
            <Button variant="default" data-autofocus onClick={() => modals.close(id)}>
              Вернуться
            </Button>
            <Button
              onClick={() => {
                past = true;
                modals.close(id);
              }}
            >
              {anyway}
            </Button>
          </Group>
        </Stack>
      ),
    });
  });
}

/**
 * Sends; where the server asks about something, asks the person, and sends once more with what they accepted. Warnings that have
 * come up meanwhile are asked about too. Throws `Declined` when the person goes back.
 */
export async function askPast<T>(
  send: (accepted: readonly string[]) => Promise<T>,
  anyway = 'Всё равно записать',
): Promise<T> {
  let accepted: string[] = [];
  for (;;) {
    try {
      return await send(accepted);
    } catch (error) {
      if (!isProblem(error, 'needs_confirmation')) throw error;
      const warnings = warningsOf(error);
      if (!(await asked(warnings, anyway))) throw new Declined();
      accepted = warnings.map(({ key }) => key);
    }
  }
}
