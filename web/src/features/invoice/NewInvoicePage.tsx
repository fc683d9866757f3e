/** A new invoice: to whom, for which days of the register, and what it would bill. */
import { Button, Group, Skeleton, Stack, Text, Textarea } from '@mantine/core';
import { useMutation, useQuery } from '@tanstack/react-query';
import { getRouteApi } from '@tanstack/react-router';
import { type ReactNode, useState } from 'react';
import { DateField } from '@/components/fields/DateField';
import { Form } from '@/components/fields/Form';
import { useToday } from '@/components/fields/useToday';
import { ButtonLink } from '@/components/links';
import { PeriodInput } from '@/components/list/PeriodInput';
import { reportDone } from '@/components/notices';
import { useStillHere } from '@/components/ownPage';
import { Page } from '@/components/Page';
import { ProblemAlert } from '@/components/ProblemAlert';
import { UnsavedGuard } from '@/components/UnsavedGuard';
import { ReferenceSelect } from '@/entities/catalogue/ReferenceSelect';
import { faultsIn } from '@/lib/api/faults';
import { labels } from '@/lib/api/labels';
import { limits } from '@/lib/api/limits';
import { rubles } from '@/lib/text';
import { isLocalDate, type LocalDate } from '@/lib/time';
import { InvoicedVisits } from './InvoicedVisits';
import { invoiceDraftQuery, issueInvoice, refreshInvoices } from './queries';
import type { NewInvoiceSearch } from './search';

const route = getRouteApi('/shell/new-invoice');
const LABELS = labels.NewInvoice;

interface Typed {
  readonly issued_on: string;
  readonly act_on: string;
  readonly due_on: string;
  readonly comment: string;
}

type Field = keyof Typed | 'first' | 'last';
const FIELDS: ReadonlySet<string> = new Set(['issued_on', 'act_on', 'due_on', 'comment', 'first', 'last']);

export function NewInvoicePage(): ReactNode {
  const { counterparty, from, to } = route.useSearch();
  const navigate = route.useNavigate();
  const change = (part: Partial<NewInvoiceSearch>) =>
    void navigate({ search: (now) => ({ ...now, ...part }), replace: true });
  return (
    <Page
      title="Новый счёт организации"
      actions={
        <ButtonLink to="/invoices" variant="default">
          К списку
        </ButtonLink>
      }
    >
      <Group align="end" gap="sm" mb="md">
        <ReferenceSelect
          label="Организация"
          required
          w={320}
          catalogue="counterparty"
          value={counterparty ?? ''}
          onChange={(next) => change({ counterparty: next === '' ? undefined : next })}
        />
        <PeriodInput label="Оплаты в реестре" from={from} to={to} onChange={change} />
      </Group>
      {counterparty === undefined ? (
        <Text c="dimmed">Выберите организацию: здесь появятся визиты, которые она ещё не получила в счёте.</Text>
      ) : (
        <Draft key={counterparty} organisation={counterparty} from={from} to={to} />
      )}
    </Page>
  );
}

interface DraftProps {
  readonly organisation: string;
  readonly from: LocalDate | undefined;
  readonly to: LocalDate | undefined;
}

function Draft({ organisation, from, to }: DraftProps): ReactNode {
  const today = useToday();
  const navigate = route.useNavigate();
  const isStillHere = useStillHere();
  const draft = useQuery(invoiceDraftQuery(organisation, { from, to }));
  const [typed, setTyped] = useState<Typed>({ issued_on: today, act_on: to ?? today, due_on: '', comment: '' });
  const [touched, setTouched] = useState(false);
  const [checked, setChecked] = useState(false);
  const issuing = useMutation({
    mutationFn: (sum: string) =>
      issueInvoice(organisation, {
        ...(from === undefined ? {} : { first: from }),
        last: to ?? today,
        issued_on: typed.issued_on,
        act_on: typed.act_on,
        ...(typed.due_on === '' ? {} : { due_on: typed.due_on }),
        comment: typed.comment,
        sum,
      }),
    onSuccess: async ({ id, number }) => {
      void refreshInvoices();
      reportDone(`Счёт № ${number} выставлен`);
      if (isStillHere()) await navigate({ to: '/invoices/$id', params: { id }, ignoreBlocker: true });
    },
    onError: () => void refreshInvoices(),
  });
  if (draft.data === undefined) return draft.isError ? <ProblemAlert error={draft.error} /> : <Skeleton h={240} />;
  const { lines, sum } = draft.data;
  if (lines.length === 0) {
    return <Text c="dimmed">За этот период выставлять нечего: услуг нет или они уже в других счетах.</Text>;
  }
  const missing: Partial<Record<Field, string>> = {
    ...(isLocalDate(typed.issued_on) ? {} : { issued_on: 'Укажите дату' }),
    ...(isLocalDate(typed.act_on) ? {} : { act_on: 'Укажите дату' }),
    ...(typed.due_on === '' || isLocalDate(typed.due_on) ? {} : { due_on: 'Укажите дату' }),
  };
  const refused = faultsIn<Field>(issuing.error, (field) => (FIELDS.has(field) ? (field as Field) : undefined), {
    period_closed: () => 'issued_on',
  });
  const faults = { ...(checked ? missing : {}), ...refused };
  const set = (part: Partial<Typed>) => {
    setTouched(true);
    setTyped((now) => ({ ...now, ...part }));
  };
  return (
    <Form
      aria-label="Счёт"
      onSubmit={() => {
        setChecked(true);
        if (Object.keys(missing).length === 0) issuing.mutate(sum);
      }}
    >
      <Stack gap="sm">
        <Group align="start" gap="sm">
          {(['issued_on', 'act_on', 'due_on'] as const).map((field) => (
            <DateField
              key={field}
              label={LABELS[field]}
              required={field !== 'due_on'}
              w={190}
              leaning={field === 'due_on' ? 'coming' : 'past'}
              error={faults[field]}
              value={typed[field]}
              onChange={(day) => set({ [field]: day })}
            />
          ))}
        </Group>
        <Textarea
          label={LABELS.comment}
          description="Печатается в счёте и в акте"
          maw={600}
          autosize
          minRows={1}
          maxRows={5}
          {...limits.NewInvoice.comment}
          error={faults.comment}
          value={typed.comment}
          onChange={(event) => set({ comment: event.currentTarget.value })}
        />
        <InvoicedVisits lines={lines} />
        <ProblemAlert error={refused === null ? issuing.error : null} title="Счёт не выставлен" />
        {(faults.first ?? faults.last) !== undefined && <Text c="red">{faults.first ?? faults.last}</Text>}
        <Group justify="space-between">
          <Text fw={600}>{`Итого ${rubles(sum)}`}</Text>
          <Button type="submit" loading={issuing.isPending}>
            {`Выставить счёт на ${rubles(sum)}`}
          </Button>
        </Group>
      </Stack>
      <UnsavedGuard when={touched} />
    </Form>
  );
}
