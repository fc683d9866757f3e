import { CloseButton, TextInput } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { type ReactNode, useState } from 'react';
import { theirNote } from '@/components/card/theirNote';
import { DateField } from '@/components/fields/DateField';
import { ClockField } from '@/components/fields/TextFields';
import { EntryField } from '@/entities/catalogue/EntryField';
import { formatValue } from '@/entities/catalogue/fieldValues';
import type { CatalogueField } from '@/entities/catalogue/queries';
import { ChoiceSelect } from '@/entities/catalogue/ReferenceSelect';
import { type MoneyDocument, type MoneyKind, receiversQuery } from '@/entities/money/queries';
import type { PatientChoice } from '@/entities/patient/patientChoice';
import { PatientPicker } from '@/entities/patient/PatientPicker';
import { ObjectLink } from '@/entities/object/ObjectLink';
import { accrualQuery } from '@/entities/payroll/queries';
import { allows, CARDS, useMe, useRight } from '@/lib/api/me';
import type { Edits } from '@/lib/cardEdits';
import { formatDate, isLocalDate } from '@/lib/time';
import classes from './HeadFields.module.css';
import { type DraftMoment, type Faults, headField, headFields, type MoneyDraft, PARTIES } from './moneyDraft';

interface FieldsProps {
  readonly kind: MoneyKind;
  readonly document: MoneyDocument | null;
  readonly draft: MoneyDraft;
  readonly saved: MoneyDraft;
  readonly edits: Edits<MoneyDraft>;
  readonly faults: Faults;
  readonly disabled: boolean;
  readonly onChange: (part: Partial<MoneyDraft>) => void;
}

const isLong = ({ type }: CatalogueField) => type === 'lines';
const NO_TIME = 'Укажите время';

/** Moment, desks, who it is from or for, the sum of a transfer. */
export function HeadFields(props: FieldsProps): ReactNode {
  const { kind, draft, saved, edits, faults, disabled, onChange } = props;
  const { moment } = draft;
  const set = (part: Partial<DraftMoment>) => onChange({ moment: { ...moment, ...part } });
  const ofTime = isLocalDate(moment.date) && faults.moment === NO_TIME;
  return (
    <div className={classes.fields}>
      <DateField
        className={classes.date}
        label="Дата"
        required
        leaning="past"
        disabled={disabled}
        description={theirNote(edits, saved, 'moment', momentInWords)}
        error={ofTime ? undefined : faults.moment}
        value={moment.date}
        onChange={(date) => set({ date })}
      />
      <ClockField
        className={classes.time}
        label="Время"
        required
        disabled={disabled}
        error={ofTime ? faults.moment : undefined}
        value={moment.time}
        onChange={(time) => set({ time })}
      />
      {headFields(kind)
        .filter((field) => !isLong(field))
        .map((field) => (
          <div key={field.name} className={field.type === 'money' ? classes.money : classes.reference}>
            <HeadField field={field} {...props} />
          </div>
        ))}
    </div>
  );
}

/** Texts of several lines, which stand below the table. */
export function ExtraFields(props: FieldsProps): ReactNode {
  return headFields(props.kind)
    .filter(isLong)
    .map((field) => <HeadField key={field.name} field={field} {...props} />);
}

interface HeadFieldProps extends FieldsProps {
  readonly field: CatalogueField;
}

function HeadField(props: HeadFieldProps): ReactNode {
  const { field, document, draft, saved, edits, faults, disabled, onChange } = props;
  const name = headField(field);
  const referred = document?.names[field.name];
  if (field.refers_to === 'patient') return <PatientField {...props} />;
  if (field.refers_to === 'employee') return <EmployeeField {...props} />;
  if (field.refers_to === 'pay_accrual') return <AccrualField {...props} />;
  return (
    <EntryField
      field={field}
      openOnFocus={false}
      value={draft[name] ?? ''}
      referred={referred}
      saved={saved[name] ?? ''}
      error={faults[field.name]}
      disabled={disabled}
      note={theirNote(edits, saved, name, (value) =>
        field.type === 'reference' ? (referred ?? '') : formatValue(field, value),
      )}
      onChange={(value) => onChange(chosen(props.kind, field, value))}
    />
  );
}

/** Money has one payer or receiver: the one chosen last. Payments belong to their supplier. */
function chosen(kind: MoneyKind, { name }: CatalogueField, value: MoneyDraft[`head.${string}`]): Partial<MoneyDraft> {
  const part: Record<string, unknown> = { [`head.${name}`]: value };
  if (PARTIES.includes(name) && value !== '') {
    for (const field of headFields(kind)) {
      if (PARTIES.includes(field.name) && field.name !== name) part[headField(field)] = '';
    }
  }
  if (PARTIES.includes(name) && kind.pays !== '') part.pays = [];
  for (const field of headFields(kind)) {
    if (PARTIES.includes(name) && field.refers_to === 'pay_accrual') part[headField(field)] = '';
  }
  return part as Partial<MoneyDraft>;
}

function PatientField({ kind, field, document, draft, faults, disabled, onChange }: HeadFieldProps): ReactNode {
  const me = useMe();
  const [found, setFound] = useState<PatientChoice | null>(null);
  const id = String(draft[headField(field)] ?? '');
  const known = { id, name: document?.names[field.name] ?? 'Пациент', phone: '', card_number: '' };
  if (id === '' && !allows(me.rights, CARDS) && !me.rights.includes('calendar')) return null;
  return (
    <PatientPicker
      value={id === '' ? null : found?.id === id ? found : known}
      error={faults[field.name]}
      disabled={disabled}
      onChange={(patient) => {
        setFound(patient);
        onChange(chosen(kind, field, patient?.id ?? ''));
      }}
    />
  );
}

function EmployeeField({ kind, field, document, draft, faults, disabled, onChange }: HeadFieldProps): ReactNode {
  const { data } = useQuery(receiversQuery);
  const id = String(draft[headField(field)] ?? '');
  const referred = document?.names[field.name];
  return (
    <ChoiceSelect
      label={field.label}
      openOnFocus={false}
      disabled={disabled}
      error={faults[field.name]}
      choices={data?.items}
      known={referred === undefined || id === '' ? null : { id, name: referred }}
      value={id}
      onChange={(next) => onChange(chosen(kind, field, next))}
    />
  );
}

/** The accrual of pay that an outgo pays: it comes from the accrual's page, and may be taken off. */
function AccrualField({ field, document, draft, faults, disabled, onChange }: HeadFieldProps): ReactNode {
  const id = String(draft[headField(field)] ?? '');
  const stored = id === String(document?.fields[field.name] ?? '') ? document?.names[field.name] : undefined;
  const mayOpen = useRight('payroll');
  const found = useQuery({ ...accrualQuery(id), enabled: id !== '' && stored === undefined && mayOpen }).data;
  if (id === '') return null;
  const called = stored ?? (found === undefined ? '' : `№ ${found.number} от ${formatDate(found.day)}`);
  return (
    <TextInput
      label={field.label}
      readOnly
      disabled={disabled}
      error={faults[field.name]}
      description={
        <ObjectLink type="pay_accrual" id={id} inherit newTab>
          Открыть начисление
        </ObjectLink>
      }
      value={called}
      rightSection={
        <CloseButton
          size="sm"
          aria-label="Не по начислению"
          disabled={disabled}
          onClick={() => onChange({ [headField(field)]: '' })}
        />
      }
    />
  );
}

function momentInWords({ date, time }: DraftMoment): string {
  return `${formatDate(date)} ${time}`;
}
