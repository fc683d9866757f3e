import { Button, Group, Stack, Text, Title } from '@mantine/core';
import { useMutation } from '@tanstack/react-query';
import { type ReactNode, useState } from 'react';
import { Form } from '@/components/fields/Form';
import { useToday } from '@/components/fields/useToday';
import { reportDone } from '@/components/notices';
import { ProblemAlert } from '@/components/ProblemAlert';
import { UnsavedGuard } from '@/components/UnsavedGuard';
import { cardOf, correctionOf, emptyOf, faultsOf, faultsOfRefusal, type Typed } from './certificateForm';
import { CertificateFields } from './CertificateFields';
import { correctTaxCertificate, refreshTaxCertificates, type TaxCertificate } from './queries';
import { inCodes } from './Sums';

interface CorrectionFormProps {
  readonly certificate: TaxCertificate;
  readonly onClose: () => void;
}

/** A further paper of the same number, of what was paid by now. */
export function CorrectionForm({ certificate, onClose }: CorrectionFormProps): ReactNode {
  const today = useToday();
  const { papers, now, payer, patient } = certificate;
  const latest = papers.at(-1);
  const [typed, setTyped] = useState<Typed>(() =>
    latest === undefined ? emptyOf(today) : correctionOf(latest, today),
  );
  const [touched, setTouched] = useState(false);
  const [checked, setChecked] = useState(false);
  const missing = faultsOf(typed);
  const correcting = useMutation({
    mutationFn: () => correctTaxCertificate(certificate, { code_1: now.code_1, code_2: now.code_2, ...cardOf(typed) }),
    onSuccess: async () => {
      await refreshTaxCertificates();
      reportDone('Корректировка выпущена');
      onClose();
    },
    onError: () => void refreshTaxCertificates(),
  });
  const refused = faultsOfRefusal(correcting.error);
  return (
    <Form
      aria-label="Корректировка"
      onSubmit={() => {
        setChecked(true);
        if (Object.keys(missing).length === 0) correcting.mutate();
      }}
    >
      <Stack gap="sm">
        <Title order={2}>Корректировка</Title>
        <Text>{`Сейчас по оплатам – ${inCodes(now)}.`}</Text>
        <CertificateFields
          typed={typed}
          faults={{ ...(checked ? missing : {}), ...refused }}
          oneCard={payer.id === patient.id}
          onChange={(fields) => {
            setTouched(true);
            setTyped((before) => ({ ...before, ...fields }));
          }}
        />
        {Object.keys(refused).length === 0 && (
          <ProblemAlert error={correcting.error} title="Корректировка не выпущена" />
        )}
        <Group justify="end" gap="sm">
          <Button variant="default" onClick={onClose}>
            Отмена
          </Button>
          <Button type="submit" loading={correcting.isPending}>
            Выпустить корректировку
          </Button>
        </Group>
      </Stack>
      <UnsavedGuard when={touched && !correcting.isSuccess} />
    </Form>
  );
}
