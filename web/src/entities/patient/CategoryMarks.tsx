import { Badge } from '@mantine/core';
import { ColorDot } from '@/components/ColorDot';
import type { PatientItem } from '@/lib/api/model';

/** The patient's categories beside the name: the colour in a dot, so that the word is readable on any ground. */
export function CategoryMarks({ categories }: Pick<PatientItem, 'categories'>) {
  return categories.map(({ id, name, color }) => (
    <Badge key={id} variant="default" size="md" tt="none" fw={500} leftSection={<ColorDot color={color} />}>
      {name}
    </Badge>
  ));
}
