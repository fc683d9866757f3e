import { Text } from '@mantine/core';

/** Under a field that was touched here: what a colleague saved in it meanwhile. */
export function OthersSaved({ value }: { value: string }) {
  return (
    <Text span inherit c="var(--status-arrived-text)">
      {value === '' ? 'Коллега очистил это поле.' : `Коллега сохранил: ${value}`}
    </Text>
  );
}
