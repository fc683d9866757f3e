import { Button, Group } from '@mantine/core';
import { SaveBar } from '@/components/card/SaveBar';
import { useCardEdits } from '@/components/card/useCardEdits';
import { Form } from '@/components/fields/Form';
import { useState } from 'react';
import { reportDone } from '@/components/notices';
import { UnsavedGuard } from '@/components/UnsavedGuard';
import type { Patient } from '@/lib/api/model';
import { changePatient, refreshPatients } from '@/entities/patient/queries';
import { cardOf, type Field, faultsOf, faultsOfRefusal, toChange } from './card';
import { CardSections } from './CardSections';

/** The card's fields, saved by one button; a colleague's change meanwhile is shown at its field, never overwritten unseen. */
export function PatientForm({ patient }: { patient: Patient }) {
  const [checked, setChecked] = useState(false);
  const saved = cardOf(patient);
  const edited = useCardEdits({
    saved,
    gone: patient.deleted ? 'deleted' : patient.merged_into === null ? null : 'merged',
    send: (fields) => changePatient(patient, toChange(fields)),
    refresh: refreshPatients,
    onSaved: () => {
      setChecked(false);
      reportDone('Карта сохранена');
    },
  });
  const { edits, card, sending, dirty, gone, savable, saving, setField, save, forget } = edited;
  const now = (part: Field) => String(card[part]);
  const name = { family_name: now('family_name'), given_name: now('given_name'), patronymic: now('patronymic') };
  const faults = faultsOf(sending, name, patient.registry);

  const refused = faultsOfRefusal(saving.error);

  return (
    <Form
      onSubmit={() => {
        setChecked(true);
        if (Object.keys(faults).length === 0) save();
      }}
    >
      <CardSections
        patient={patient}
        saved={saved}
        edits={edits}
        disabled={gone !== null}
        faults={{ ...(checked ? faults : {}), ...refused }}
        onType={setField}
      />
      {(dirty || saving.isPending || saving.isError) && (
        <SaveBar what="Карту" edited={edited} faults={refused}>
          <Group gap="sm">
            <Button type="submit" disabled={!savable} loading={saving.isPending}>
              Сохранить
            </Button>
            <Button
              variant="default"
              onClick={() => {
                setChecked(false);
                forget();
              }}
            >
              Отменить правки
            </Button>
          </Group>
        </SaveBar>
      )}
      <UnsavedGuard when={dirty} />
    </Form>
  );
}
