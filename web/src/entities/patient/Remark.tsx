import { Alert, Text } from '@mantine/core';
import { IconAlertTriangle, IconNote } from '@tabler/icons-react';
import { isAlarming } from './age';

interface RemarkProps {
  text: string;
  /** What it was written to, where it isn't the patient. */
  about?: string;
}

/** A comment; what may harm the patient stands out, and is whole at once where another one is scrolled after some lines. */
export function Remark({ text, about }: RemarkProps) {
  const alarming = isAlarming(text);
  const Icon = alarming ? IconAlertTriangle : IconNote;
  const long = alarming ? undefined : { maxHeight: '10lh', overflowY: 'auto' as const };
  return (
    <Alert color={alarming ? 'red' : 'gray'} icon={<Icon size={18} aria-hidden />} py={6}>
      <Text fz="sm" fw={alarming ? 600 : 400} style={{ whiteSpace: 'pre-line', ...long }}>
        {about !== undefined && (
          <Text span inherit c="dimmed" fw={400}>
            {about}:{' '}
          </Text>
        )}
        {text}
      </Text>
    </Alert>
  );
}
