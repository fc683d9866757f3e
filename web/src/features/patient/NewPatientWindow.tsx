import { Button, Group, Modal, Stack } from '@mantine/core';
import { Form } from '@/components/fields/Form';
import { useMutation } from '@tanstack/react-query';
import { useNavigate } from '@tanstack/react-router';
import { useState } from 'react';
import { FieldRefusal } from '@/components/FieldRefusal';
import { LeaveQuestion, useClosing } from '@/components/LeaveQuestion';
import { EMPTY_PATIENT, faultsOf, faultsOfRefusal, isTyped, toNewPatient } from '@/entities/patient/newPatient';
import { NewPatientFields } from '@/entities/patient/NewPatientFields';
import { reportDone } from '@/components/notices';
import { useStillHere } from '@/components/ownPage';
import { ProblemAlert } from '@/components/ProblemAlert';
import { UnsavedGuard } from '@/components/UnsavedGuard';
import { useReturnFocus } from '@/components/useReturnFocus';
import { createPatient } from '@/entities/patient/queries';

export function NewPatientWindow({ onClose }: { onClose: () => void }) {
  useReturnFocus();
  const navigate = useNavigate();
  const isStillHere = useStillHere();
  const [draft, setDraft] = useState(EMPTY_PATIENT);
  const [checked, setChecked] = useState(false);
  const faults = faultsOf(draft);
  const create = useMutation({
    mutationFn: () => createPatient(toNewPatient(draft)),
    onSuccess: async ({ id }) => {
      reportDone('Карта пациента создана.');
      if (isStillHere()) await navigate({ to: '/patients/$id', params: { id }, ignoreBlocker: true });
    },
  });
  const refused = faultsOfRefusal(create.error);
  const dirty = isTyped(draft);
  const { close, blocker } = useClosing(dirty, onClose);
  return (
    <Modal opened onClose={close} size="lg" title="Новый пациент" closeOnClickOutside={false}>
      <Form
        creating={create.isPending}
        onSubmit={() => {
          setChecked(true);
          if (Object.keys(faults).length === 0) create.mutate();
        }}
      >
        <Stack gap="sm">
          <NewPatientFields
            draft={draft}
            faults={{ ...(checked ? faults : {}), ...refused }}
            onChange={(next) => {
              if (create.isError) create.reset(); // what was refused isn't what stands there now
              setDraft(next);
            }}
          />
          {refused === null ? (
            <ProblemAlert error={create.error} title="Создать не получилось" />
          ) : (
            <FieldRefusal faults={refused} />
          )}
          <Group justify="end" gap="sm">
            <Button variant="default" onClick={close}>
              Отмена
            </Button>
            <Button type="submit" loading={create.isPending}>
              Создать карту
            </Button>
          </Group>
        </Stack>
      </Form>
      <LeaveQuestion blocker={blocker} />
      <UnsavedGuard when={dirty} />
    </Modal>
  );
}
