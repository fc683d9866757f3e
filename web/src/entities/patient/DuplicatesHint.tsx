import { Alert, Anchor, Stack, Text } from '@mantine/core';
import { useDebouncedValue } from '@mantine/hooks';
import { useQuery } from '@tanstack/react-query';
import type { PatientItem } from '@/lib/api/model';
import { duplicatesQuery } from './queries';
import { ObjectLink } from '@/entities/object/ObjectLink';
import { filled } from '@/lib/text';
import { likenessOf, type PatientDraft } from './newPatient';
import { patientHint } from './patientChoice';

interface DuplicatesHintProps {
  draft: PatientDraft;
  onChoose?: ((patient: PatientItem) => void) | undefined;
}

/** «Возможно, это …»: who has the same phone, or the same name and birth date. Never in the way of creating the card. */
export function DuplicatesHint({ draft, onChoose }: DuplicatesHintProps) {
  const [settled] = useDebouncedValue(draft, 300);
  const likeness = likenessOf(settled);
  const duplicates = useQuery({ ...duplicatesQuery(likeness ?? {}), enabled: likeness !== null });
  const found = likeness === null ? [] : (duplicates.data?.items ?? []);
  return (
    <div role="status">
      {found.length > 0 && (
        <Alert color="gray" mt="sm" py={8} title="Возможно, это">
          <Stack gap={4}>
            {found.map((patient) => (
              <Text key={patient.id} fz="sm">
                {onChoose === undefined || patient.deleted ? (
                  <ObjectLink type="patient" id={patient.id} newTab underline="always" inherit>
                    {patient.name}
                  </ObjectLink>
                ) : (
                  <Anchor component="button" type="button" underline="always" inherit onClick={() => onChoose(patient)}>
                    {patient.name}
                  </Anchor>
                )}
                {filled([patientHint(patient), patient.deleted ? 'карта удалена' : '']).map((part) => ` · ${part}`)}
              </Text>
            ))}
          </Stack>
        </Alert>
      )}
    </div>
  );
}
