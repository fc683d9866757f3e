import { type ReactNode, useState } from 'react';
import { theirNote } from '@/components/card/theirNote';
import { DateField } from '@/components/fields/DateField';
import { ClockField } from '@/components/fields/TextFields';
import { EntryField } from '@/entities/catalogue/EntryField';
import { formatValue } from '@/entities/catalogue/fieldValues';
import type { CatalogueField } from '@/entities/catalogue/queries';
import type { PatientChoice } from '@/entities/patient/patientChoice';
import { PatientPicker } from '@/entities/patient/PatientPicker';
import type { StockDocument, StockKind } from '@/entities/stock/queries';
import { allows, CARDS, useMe } from '@/lib/api/me';
import type { Edits } from '@/lib/cardEdits';
import { formatDate, isLocalDate } from '@/lib/time';
import { type DocumentDraft, type DraftMoment, type Faults, headField, headFields } from './documentDraft';
import classes from './HeadFields.module.css';
import { OriginField } from './OriginField';
import { ORIGIN } from './returnDraft';

interface FieldsProps {
  readonly kind: StockKind;
  readonly document: StockDocument | null;
  readonly draft: DocumentDraft;
  readonly saved: DocumentDraft;
  readonly edits: Edits<DocumentDraft>;
  readonly faults: Faults;
  readonly disabled: boolean;
  readonly onChange: <F extends keyof DocumentDraft>(field: F, value: DocumentDraft[F]) => void;
}

const isLong = ({ type }: CatalogueField) => type === 'lines';

/** Moment, warehouses, who it is from or for. */
export function HeadFields(props: FieldsProps): ReactNode {
  const { kind, draft, saved, edits, faults, disabled, onChange } = props;
  const { moment } = draft;
  const set = (part: Partial<DraftMoment>) => onChange('moment', { ...moment, ...part });
  const dated = isLocalDate(moment.date);
  return (
    <div className={classes.fields}>
      <DateField
        className={classes.date}
        label="Дата"
        required
        leaning="past"
        disabled={disabled}
        description={theirNote(edits, saved, 'moment', momentInWords)}
        error={dated && faults.moment === 'Укажите время' ? undefined : faults.moment}
        value={moment.date}
        onChange={(date) => set({ date })}
      />
      <ClockField
        className={classes.time}
        label="Время"
        required
        disabled={disabled}
        error={dated && faults.moment === 'Укажите время' ? faults.moment : undefined}
        value={moment.time}
        onChange={(time) => set({ time })}
      />
      {headFields(kind)
        .filter((field) => !isLong(field))
        .map((field) => (
          <div key={field.name} className={field.type === 'reference' ? classes.reference : classes.text}>
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

function HeadField({ field, document, draft, saved, edits, faults, disabled, onChange }: HeadFieldProps): ReactNode {
  const name = headField(field);
  const referred = document?.names[field.name];
  if (field.refers_to === 'patient')
    return (
      <BuyerField
        id={String(draft[name] ?? '')}
        name={referred}
        error={faults[field.name]}
        disabled={disabled}
        onChange={(id) => onChange(name, id)}
      />
    );
  if (field.name === ORIGIN)
    return <OriginField field={field} value={String(draft[name] ?? '')} error={faults[field.name]} />;
  return (
    <EntryField
      field={field}
      value={draft[name] ?? ''}
      saved={saved[name] ?? ''}
      referred={referred}
      error={faults[field.name]}
      disabled={disabled}
      openOnFocus={false}
      note={theirNote(edits, saved, name, (theirs) =>
        field.type === 'reference' ? (referred ?? '') : formatValue(field, theirs),
      )}
      onChange={(value) => onChange(name, value)}
    />
  );
}

interface BuyerFieldProps {
  readonly id: string;
  readonly name: string | undefined;
  readonly error: string | undefined;
  readonly disabled: boolean;
  readonly onChange: (id: string) => void;
}

function BuyerField({ id, name, error, disabled, onChange }: BuyerFieldProps): ReactNode {
  const { rights } = useMe();
  const [found, setFound] = useState<PatientChoice | null>(null);
  const known = { id, name: name ?? 'Пациент', phone: '', card_number: '' };
  if (id === '' && !allows(rights, CARDS) && !rights.includes('calendar')) return null;
  return (
    <PatientPicker
      value={id === '' ? null : found?.id === id ? found : known}
      error={error}
      disabled={disabled}
      onChange={(patient) => {
        setFound(patient);
        onChange(patient?.id ?? '');
      }}
    />
  );
}

function momentInWords({ date, time }: DraftMoment): string {
  return `${formatDate(date)} ${time}`;
}
