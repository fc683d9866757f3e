import { Button } from '@mantine/core';
import { notifications } from '@mantine/notifications';
import { IconAlertTriangle, IconCheck } from '@tabler/icons-react';
import type { ReactNode } from 'react';
import { Declined } from '@/lib/api/problem';
import { ProblemText } from './ProblemText';

/**
 * A refusal of something done without a form (drag, button in a row): says why, with links to what stands in the way. `again`: what
 * a button in the notice tries once more.
 */
export function reportProblem(error: unknown, title?: string, { again }: { again?: () => void } = {}): void {
  if (error instanceof Declined) return;
  const id = notifications.show({
    color: 'red',
    title,
    icon: <IconAlertTriangle size={18} aria-hidden />,
    message: (
      <>
        <ProblemText error={error} />
        {again && (
          <Button
            size="compact-sm"
            variant="light"
            color="red"
            mt={6}
            onClick={() => {
              notifications.hide(id);
              again();
            }}
          >
            Повторить
          </Button>
        )}
      </>
    ),
    autoClose: again ? false : 9000,
    role: 'alert',
  });
}

export function reportDone(message: ReactNode): void {
  notifications.show({
    color: 'green',
    icon: <IconCheck size={18} aria-hidden />,
    message,
    autoClose: 4000,
    role: 'status',
  });
}
