/** The sections of the card's form. */
import { Fieldset, Select, SimpleGrid, Textarea, TextInput } from '@mantine/core';
import type { ReactNode } from 'react';
import { ReferenceSelect } from '@/entities/catalogue/ReferenceSelect';
import { ReferencesSelect } from '@/entities/catalogue/ReferencesSelect';
import { DateField } from '@/components/fields/DateField';
import { BirthDateField, PhoneField } from '@/components/fields/TextFields';
import { theirNote } from '@/components/card/theirNote';
import { optionsOf } from '@/components/fields/options';
import { choices, labels } from '@/lib/api/labels';
import { limits } from '@/lib/api/limits';
import { capital } from '@/lib/text';
import type { Patient } from '@/lib/api/model';
import { valueOf, type Card, type CardEdits, type Value } from '@/lib/cardEdits';
import { type Faults, type Field, joinIds, kindOf, splitIds, formatValue } from './card';
import classes from './CardSections.module.css';
import { birthDateHint, nameHint } from './registry';

const LABELS = labels.PatientChange;
const CHOICES = choices.PatientChange;
const LIMITS = limits.PatientChange;
type TextField = Exclude<keyof typeof LIMITS, 'categories'>;
const SNILS = '112-233-445 95';

/** In their own section the representative's fields needn't say whose they are. */
const labelOf = (field: Field) =>
  field === 'categories' ? 'Категории' : capital(LABELS[field].replace('Представитель, ', ''));

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

  function shared(field: Field) {
    return {
      label: labelOf(field),
      disabled,
      description: theirNote(
        edits,
        saved,
        field,
        (theirs) => textOf(field, theirs),
        faults[field] === undefined && hint(field),
      ),
      error: faults[field],
    };
  }

  function text(field: TextField, more: { placeholder?: string } = {}) {
    const value = String(valueOf(edits, saved, field));
    const typed = { ...shared(field), value, onChange: (next: string) => onType(field, next) };
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

  function lines(field: TextField, more: { minRows: number; placeholder?: string }) {
    return (
      <Textarea
        autosize
        maxRows={8}
        autoComplete="off"
        {...more}
        {...LIMITS[field]}
        {...shared(field)}
        value={String(valueOf(edits, saved, field))}
        onChange={(event) => onType(field, event.currentTarget.value)}
      />
    );
  }

  function choice(field: keyof typeof CHOICES) {
    const { '': none, ...chosen } = CHOICES[field];
    const value = String(valueOf(edits, saved, field));
    return (
      <Select
        data={optionsOf<string>(chosen)}
        placeholder={none}
        clearable
        clearButtonProps={{ 'aria-label': `${labelOf(field)}: очистить` }}
        {...shared(field)}
        value={value === '' ? null : value}
        onChange={(next) => onType(field, next ?? '')}
      />
    );
  }

  return (
    <div className={classes.sections}>
      <Fieldset legend="Пациент">
        <div className={classes.first}>
          {text('family_name')}
          {text('card_number')}
        </div>
        <SimpleGrid cols={2} spacing="sm">
          {text('given_name')}
          {text('patronymic')}
        </SimpleGrid>
        <SimpleGrid cols={2} spacing="sm">
          {text('birth_date')}
          {choice('sex')}
        </SimpleGrid>
        <ReferencesSelect
          catalogue="patient_category"
          {...shared('categories')}
          known={patient.categories}
          value={splitIds(String(valueOf(edits, saved, 'categories')))}
          onChange={(ids) => onType('categories', joinIds(ids))}
        />
        <ReferenceSelect
          catalogue="source"
          {...shared('source_id')}
          placeholder="Откуда узнал о клинике"
          known={patient.source}
          value={String(valueOf(edits, saved, 'source_id'))}
          onChange={(id) => onType('source_id', id)}
        />
        {lines('comment', { minRows: 2 })}
      </Fieldset>
      <Fieldset legend="Контакты">
        <SimpleGrid cols={2} spacing="sm">
          {text('phone')}
          {text('email')}
        </SimpleGrid>
        {lines('other_phones', {
          minRows: 1,
          placeholder: 'чей номер и когда звонить',
        })}
        <SimpleGrid cols={2} spacing="sm">
          {text('city')}
          {text('street')}
        </SimpleGrid>
        <SimpleGrid cols={2} spacing="sm">
          {text('house')}
          {text('flat')}
        </SimpleGrid>
      </Fieldset>
      <Fieldset legend="Документы">
        {text('snils', { placeholder: SNILS })}
        <SimpleGrid cols={3} spacing="sm">
          {text('passport_series')}
          {text('passport_number')}
          {text('passport_issued_on')}
        </SimpleGrid>
        {text('passport_issued_by')}
        <SimpleGrid cols={2} spacing="sm">
          {choice('policy_kind')}
          {text('policy_number')}
        </SimpleGrid>
        {text('policy_insurer')}
      </Fieldset>
      <Fieldset legend="Законный представитель">
        {text('representative_family_name')}
        <SimpleGrid cols={2} spacing="sm">
          {text('representative_given_name')}
          {text('representative_patronymic')}
        </SimpleGrid>
        <SimpleGrid cols={2} spacing="sm" verticalSpacing={8}>
          {text('representative_relation', { placeholder: 'мать, отец, опекун' })}
          {text('representative_birth_date')}
          {text('representative_phone')}
          {text('representative_snils', { placeholder: SNILS })}
          {choice('representative_document_kind')}
          {text('representative_document_issued_on')}
          {text('representative_document_series')}
          {text('representative_document_number')}
        </SimpleGrid>
        {text('representative_document_issued_by')}
        {text('representative_address')}
      </Fieldset>
    </div>
  );
}
