import { Alert, Group } from '@mantine/core';
import { useRight } from '@/lib/api/me';
import type { Patient } from '@/lib/api/model';
import { ReturnButton } from './ReturnButton';

export function DeletedBanner({ patient }: { patient: Patient }) {
  const may = useRight('patients');
  return (
    <Alert color="gray" mb="md" title="Карта удалена">
      <Group gap="sm">
        Её нет в списке и при записи, но всё в ней сохранено.
        {may && <ReturnButton patient={patient} variant="filled" />}
      </Group>
    </Alert>
  );
}
