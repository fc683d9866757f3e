/** The sections of the card's form. */
import { Fieldset, Select, SimpleGrid, Textarea, TextInput } from '@mantine/core';
import type { ReactNode } from 'react';
import { ReferenceSelect } from '@/entities/catalogue/ReferenceSelect';
import { ReferencesSelect } from '@/entities/catalogue/ReferencesSelect';
import { DateField } from '@/components/fields/DateField';
import { BirthDateField, PhoneField } from '@/components/fields/TextFields';
import { OthersSaved } from '@/components/OthersSaved';
import { limits } from '@/lib/api/limits';
import type { Patient } from '@/lib/api/model';
import { theirValue, valueOf, type Card, type CardEdits, type Value } from '@/lib/cardEdits';
import { type Faults, type Field, joinIds, kindOf, splitIds, formatValue } from './card';
import classes from './CardSections.module.css';
import { birthDateHint, nameHint } from './registry';

const LIMITS = limits.PatientChange;
type TextField = Exclude<keyof typeof LIMITS, 'categories'>;
const ORDER = ['label', 'input', 'description', 'error'] satisfies ('label' | 'input' | 'description' | 'error')[];
const SEXES = [
  { value: 'female', label: 'женский' },
  { value: 'male', label: 'мужской' },
];
const POLICIES = [
  { value: 'oms', label: 'ОМС' },
  { value: 'dms', label: 'ДМС' },
];
const DOCUMENTS = [
  { value: 'passport', label: 'паспорт РФ' },
  { value: 'foreign_passport', label: 'паспорт иностранца' },
  { value: 'birth_certificate', label: 'свидетельство о рождении' },
  { value: 'residence_permit', label: 'вид на жительство' },
  { value: 'other', label: 'другой' },
];
const SNILS = '112-233-445 95';

interface CardSectionsProps {
  readonly patient: Patient;
  readonly saved: Card;
  readonly edits: CardEdits;
  readonly disabled: boolean;
  readonly faults: Faults;
  readonly onType: (field: Field, value: string) => void;
}

export function CardSections({ patient, saved, edits, disabled, faults, onType }: CardSectionsProps): ReactNode {
  /** What a field says of itself before anything is typed. */
  function hint(field: Field): string | undefined {
    const { registry } = patient;
    if (registry === null) return undefined;
    if (field === 'birth_date') return birthDateHint(registry);
    return field === 'family_name' ? nameHint(registry) : undefined;
  }

  /** A saved value as people say it. */
  function textOf(field: Field, value: Value): string {
    if (field === 'source_id') return patient.source?.name ?? '';
    if (field === 'categories') return patient.categories.map(({ name }) => name).join(', ');
    return formatValue(field, String(value));
  }

  function shared(field: Field, label: string) {
    const others = theirValue(edits, saved, field);
    return {
      label,
      disabled,
      inputWrapperOrder: ORDER,
      description:
        others === undefined ? (
          faults[field] === undefined && hint(field)
        ) : (
          <OthersSaved value={others === '' ? '' : textOf(field, others)} />
        ),
      error: faults[field],
    };
  }

  function text(field: TextField, label: string, more: { placeholder?: string } = {}) {
    const value = String(valueOf(edits, saved, field));
    const typed = { ...shared(field, label), value, onChange: (next: string) => onType(field, next) };
    switch (kindOf(field)) {
      case 'phone':
        return <PhoneField {...typed} />;
      case 'birth':
        return <BirthDateField {...typed} />;
      case 'date':
        return <DateField leaning="named" {...typed} />;
      default:
        return (
          <TextInput
            autoComplete="off"
            {...more}
            {...LIMITS[field]}
            {...typed}
            onChange={(event) => onType(field, event.currentTarget.value)}
          />
        );
    }
  }

  function lines(field: TextField, label: string, more: { minRows: number; placeholder?: string }) {
    return (
      <Textarea
        autosize
        maxRows={8}
        autoComplete="off"
        {...more}
        {...LIMITS[field]}
        {...shared(field, label)}
        value={String(valueOf(edits, saved, field))}
        onChange={(event) => onType(field, event.currentTarget.value)}
      />
    );
  }

  function choice(field: Field, label: string, data: { value: string; label: string }[]) {
    const value = String(valueOf(edits, saved, field));
    return (
      <Select
        data={data}
        placeholder="не указан"
        clearable
        clearButtonProps={{ 'aria-label': `${label}: очистить` }}
        {...shared(field, label)}
        value={value === '' ? null : value}
        onChange={(chosen) => onType(field, chosen ?? '')}
      />
    );
  }

  return (
    <div className={classes.sections}>
      <Fieldset legend="Пациент">
        <div className={classes.first}>
          {text('family_name', 'Фамилия')}
          {text('card_number', 'Номер карты')}
        </div>
        <SimpleGrid cols={2} spacing="sm">
          {text('given_name', 'Имя')}
          {text('patronymic', 'Отчество')}
        </SimpleGrid>
        <SimpleGrid cols={2} spacing="sm">
          {text('birth_date', 'Дата рождения')}
          {choice('sex', 'Пол', SEXES)}
        </SimpleGrid>
        <ReferencesSelect
          catalogue="patient_category"
          {...shared('categories', 'Категории')}
          known={patient.categories}
          value={splitIds(String(valueOf(edits, saved, 'categories')))}
          onChange={(ids) => onType('categories', joinIds(ids))}
        />
        <ReferenceSelect
          catalogue="source"
          {...shared('source_id', 'Источник')}
          placeholder="Откуда узнал о клинике"
          known={patient.source}
          value={String(valueOf(edits, saved, 'source_id'))}
          onChange={(id) => onType('source_id', id)}
        />
        {lines('comment', 'Комментарий', { minRows: 2 })}
      </Fieldset>
      <Fieldset legend="Контакты">
        <SimpleGrid cols={2} spacing="sm">
          {text('phone', 'Телефон')}
          {text('email', 'E-mail')}
        </SimpleGrid>
        {lines('other_phones', 'Другие телефоны', {
          minRows: 1,
          placeholder: 'чей номер и когда звонить',
        })}
        <SimpleGrid cols={2} spacing="sm">
          {text('city', 'Город')}
          {text('street', 'Улица')}
        </SimpleGrid>
        <SimpleGrid cols={2} spacing="sm">
          {text('house', 'Дом')}
          {text('flat', 'Квартира')}
        </SimpleGrid>
      </Fieldset>
      <Fieldset legend="Документы">
        {text('snils', 'СНИЛС', { placeholder: SNILS })}
        <SimpleGrid cols={3} spacing="sm">
          {text('passport_series', 'Серия паспорта')}
          {text('passport_number', 'Номер паспорта')}
          {text('passport_issued_on', 'Паспорт выдан')}
        </SimpleGrid>
        {text('passport_issued_by', 'Кем выдан паспорт')}
        <SimpleGrid cols={2} spacing="sm">
          {choice('policy_kind', 'Вид полиса', POLICIES)}
          {text('policy_number', 'Номер полиса')}
        </SimpleGrid>
        {text('policy_insurer', 'Страховая компания')}
      </Fieldset>
      <Fieldset legend="Законный представитель">
        {text('representative_family_name', 'Фамилия')}
        <SimpleGrid cols={2} spacing="sm">
          {text('representative_given_name', 'Имя')}
          {text('representative_patronymic', 'Отчество')}
        </SimpleGrid>
        <SimpleGrid cols={2} spacing="sm" verticalSpacing={8}>
          {text('representative_relation', 'Кем приходится', { placeholder: 'мать, отец, опекун' })}
          {text('representative_birth_date', 'Дата рождения')}
          {text('representative_phone', 'Телефон')}
          {text('representative_snils', 'СНИЛС', { placeholder: SNILS })}
          {choice('representative_document_kind', 'Документ', DOCUMENTS)}
          {text('representative_document_issued_on', 'Дата выдачи')}
          {text('representative_document_series', 'Серия документа')}
          {text('representative_document_number', 'Номер документа')}
        </SimpleGrid>
        {text('representative_document_issued_by', 'Кем выдан документ')}
        {text('representative_address', 'Адрес')}
      </Fieldset>
    </div>
  );
}
