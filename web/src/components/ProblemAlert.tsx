import { Alert } from '@mantine/core';
import { IconAlertTriangle } from '@tabler/icons-react';
import { useEffect, useRef } from 'react';
import { Declined } from '@/lib/api/problem';
import { ProblemText } from './ProblemText';

/** A refusal inside the form that met it; comes into view and is read out by itself. */
export function ProblemAlert({ error, title }: { error: unknown; title?: string }) {
  const box = useRef<HTMLDivElement>(null);
  useEffect(() => {
    if (error !== null && error !== undefined) box.current?.scrollIntoView({ block: 'nearest' });
  }, [error]);
  if (error === null || error === undefined || error instanceof Declined) return null;
  return (
    <Alert ref={box} color="red" role="alert" title={title} icon={<IconAlertTriangle size={18} aria-hidden />}>
      <ProblemText error={error} />
    </Alert>
  );
}
