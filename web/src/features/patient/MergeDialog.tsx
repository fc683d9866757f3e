import { Button, Group, Modal, Radio, Stack, Text } from '@mantine/core';
import { useMutation, useQuery } from '@tanstack/react-query';
import { useNavigate } from '@tanstack/react-router';
import { useState } from 'react';
import { reportDone } from '@/components/notices';
import { patientHint, type PatientChoice, PatientPicker } from '@/components/patient/PatientPicker';
import { ProblemAlert } from '@/components/ProblemAlert';
import { useReturnFocus } from '@/components/useReturnFocus';
import type { Patient } from '@/lib/api/model';
import { duplicatesQuery, mergePatients, patientQuery, refreshPatients } from '@/lib/api/patients';
import { queryClient } from '@/lib/api/queries';
import { refreshVisits } from '@/lib/api/visits';

/** Two cards of one person: which is the other, and which is kept. */
export function MergeDialog({ patient, onClose }: { patient: Patient; onClose: () => void }) {
  useReturnFocus();
  const navigate = useNavigate();
  const [other, setOther] = useState<PatientChoice | null>(null);
  const [keepsOther, setKeepsOther] = useState(false);
  const { family_name, given_name, patronymic, phone, birth_date } = patient;
  const alike = useQuery(
    duplicatesQuery({ family_name, given_name, patronymic, phone, birth_date, besides: patient.id }),
  );
  const merging = useMutation({
    mutationFn: async (chosen: PatientChoice) => {
      const kept = keepsOther ? await queryClient.query({ ...patientQuery(chosen.id), staleTime: 0 }) : patient;
      await mergePatients(kept, keepsOther ? patient.id : chosen.id);
      return kept.id;
    },
    onSuccess: async (kept) => {
      await Promise.all([refreshPatients(), refreshVisits()]);
      reportDone('Карты объединены. Разъединить можно в основной карте.');
      onClose();
      if (kept !== patient.id) await navigate({ to: '/patients/$id', params: { id: kept } });
    },
    onError: () => void refreshPatients(),
  });
  const offered = (alike.data?.items ?? []).filter(({ deleted }) => !deleted);

  return (
    <Modal opened onClose={onClose} size="lg" title="Объединить карты одного пациента" closeOnClickOutside={false}>
      <Stack gap="sm">
        <PatientPicker
          value={other}
          except={patient.id}
          onChange={(chosen) => {
            setOther(chosen);
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
            description="В ней останутся данные и появятся визиты обеих. Вторая карта сохранится, её можно отделить."
            value={keepsOther ? 'other' : 'this'}
            onChange={(value) => setKeepsOther(value === 'other')}
          >
            <Stack gap={6} mt={8}>
              <Radio value="this" label={`${patient.name} · ${patientHint(patient)}`} />
              <Radio value="other" label={`${other.name} · ${patientHint(other)}`} />
            </Stack>
          </Radio.Group>
        )}
        <ProblemAlert error={merging.error} title="Объединить не получилось" />
        <Group justify="end" gap="sm">
          <Button variant="default" onClick={onClose}>
            Отмена
          </Button>
          <Button
            disabled={other === null}
            loading={merging.isPending}
            onClick={() => other !== null && merging.mutate(other)}
          >
            Объединить
          </Button>
        </Group>
      </Stack>
    </Modal>
  );
}
