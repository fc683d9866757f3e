import { Input, SegmentedControl, Stack } from '@mantine/core';
import { ReferenceSelect } from '@/entities/catalogue/ReferenceSelect';
import type { PatientChoice } from '@/entities/patient/patientChoice';
import { PatientPicker } from '@/entities/patient/PatientPicker';
import type { Ref } from '@/lib/api/model';
import type { PaymentStart } from './queries';

/** Who pays; nobody is chosen yet where the person is null, or the organisation has no id. */
export type Payer =
  | { readonly kind: 'self' }
  | { readonly kind: 'patient'; readonly person: PatientChoice | null }
  | { readonly kind: 'counterparty'; readonly organisation: Ref };

const KINDS = [
  { value: 'self', label: 'Пациент' },
  { value: 'patient', label: 'Другой человек' },
  { value: 'counterparty', label: 'Организация' },
] as const;
const NOBODY: Ref = { id: '', name: '' };

/** Who paid the last time pays this time too, unless somebody else is chosen. */
export function payerOf(usual: PaymentStart['payer']): Payer {
  if (usual === null) return { kind: 'self' };
  const { id, name } = usual;
  return usual.kind === 'patient'
    ? { kind: 'patient', person: { id, name, phone: '', card_number: '' } }
    : { kind: 'counterparty', organisation: { id, name } };
}

export function isChosen(payer: Payer): boolean {
  if (payer.kind === 'self') return true;
  return payer.kind === 'patient' ? payer.person !== null : payer.organisation.id !== '';
}

interface PayerFieldProps {
  readonly value: Payer;
  readonly onChange: (payer: Payer) => void;
  /** Id of the patient, who is no other person. */
  readonly except: string;
}

export function PayerField({ value, onChange, except }: PayerFieldProps) {
  const choose = (kind: string) => {
    if (kind === 'patient') onChange({ kind, person: null });
    else onChange(kind === 'counterparty' ? { kind, organisation: NOBODY } : { kind: 'self' });
  };
  return (
    <Stack gap={6}>
      <Input.Label labelElement="div">Плательщик</Input.Label>
      <SegmentedControl aria-label="Плательщик" data={[...KINDS]} value={value.kind} onChange={choose} />
      {value.kind === 'patient' && (
        <PatientPicker
          label="Кто платит"
          value={value.person}
          except={except}
          onChange={(person) => onChange({ kind: 'patient', person })}
        />
      )}
      {value.kind === 'counterparty' && (
        <ReferenceSelect
          label="Организация"
          catalogue="counterparty"
          value={value.organisation.id}
          known={value.organisation.id === '' ? null : value.organisation}
          onChange={(id) => onChange({ kind: 'counterparty', organisation: { id, name: '' } })}
        />
      )}
    </Stack>
  );
}
