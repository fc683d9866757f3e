import { Checkbox, Fieldset, Group, Stack, TextInput } from '@mantine/core';
import type { ReactNode } from 'react';
import { DateField } from '@/components/fields/DateField';
import { labels } from '@/lib/api/labels';
import { limits } from '@/lib/api/limits';
import type { Faults, Typed } from './certificateForm';
import { PersonFields } from './PersonFields';

const LABELS = labels.NewTaxCertificate;
const LIMITS = limits.NewTaxCertificate;

interface CertificateFieldsProps {
  readonly typed: Typed;
  readonly faults: Faults;
  /** Whether payer and patient are one card, so that they may be one person. */
  readonly oneCard: boolean;
  readonly onChange: (fields: Partial<Typed>) => void;
}

/** What a paper states beside its sums. */
export function CertificateFields({ typed, faults, oneCard, onChange }: CertificateFieldsProps): ReactNode {
  return (
    <>
      <Fieldset legend="Налогоплательщик">
        <Stack gap="sm">
          <PersonFields who="payer" typed={typed} faults={faults} onChange={onChange} />
          {oneCard && (
            <Checkbox
              label={LABELS.same_person}
              error={faults.same_person}
              checked={typed.same_person}
              onChange={(event) => onChange({ same_person: event.currentTarget.checked })}
            />
          )}
        </Stack>
      </Fieldset>
      {!typed.same_person && (
        <Fieldset legend="Пациент">
          <Stack gap="sm">
            <PersonFields who="patient" typed={typed} faults={faults} onChange={onChange} />
          </Stack>
        </Fieldset>
      )}
      <Group grow align="start">
        <TextInput
          label={LABELS.signer}
          description="Фамилия, имя, отчество"
          {...LIMITS.signer}
          error={faults.signer}
          value={typed.signer}
          onChange={(event) => onChange({ signer: event.currentTarget.value })}
        />
        <TextInput
          label={LABELS.signer_authority}
          description="Если подписывает не руководитель"
          {...LIMITS.signer_authority}
          error={faults.signer_authority}
          value={typed.signer_authority}
          onChange={(event) => onChange({ signer_authority: event.currentTarget.value })}
        />
        <DateField
          label={LABELS.issued_on}
          description="Когда справка выписана"
          required
          leaning="past"
          error={faults.issued_on}
          value={typed.issued_on}
          onChange={(value) => onChange({ issued_on: value })}
        />
      </Group>
    </>
  );
}
