import { Button, Group, Modal, Radio, Select, Skeleton, Stack, Text } from '@mantine/core';
import { useMutation, useQuery } from '@tanstack/react-query';
import { type ReactNode, useState } from 'react';
import type { Leaving } from '@/components/card/CardPage';
import { Form } from '@/components/fields/Form';
import { useToday } from '@/components/fields/useToday';
import { TextLink } from '@/components/links';
import { reportDone } from '@/components/notices';
import { useStillHere } from '@/components/ownPage';
import { ProblemAlert } from '@/components/ProblemAlert';
import { UnsavedGuard } from '@/components/UnsavedGuard';
import type { PatientChoice } from '@/entities/patient/patientChoice';
import { PatientPicker } from '@/entities/patient/PatientPicker';
import { cardOf, emptyOf, faultsOf, faultsOfRefusal, personFields, type Typed } from './certificateForm';
import { CertificateFields } from './CertificateFields';
import {
  type CertifiedPayer,
  issueTaxCertificate,
  refreshTaxCertificates,
  type TaxCertificateDraft,
  taxDraftQuery,
} from './queries';
import { likelyYear, yearsUntil } from './search';
import { inCodes, LeftOut } from './Sums';

interface NewCertificateWindowProps extends Leaving {
  /** Of the address. */
  readonly patientId: string | undefined;
  readonly onIssued: (id: string) => void;
}

/** Whom a certificate is for, in which year; then what it states. */
export function NewCertificateWindow({ patientId, onClose, onIssued }: NewCertificateWindowProps): ReactNode {
  const today = useToday();
  const [patient, setPatient] = useState<PatientChoice | null>(null);
  const [year, setYear] = useState(likelyYear(today));
  const id = patient?.id ?? patientId;
  return (
    <Modal opened onClose={onClose} size={860} title="Новая справка для налоговой" closeOnClickOutside={false}>
      <Stack gap="sm">
        <Group grow align="start">
          {patientId === undefined && <PatientPicker value={patient} onChange={setPatient} autoFocus />}
          <Select
            label="Год оплаты"
            maw={160}
            allowDeselect={false}
            data={yearsUntil(today)}
            value={year}
            onChange={(next) => setYear(next ?? year)}
          />
        </Group>
        {id !== undefined && (
          <Drafted key={`${id} ${year}`} patientId={id} year={Number(year)} onClose={onClose} onIssued={onIssued} />
        )}
      </Stack>
    </Modal>
  );
}

interface DraftedProps {
  readonly patientId: string;
  readonly year: number;
  readonly onClose: () => void;
  readonly onIssued: (id: string) => void;
}

function Drafted({ patientId, year, onClose, onIssued }: DraftedProps): ReactNode {
  const draft = useQuery(taxDraftQuery(patientId, year));
  if (draft.data === undefined) return draft.isError ? <ProblemAlert error={draft.error} /> : <Skeleton h={240} />;
  const { payers, patient } = draft.data;
  if (payers.length === 0) {
    return <Text c="dimmed">{`${patient.name}: оплат за ${year} год нет.`}</Text>;
  }
  return <Statement draft={draft.data} onClose={onClose} onIssued={onIssued} />;
}

interface StatementProps {
  readonly draft: TaxCertificateDraft;
  readonly onClose: () => void;
  readonly onIssued: (id: string) => void;
}

function Statement({ draft, onClose, onIssued }: StatementProps): ReactNode {
  const today = useToday();
  const isStillHere = useStillHere();
  const open = draft.payers.filter(payable);
  const [payerId, setPayerId] = useState(() => (open.length === 1 ? open[0]?.payer.id : undefined) ?? '');
  const payer = draft.payers.find((one) => one.payer.id === payerId);
  const [typed, setTyped] = useState<Typed>(() => startOf(draft, payer, emptyOf(today)));
  const [touched, setTouched] = useState(false);
  const [checked, setChecked] = useState(false);
  const missing = faultsOf(typed);
  const issuing = useMutation({
    mutationFn: ({ payer: { id }, sums }: CertifiedPayer) =>
      issueTaxCertificate(draft.patient.id, {
        payer_id: id,
        year: draft.year,
        code_1: sums.code_1,
        code_2: sums.code_2,
        ...cardOf(typed),
      }),
    onSuccess: async ({ id }) => {
      await refreshTaxCertificates();
      reportDone('Справка выписана');
      if (isStillHere()) onIssued(id);
    },
    onError: () => void refreshTaxCertificates(),
  });
  const refused = faultsOfRefusal(issuing.error);
  const faults = { ...(checked ? missing : {}), ...refused };
  const change = (fields: Partial<Typed>) => {
    setTouched(true);
    setTyped((now) => ({ ...now, ...fields }));
  };
  const choose = (id: string) => {
    setPayerId(id);
    setTyped((now) =>
      startOf(
        draft,
        draft.payers.find((one) => one.payer.id === id),
        now,
      ),
    );
  };
  const { representative } = draft;
  return (
    <Form
      aria-label="Справка"
      creating={issuing.isPending}
      onSubmit={() => {
        setChecked(true);
        if (payer !== undefined && Object.keys(missing).length === 0) issuing.mutate(payer);
      }}
    >
      <Stack gap="sm">
        <Text fw={600}>{`Пациент: ${draft.patient.name}`}</Text>
        <Radio.Group
          label="Кто платил"
          value={payerId}
          onChange={choose}
          error={checked && payer === undefined ? 'Выберите плательщика' : undefined}
        >
          <Stack gap={6} mt={6}>
            {draft.payers.map((one) => (
              <PayerChoice key={one.payer.id} payer={one} />
            ))}
          </Stack>
        </Radio.Group>
        {payer !== undefined && (
          <>
            {representative !== null && payer.payer.id === draft.patient.id && (
              <Group gap="xs">
                <Text fz="sm" c="dimmed">
                  Если платил представитель пациента, справка выдаётся ему.
                </Text>
                <Button
                  size="compact-sm"
                  variant="light"
                  onClick={() =>
                    change({
                      ...personFields('payer', representative),
                      ...personFields('patient', draft.person),
                      same_person: false,
                    })
                  }
                >
                  Платил представитель
                </Button>
              </Group>
            )}
            <CertificateFields
              typed={typed}
              faults={faults}
              oneCard={payer.payer.id === draft.patient.id}
              onChange={(fields) =>
                change(fields.same_person === false ? { ...personFields('patient', draft.person), ...fields } : fields)
              }
            />
          </>
        )}
        {Object.keys(refused).length === 0 && <ProblemAlert error={issuing.error} title="Справка не выписана" />}
        <Group justify="end" gap="sm">
          <Button variant="default" onClick={onClose}>
            Отмена
          </Button>
          <Button type="submit" loading={issuing.isPending} disabled={open.length === 0}>
            Выписать справку
          </Button>
        </Group>
      </Stack>
      <UnsavedGuard when={touched && !issuing.isSuccess} />
    </Form>
  );
}

/** Somebody of whom a certificate may be made. */
function payable({ sums, certificate }: CertifiedPayer): boolean {
  return certificate === null && Number(sums.code_1) + Number(sums.code_2) > 0;
}

function PayerChoice({ payer }: { readonly payer: CertifiedPayer }): ReactNode {
  const { certificate, sums } = payer;
  return (
    <div>
      <Radio
        value={payer.payer.id}
        disabled={!payable(payer)}
        label={`${payer.payer.name} – ${inCodes(sums)}`}
        aria-label={payer.payer.name}
      />
      {certificate !== null && (
        <Text fz="sm" c="dimmed" pl={28}>
          {'Уже выписана '}
          <TextLink to="/tax-certificates/$id" params={{ id: certificate.id }} search={true}>
            {`справка № ${certificate.name}`}
          </TextLink>
          .
        </Text>
      )}
      <Text component="div" pl={28}>
        <LeftOut sums={sums} />
      </Text>
    </div>
  );
}

/** The form for this payer: what was typed of the signer stays. */
function startOf(draft: TaxCertificateDraft, payer: CertifiedPayer | undefined, typed: Typed): Typed {
  const signed = { ...typed, signer: typed.signer === '' ? draft.signer : typed.signer };
  if (payer === undefined) return signed;
  const same = payer.payer.id === draft.patient.id;
  return {
    ...signed,
    ...personFields('payer', payer.person),
    ...personFields('patient', draft.person),
    same_person: same,
  };
}
