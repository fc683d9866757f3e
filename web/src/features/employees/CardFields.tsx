import { Fieldset, SimpleGrid, Stack, Switch, Textarea, TextInput } from '@mantine/core';
import type { ReactNode } from 'react';
import { ReferenceSelect } from '@/entities/catalogue/ReferenceSelect';
import { ColorField } from '@/components/ColorField';
import { DictionaryCodeField } from '@/entities/dictionary/DictionaryCodeField';
import { DateField } from '@/components/fields/DateField';
import { BirthDateField, PhoneField } from '@/components/fields/TextFields';
import { OthersSaved } from '@/components/OthersSaved';
import { limits } from '@/lib/api/limits';
import { POSITIONS, SPECIALITIES } from '@/entities/dictionary/queries';
import { theirValue, valueOf, type Card, type CardEdits, type Value } from '@/lib/cardEdits';
import { formatBirthDate } from '@/lib/text';
import type { Faults, Field } from './card';
import classes from './CardFields.module.css';
import type { EmployeeCard } from './queries';

const LIMITS = limits.EmployeeChange;
const ORDER = ['label', 'input', 'description', 'error'] satisfies ('label' | 'input' | 'description' | 'error')[];

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
    const others = theirValue(edits, saved, field);
    return {
      name: field,
      disabled,
      inputWrapperOrder: ORDER,
      description:
        others === undefined ? undefined : (
          <OthersSaved value={others === '' ? '' : (nameOf(field) ?? formatBirthDate(String(others)))} />
        ),
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
    label: string,
    more: { type?: string; inputMode?: 'numeric'; placeholder?: string } = {},
  ): ReactNode {
    return (
      <TextInput
        label={label}
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

  function reference(field: 'position_id' | 'warehouse_id', label: string, catalogue: string): ReactNode {
    const id = employee?.[field] ?? null;
    const common = shared(field);
    const written = field === 'position_id' ? (employee?.written_position ?? '') : '';
    return (
      <ReferenceSelect
        label={label}
        catalogue={catalogue}
        {...common}
        description={common.description ?? (written === '' ? undefined : `Сейчас записана так: ${written}`)}
        known={id === null ? null : { id, name: nameOf(field) ?? '' }}
        value={String(valueOf(edits, saved, field))}
        onChange={(chosen) => onType(field, chosen)}
      />
    );
  }

  function code(field: 'position_code' | 'speciality_code', label: string, oid: string): ReactNode {
    return (
      <DictionaryCodeField
        label={label}
        oid={oid}
        {...LIMITS[field]}
        {...shared(field)}
        known={employee === null ? null : { code: employee[field], name: employee[`${field}_name`] }}
        value={String(valueOf(edits, saved, field))}
        onChange={(value) => onType(field, value)}
      />
    );
  }

  function flag(field: 'takes_visits' | 'show_calls', label: string): ReactNode {
    return (
      <Switch
        label={label}
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
          {text('family_name', 'Фамилия')}
          {text('given_name', 'Имя')}
          {text('patronymic', 'Отчество')}
          <PhoneField label="Телефон" {...typed('phone')} />
          {text('other_phones', 'Дополнительные телефоны', { type: 'tel', placeholder: 'Через запятую' })}
          {text('email', 'E-mail', { type: 'text' })}
        </SimpleGrid>
      </Fieldset>
      <Fieldset legend="Работа" className={classes.section}>
        <Stack gap="sm">
          <SimpleGrid cols={{ base: 1, sm: 3 }} spacing="sm" verticalSpacing="sm">
            {reference('position_id', 'Должность', 'position')}
            {code('position_code', 'Идентификатор должности', POSITIONS)}
            {code('speciality_code', 'Идентификатор специальности', SPECIALITIES)}
            {reference('warehouse_id', 'Склад', 'warehouse')}
            {text('internal_number', 'Внутренний номер', { inputMode: 'numeric' })}
            <ColorField
              label="Цвет в расписании"
              {...shared('color')}
              value={String(valueOf(edits, saved, 'color'))}
              onChange={(color) => onType('color', color)}
            />
          </SimpleGrid>
          {flag('takes_visits', 'Ведёт приём: пациентов можно записывать к этому сотруднику')}
          {flag('show_calls', 'Показывать входящие звонки')}
        </Stack>
      </Fieldset>
      <Fieldset legend="Документы" className={classes.section}>
        <SimpleGrid cols={{ base: 1, sm: 3 }} spacing="sm" verticalSpacing="sm">
          <BirthDateField label="Дата рождения" {...typed('birth_date')} />
          {text('snils', 'СНИЛС', { inputMode: 'numeric', placeholder: '000-000-000 00' })}
          {text('inn', 'ИНН', { inputMode: 'numeric' })}
          {text('passport_number', 'Паспорт: серия и номер', { inputMode: 'numeric' })}
          <DateField label="Дата выдачи" leaning="named" {...typed('passport_issued_on')} />
          {text('passport_issued_by', 'Кем выдан')}
        </SimpleGrid>
      </Fieldset>
      <Textarea
        label="Комментарий"
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
