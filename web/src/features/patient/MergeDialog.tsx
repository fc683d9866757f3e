import { Alert, Button, Group, Modal, Radio, Stack, Text } from '@mantine/core';
import { useMutation, useQuery } from '@tanstack/react-query';
import { useNavigate } from '@tanstack/react-router';
import { useState } from 'react';
import { reportDone } from '@/components/notices';
import { patientHint, type PatientChoice } from '@/entities/patient/patientChoice';
import { PatientPicker } from '@/entities/patient/PatientPicker';
import { useStillHere } from '@/components/ownPage';
import { ProblemAlert } from '@/components/ProblemAlert';
import { useReturnFocus } from '@/components/useReturnFocus';
import type { Patient } from '@/lib/api/model';
import {
  differencesQuery,
  duplicatesQuery,
  type MergeChoice,
  mergePatients,
  refreshPatients,
} from '@/entities/patient/queries';
import { isProblem } from '@/lib/api/problem';
import { refreshVisits } from '@/entities/visit/queries';
import { MergeQuestions } from './MergeQuestions';

/** Two cards of one person: which is the other, which is survivor, and what of the other it takes over. */
export function MergeDialog({ patient, onClose }: { patient: Patient; onClose: () => void }) {
  useReturnFocus();
  const navigate = useNavigate();
  const isStillHere = useStillHere();
  const [other, setOther] = useState<PatientChoice | null>(null);
  const [keepsOther, setKeepsOther] = useState(false);
  const { family_name, given_name, patronymic, phone, birth_date } = patient;
  const alike = useQuery(
    duplicatesQuery({ family_name, given_name, patronymic, phone, birth_date, exclude_id: patient.id }),
  );
  const [choices, setChoices] = useState<Readonly<Record<string, MergeChoice>>>({});
  const survivor = keepsOther && other !== null ? other : patient;
  const part = keepsOther ? patient : other;
  const compared = useQuery({ ...differencesQuery(survivor.id, part?.id ?? ''), enabled: part !== null });
  const differences = compared.data;
  const merging = useMutation({
    mutationFn: async ({ of }: { of: PatientChoice }) => {
      if (differences === undefined) return survivor.id;
      const asked = new Set(differences.items.map(({ group }) => group));
      const answers = Object.fromEntries(Object.entries(choices).filter(([group]) => asked.has(group)));
      await mergePatients(
        { id: survivor.id, version: differences.version },
        { id: of.id, version: differences.other_version },
        answers,
      );
      return survivor.id;
    },
    onSuccess: async (survivor) => {
      await Promise.all([refreshPatients(), refreshVisits()]);
      reportDone('Карты объединены. Разъединить можно в основной карте.');
      if (!isStillHere()) return;
      onClose();
      if (survivor !== patient.id) await navigate({ to: '/patients/$id', params: { id: survivor } });
    },
    onError: () => void refreshPatients(),
  });
  const offered = (alike.data?.items ?? []).filter(({ deleted }) => !deleted);

  return (
    <Modal
      opened
      onClose={onClose}
      size={part === null ? 'lg' : 860}
      title="Объединить карты одного пациента"
      closeOnClickOutside={false}
    >
      <Stack gap="sm">
        <PatientPicker
          value={other}
          except={patient.id}
          onChange={(chosen) => {
            setOther(chosen);
            setChoices({});
            merging.reset();
          }}
          autoFocus
        />
        {other === null && offered.length > 0 && (
          <Stack gap={6} align="start">
            <Text fz="sm">Похожие карты:</Text>
            {offered.map((one) => (
              <Button key={one.id} variant="default" size="compact-md" onClick={() => setOther(one)}>
                {one.name} · {patientHint(one)}
              </Button>
            ))}
          </Stack>
        )}
        {other !== null && (
          <Radio.Group
            label="Основная карта"
            inputWrapperOrder={['label', 'description', 'input', 'error']}
            description="В ней появятся визиты обеих. Вторая карта сохранится, её можно отделить."
            value={keepsOther ? 'other' : 'this'}
            onChange={(value) => {
              setKeepsOther(value === 'other');
              setChoices({});
              merging.reset();
            }}
          >
            <Stack gap={6} mt={8}>
              <Radio value="this" label={`${patient.name} · ${patientHint(patient)}`} />
              <Radio value="other" label={`${other.name} · ${patientHint(other)}`} />
            </Stack>
          </Radio.Group>
        )}
        {part !== null && differences !== undefined && (
          <MergeQuestions
            own={`Карта № ${survivor.card_number}`}
            other={`Карта № ${part.card_number}`}
            differences={differences.items}
            choices={choices}
            onChoose={(group, choice) => setChoices((now) => ({ ...now, [group]: choice }))}
          />
        )}
        <ProblemAlert error={compared.error} title="Сравнить карты не получилось" />
        {isProblem(merging.error, 'version_moved') ? (
          <Alert color="orange" role="alert">
            Одну из карт изменили. Сравнение обновлено: проверьте его и объедините снова.
          </Alert>
        ) : (
          <ProblemAlert error={merging.error} title="Объединить не получилось" />
        )}
        <Group justify="end" gap="sm">
          <Button variant="default" onClick={onClose}>
            Отмена
          </Button>
          <Button
            disabled={part === null || differences === undefined}
            loading={merging.isPending}
            onClick={() => part !== null && merging.mutate({ of: part })}
          >
            Объединить
          </Button>
        </Group>
      </Stack>
    </Modal>
  );
}
