import { SimpleGrid, TextInput } from '@mantine/core';
import { BirthDateField, PhoneField } from '@/components/fields/TextFields';
import { ReferenceSelect } from '@/entities/catalogue/ReferenceSelect';
import { limits } from '@/lib/api/limits';
import type { PatientItem } from '@/lib/api/model';
import { DuplicatesHint } from './DuplicatesHint';
import type { DraftFault, PatientDraft } from './newPatient';

interface NewPatientFieldsProps {
  draft: PatientDraft;
  faults: DraftFault;
  onChange: (draft: PatientDraft) => void;
  /** What becomes of a click on somebody who may be the same; without it their card is opened in a tab of its own. */
  onChoose?: ((patient: PatientItem) => void) | undefined;
}

export function NewPatientFields({ draft, faults, onChange, onChoose }: NewPatientFieldsProps) {
  const field = (name: 'family_name' | 'given_name' | 'patronymic') => ({
    ...limits.NewPatient[name],
    value: draft[name],
    onChange: (event: React.ChangeEvent<HTMLInputElement>) => {
      onChange({ ...draft, [name]: event.currentTarget.value });
    },
  });
  return (
    <>
      <SimpleGrid cols={3} spacing="sm" verticalSpacing="xs">
        <TextInput
          label="Фамилия"
          autoComplete="off"
          error={faults.family_name}
          autoFocus
          data-autofocus
          {...field('family_name')}
        />
        <TextInput label="Имя" autoComplete="off" error={faults.given_name} {...field('given_name')} />
        <TextInput label="Отчество" autoComplete="off" error={faults.patronymic} {...field('patronymic')} />
        <PhoneField
          label="Телефон"
          error={faults.phone}
          value={draft.phone}
          onChange={(phone) => onChange({ ...draft, phone })}
        />
        <BirthDateField
          label="Дата рождения"
          error={faults.birth}
          value={draft.birth}
          onChange={(birth) => onChange({ ...draft, birth })}
        />
        <ReferenceSelect
          label="Источник"
          catalogue="source"
          placeholder="Откуда узнал"
          error={faults.source}
          value={draft.source}
          onChange={(source) => onChange({ ...draft, source })}
        />
      </SimpleGrid>
      <DuplicatesHint draft={draft} onChoose={onChoose} />
    </>
  );
}
