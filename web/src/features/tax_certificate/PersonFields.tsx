import { Group, Select, TextInput } from '@mantine/core';
import type { ReactNode } from 'react';
import { DateField } from '@/components/fields/DateField';
import { optionsOf } from '@/components/fields/options';
import { BirthDateField } from '@/components/fields/TextFields';
import { choices } from '@/lib/api/labels';
import { limits } from '@/lib/api/limits';
import type { Faults, Typed, Who } from './certificateForm';

const LIMITS = limits.NewTaxCertificate;
const KINDS = choices.NewTaxCertificate.payer_document_kind;

interface PersonFieldsProps {
  readonly who: Who;
  readonly typed: Typed;
  readonly faults: Faults;
  readonly onChange: (fields: Partial<Typed>) => void;
}

/** Name, birth date, and the ИНН or else a document. */
export function PersonFields({ who, typed, faults, onChange }: PersonFieldsProps): ReactNode {
  const text = (part: 'family_name' | 'given_name' | 'patronymic' | 'inn' | 'document_number', label: string) => (
    <TextInput
      label={label}
      {...LIMITS[`${who}_${part}`]}
      error={faults[`${who}_${part}`]}
      value={typed[`${who}_${part}`]}
      onChange={(event) => onChange({ [`${who}_${part}`]: event.currentTarget.value })}
    />
  );
  const withoutNumber = typed[`${who}_inn`].trim() === '';
  return (
    <>
      <Group grow align="start">
        {text('family_name', 'Фамилия')}
        {text('given_name', 'Имя')}
        {text('patronymic', 'Отчество')}
      </Group>
      <Group grow align="start">
        <BirthDateField
          label="Дата рождения"
          error={faults[`${who}_birth_date`]}
          value={typed[`${who}_birth_date`]}
          onChange={(value) => onChange({ [`${who}_birth_date`]: value })}
        />
        {text('inn', 'ИНН')}
      </Group>
      {withoutNumber && (
        <Group grow align="start">
          <Select
            label="Документ, если нет ИНН"
            allowDeselect={false}
            data={optionsOf(KINDS)}
            error={faults[`${who}_document_kind`]}
            value={typed[`${who}_document_kind`]}
            onChange={(value) => onChange({ [`${who}_document_kind`]: value ?? '' })}
          />
          {text('document_number', 'Серия и номер')}
          <DateField
            label="Дата выдачи"
            leaning="past"
            error={faults[`${who}_document_issued_on`]}
            value={typed[`${who}_document_issued_on`]}
            onChange={(value) => onChange({ [`${who}_document_issued_on`]: value })}
          />
        </Group>
      )}
    </>
  );
}
