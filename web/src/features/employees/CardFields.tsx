import { Fieldset, SimpleGrid, Stack, Switch, Textarea, TextInput } from '@mantine/core';
import type { ReactNode } from 'react';
import { ReferenceSelect } from '@/entities/catalogue/ReferenceSelect';
import { ColorField } from '@/components/ColorField';
import { DictionaryCodeField } from '@/entities/dictionary/DictionaryCodeField';
import { DateField } from '@/components/fields/DateField';
import { BirthDateField, PhoneField } from '@/components/fields/TextFields';
import { theirNote } from '@/components/card/theirNote';
import { labels } from '@/lib/api/labels';
import { limits } from '@/lib/api/limits';
import { POSITIONS, SPECIALITIES } from '@/entities/dictionary/queries';
import { valueOf, type Card, type CardEdits, type Value } from '@/lib/cardEdits';
import { formatBirthDate } from '@/lib/text';
import type { Faults, Field } from './card';
import classes from './CardFields.module.css';
import type { EmployeeCard } from './queries';

const LABELS = labels.EmployeeChange;
const LIMITS = limits.EmployeeChange;
interface CardFieldsProps {
  /** As it is saved; null for one who isn't hired yet. */
  readonly employee: EmployeeCard | null;
  readonly saved: Card;
  readonly edits: CardEdits;
  readonly disabled?: boolean;
  readonly faults: Faults | null;
  readonly onType: (field: Field, value: Value) => void;
}

/** The card in sections, filled from the top: who it is, what they do, their papers. */
export function CardFields({ employee, saved, edits, disabled = false, faults, onType }: CardFieldsProps): ReactNode {
  function shared(field: Field) {
    return {
      label: LABELS[field],
      name: field,
      disabled,
      description: theirNote(edits, saved, field, (theirs) => nameOf(field) ?? formatBirthDate(String(theirs))),
      error: faults?.[field],
    };
  }

  /** What the saved entry is called that a field refers to. */
  function nameOf(field: Field): string | undefined {
    if (field === 'position_id') return employee?.position;
    return field === 'warehouse_id' ? employee?.warehouse : undefined;
  }

  function text(
    field: Exclude<keyof typeof LIMITS, 'position'>,
    more: { type?: string; inputMode?: 'numeric'; placeholder?: string } = {},
  ): ReactNode {
    return (
      <TextInput
        autoComplete="off"
        {...more}
        {...LIMITS[field]}
        {...shared(field)}
        value={String(valueOf(edits, saved, field))}
        onChange={(event) => onType(field, event.currentTarget.value)}
      />
    );
  }

  function typed(field: Field) {
    return {
      ...shared(field),
      value: String(valueOf(edits, saved, field)),
      onChange: (value: string) => onType(field, value),
    };
  }

  function reference(field: 'position_id' | 'warehouse_id', catalogue: string): ReactNode {
    const id = employee?.[field] ?? null;
    const common = shared(field);
    const written = field === 'position_id' ? (employee?.written_position ?? '') : '';
    return (
      <ReferenceSelect
        catalogue={catalogue}
        {...common}
        description={common.description ?? (written === '' ? undefined : `Сейчас записана так: ${written}`)}
        known={id === null ? null : { id, name: nameOf(field) ?? '' }}
        value={String(valueOf(edits, saved, field))}
        onChange={(chosen) => onType(field, chosen)}
      />
    );
  }

  function code(field: 'position_code' | 'speciality_code', oid: string): ReactNode {
    return (
      <DictionaryCodeField
        oid={oid}
        {...LIMITS[field]}
        {...shared(field)}
        known={employee === null ? null : { code: employee[field], name: employee[`${field}_name`] }}
        value={String(valueOf(edits, saved, field))}
        onChange={(value) => onType(field, value)}
      />
    );
  }

  function flag(field: 'takes_visits' | 'show_calls', meaning = ''): ReactNode {
    return (
      <Switch
        label={LABELS[field] + meaning}
        disabled={disabled}
        checked={valueOf(edits, saved, field) === true}
        onChange={(event) => onType(field, event.currentTarget.checked)}
      />
    );
  }

  return (
    <Stack gap="lg">
      <Fieldset legend="ФИО и контакты" className={classes.section}>
        <SimpleGrid cols={{ base: 1, sm: 3 }} spacing="sm" verticalSpacing="sm">
          {text('family_name')}
          {text('given_name')}
          {text('patronymic')}
          <PhoneField {...typed('phone')} />
          {text('other_phones', { type: 'tel', placeholder: 'Через запятую' })}
          {text('email', { type: 'text' })}
        </SimpleGrid>
      </Fieldset>
      <Fieldset legend="Работа" className={classes.section}>
        <Stack gap="sm">
          <SimpleGrid cols={{ base: 1, sm: 3 }} spacing="sm" verticalSpacing="sm">
            {reference('position_id', 'position')}
            {code('position_code', POSITIONS)}
            {code('speciality_code', SPECIALITIES)}
            {reference('warehouse_id', 'warehouse')}
            {text('internal_number', { inputMode: 'numeric' })}
            <ColorField
              {...shared('color')}
              value={String(valueOf(edits, saved, 'color'))}
              onChange={(color) => onType('color', color)}
            />
          </SimpleGrid>
          {flag('takes_visits', ': пациентов можно записывать к этому сотруднику')}
          {flag('show_calls')}
        </Stack>
      </Fieldset>
      <Fieldset legend="Документы" className={classes.section}>
        <SimpleGrid cols={{ base: 1, sm: 3 }} spacing="sm" verticalSpacing="sm">
          <BirthDateField {...typed('birth_date')} />
          {text('snils', { inputMode: 'numeric', placeholder: '000-000-000 00' })}
          {text('inn', { inputMode: 'numeric' })}
          {text('passport_number', { inputMode: 'numeric' })}
          <DateField leaning="named" {...typed('passport_issued_on')} />
          {text('passport_issued_by')}
        </SimpleGrid>
      </Fieldset>
      <Textarea
        autosize
        minRows={2}
        maxRows={8}
        {...LIMITS.comment}
        {...shared('comment')}
        value={String(valueOf(edits, saved, 'comment'))}
        onChange={(event) => onType('comment', event.currentTarget.value)}
      />
    </Stack>
  );
}
