import { keepPreviousData, useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { Choice } from '@/components/fields/Choice';
import { rubles } from '@/lib/text';
import { type Certificate, usableCertificatesQuery } from './queries';

interface CertificateFieldProps {
  readonly value: Certificate | null;
  readonly onChange: (certificate: Certificate | null) => void;
  /** It has to be usable on that day. */
  readonly day: string;
}

/** A certificate by its number, with what is left on it. */
export function CertificateField({ value, onChange, day }: CertificateFieldProps) {
  const [typed, setTyped] = useState('');
  const found = useQuery({ ...usableCertificatesQuery(typed.trim(), day), placeholderData: keepPreviousData });
  const items = found.data?.items ?? [];
  const shown = value === null || items.some(({ id }) => id === value.id) ? items : [value, ...items];
  return (
    <Choice
      aria-label="Сертификат"
      placeholder="Сертификат: номер"
      clearable
      data={shown.map(({ id, code, left }) => ({ value: id, label: `${code} · ${rubles(left)}` }))}
      value={value?.id ?? null}
      onType={setTyped}
      waiting={found.isFetching}
      filter={({ options }) => options}
      onChange={(id) => onChange(shown.find((one) => one.id === id) ?? null)}
      nothingFoundMessage="Такого сертификата нет"
    />
  );
}
