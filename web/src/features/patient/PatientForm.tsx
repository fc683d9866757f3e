import { Alert, Button, Group, Text } from '@mantine/core';
import { Form } from '@/components/fields/Form';
import { useMutation } from '@tanstack/react-query';
import { useState } from 'react';
import { reportDone } from '@/components/notices';
import { ProblemAlert } from '@/components/ProblemAlert';
import { UnsavedGuard } from '@/components/UnsavedGuard';
import type { Patient } from '@/lib/api/model';
import { changePatient, patientQuery, refreshPatients } from '@/lib/api/patients';
import { isProblem } from '@/lib/api/problem';
import { queryClient } from '@/lib/api/queries';
import { changed, NO_CARD_EDITS, typed, valueOf, without } from '@/lib/cardEdits';
import { cardOf, type Field, faultIn, faultsOf, toChange } from './card';
import { CardSections } from './CardSections';
import classes from './PatientForm.module.css';

/** The card's fields, saved by one button; a colleague's change meanwhile is shown at its field, never overwritten unseen. */
export function PatientForm({ patient }: { patient: Patient }) {
  const [edits, setEdits] = useState(NO_CARD_EDITS);
  const [checked, setChecked] = useState(false);
  const saved = cardOf(patient);
  const sending = changed(edits, saved);
  const dirty = Object.keys(sending).length > 0;
  const now = (part: Field) => String(valueOf(edits, saved, part));
  const name = { family_name: now('family_name'), given_name: now('given_name'), patronymic: now('patronymic') };
  const faults = faultsOf(sending, name, patient.registry);

  const save = useMutation({
    mutationFn: (fields: typeof sending) => changePatient(patient, toChange(fields)),
    onSuccess: async (_, fields) => {
      await refreshPatients();
      setEdits((now) => without(now, fields));
      setChecked(false);
      reportDone('Карта сохранена');
    },
    onError: (error) => {
      if (isProblem(error, 'version_moved'))
        void queryClient.invalidateQueries({ queryKey: patientQuery(patient.id).queryKey });
    },
  });
  const refused = faultIn(save.error);
  const moved = isProblem(save.error, 'version_moved');

  return (
    <Form
      onSubmit={() => {
        setChecked(true);
        if (dirty && Object.keys(faults).length === 0) save.mutate(sending);
      }}
    >
      <CardSections
        patient={patient}
        saved={saved}
        edits={edits}
        disabled={patient.deleted || patient.merged_into !== null}
        faults={{ ...(checked ? faults : {}), ...refused }}
        onType={(field, value) => {
          setEdits((before) => typed(before, saved, field, value));
          if (refused !== null) save.reset();
        }}
      />
      {(dirty || save.isPending || save.isError) && (
        <div className={classes.bar}>
          {moved && (
            <Alert color="orange" role="alert">
              Карту изменил кто-то ещё. Введённое на месте: проверьте поля и сохраните снова.
            </Alert>
          )}
          {refused !== null && (
            <Text c="var(--mantine-color-error)" fz="sm" role="alert">
              {Object.values(refused)[0]}
            </Text>
          )}
          {!moved && refused === null && <ProblemAlert error={save.error} title="Сохранить не получилось" />}
          <Group gap="sm">
            <Button type="submit" disabled={!dirty} loading={save.isPending}>
              Сохранить
            </Button>
            <Button
              variant="default"
              onClick={() => {
                setEdits(NO_CARD_EDITS);
                setChecked(false);
                save.reset();
              }}
            >
              Отменить правки
            </Button>
          </Group>
        </div>
      )}
      <UnsavedGuard when={dirty} />
    </Form>
  );
}
