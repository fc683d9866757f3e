import { Badge } from '@mantine/core';

/** «Первичный»: the patient has not been here within the period of the clinic's setting. */
export function FirstVisitMark() {
  return (
    <Badge
      variant="filled"
      radius="sm"
      tt="none"
      fw={500}
      style={{ background: 'var(--denta-first-ground)', color: 'var(--denta-first-text)' }}
    >
      Первичный
    </Badge>
  );
}
