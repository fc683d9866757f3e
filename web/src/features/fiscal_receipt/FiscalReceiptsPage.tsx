import { Anchor, Button, Group, Modal, Select, Stack, Text, Textarea } from '@mantine/core';
import { IconReceipt } from '@tabler/icons-react';
import { useMutation, useQuery } from '@tanstack/react-query';
import { getRouteApi } from '@tanstack/react-router';
import { type ReactNode, useState } from 'react';
import { Empty } from '@/components/Empty';
import { Form } from '@/components/fields/Form';
import { optionsOf } from '@/components/fields/options';
import { type ListColumn, ListTable } from '@/components/list/ListTable';
import { allRows, isFiltered, PAGE_SIZE, type SearchChange, searchChanged } from '@/components/list/listSearch';
import { PeriodInput } from '@/components/list/PeriodInput';
import { Mark } from '@/components/Mark';
import { reportDone, reportProblem } from '@/components/notices';
import { Page } from '@/components/Page';
import { ProblemAlert } from '@/components/ProblemAlert';
import { ObjectLink } from '@/entities/object/ObjectLink';
import { RECEIPT_STATES } from '@/entities/payment/receiptStates';
import { limits } from '@/lib/api/limits';
import { useRight } from '@/lib/api/me';
import { queryClient } from '@/lib/api/queries';
import { rubles } from '@/lib/text';
import { formatMoment } from '@/lib/time';
import { type FiscalReceipt, fiscalReceiptsQuery, giveUpReceipt, refreshFiscalReceipts, retryReceipt } from './queries';
import type { FiscalReceiptsSearch } from './search';

const route = getRouteApi('/shell/fiscal-receipts');

interface Row extends FiscalReceipt {
  readonly deleted: false;
}

const rowOf = (receipt: FiscalReceipt): Row => ({ ...receipt, deleted: false });

export function FiscalReceiptsPage(): ReactNode {
  const search = route.useSearch();
  const navigate = route.useNavigate();
  const { from, to, state, page = 1 } = search;
  const filter = { from, to, state };
  const change = (part: SearchChange<FiscalReceiptsSearch>) => void navigate(searchChanged(part));
  const found = useQuery(fiscalReceiptsQuery({ ...filter, page, size: PAGE_SIZE }));
  const filtered = isFiltered(search);
  return (
    <Page title="Кассовые чеки">
      <ListTable
        name="fiscal-receipts"
        label="Кассовые чеки"
        columns={COLUMNS}
        rows={found.data?.items.map(rowOf)}
        total={found.data?.total}
        waiting={found.isPlaceholderData}
        error={found.error}
        empty={
          <Empty icon={IconReceipt} title={filtered ? 'Таких чеков нет' : 'Чеков пока нет'}>
            {filtered
              ? 'Измените период или состояние.'
              : 'Чек появится после оплаты, если в настройках клиники включено «Печатать кассовые чеки».'}
          </Empty>
        }
        sort=""
        page={page}
        onChange={change}
        filters={
          <>
            <PeriodInput label="Период" bare from={from} to={to} onChange={change} />
            <Select
              aria-label="Состояние"
              placeholder="Все состояния"
              w={165}
              clearable
              data={optionsOf(RECEIPT_STATES)}
              value={state ?? null}
              onChange={(next) => change({ state: (next ?? undefined) })}
            />
          </>
        }
        nouns={['чек', 'чека', 'чеков']}
        loadAll={() =>
          allRows(async (at, size) => {
            const { items, total } = await queryClient.query(fiscalReceiptsQuery({ ...filter, page: at, size }));
            return { items: items.map(rowOf), total };
          })
        }
        exportName="Кассовые чеки"
        accessed={{ objectType: 'fiscal_receipt', filter }}
      />
    </Page>
  );
}

const OPERATIONS = { sell: 'Приход', sell_refund: 'Возврат прихода' } satisfies Record<
  FiscalReceipt['operation'],
  string
>;
/** A receipt that takes back or pays for what another one sells. */
const QUEUED = 'После предыдущего чека';
const LOOKS = { printed: 'completed', failed: 'arrived', waiting: 'planned', sent: 'planned', given_up: 'planned' } as const;

const COLUMNS: readonly ListColumn<Row>[] = [
  {
    key: 'moment',
    title: 'Дата и время',
    width: 150,
    render: ({ moment }) => <span className="tabular">{formatMoment(moment)}</span>,
    text: ({ moment }) => formatMoment(moment),
  },
  {
    key: 'operation',
    title: 'Чек',
    width: 125,
    render: ({ operation }) => OPERATIONS[operation],
    text: ({ operation }) => OPERATIONS[operation],
  },
  {
    key: 'patient',
    title: 'Пациент',
    grow: true,
    render: ({ patient }) =>
      patient && (
        <ObjectLink type="patient" id={patient.id} inherit>
          {patient.name}
        </ObjectLink>
      ),
    text: ({ patient }) => patient?.name ?? '',
  },
  {
    key: 'total',
    title: 'Сумма',
    width: 120,
    align: 'right',
    render: ({ total }) => <span className="tabular">{rubles(total)}</span>,
    text: ({ total }) => total.replace('.', ','),
  },
  {
    key: 'state',
    title: 'Состояние',
    width: 130,
    render: ({ state }) => <Mark like={LOOKS[state]}>{RECEIPT_STATES[state]}</Mark>,
    text: ({ state }) => RECEIPT_STATES[state],
  },
  {
    key: 'result',
    title: 'Фискальный документ',
    width: 210,
    render: (receipt) => <Result receipt={receipt} />,
    text: ({ document_number: number, error, queued }) =>
      number === null ? (queued ? QUEUED : error) : `ФД № ${number}`,
  },
];

/** The printed receipt, or why there is none. */
function Result({ receipt }: { readonly receipt: Row }): ReactNode {
  const { state, document_number: number, link, error, queued } = receipt;
  const mayRefund = useRight('refunds');
  if (number !== null) {
    const name = `ФД № ${number}`;
    return link === '' ? (
      name
    ) : (
      <Anchor href={link} target="_blank" rel="noreferrer" inherit>
        {name}
      </Anchor>
    );
  }
  return (
    <>
      {queued ? QUEUED : error}
      {state === 'failed' && <Retry receipt={receipt} />}
      {state === 'failed' && mayRefund && <GiveUp receipt={receipt} />}
    </>
  );
}

function Retry({ receipt }: { readonly receipt: Row }): ReactNode {
  const retrying = useMutation({
    mutationFn: () => retryReceipt(receipt),
    onSuccess: async () => {
      await refreshFiscalReceipts();
      reportDone('Чек отправлен снова');
    },
    onError: (error) => {
      reportProblem(error, 'Чек не отправлен');
      void refreshFiscalReceipts();
    },
  });
  return (
    <Button size="compact-sm" variant="light" ml={8} loading={retrying.isPending} onClick={() => retrying.mutate()}>
      Повторить
    </Button>
  );
}

/** For a receipt that was printed elsewhere, or isn't needed: what waits for it doesn't wait for ever. */
function GiveUp({ receipt }: { readonly receipt: Row }): ReactNode {
  const [open, setOpen] = useState(false);
  return (
    <>
      <Button size="compact-sm" variant="subtle" color="red" ml={4} onClick={() => setOpen(true)}>
        Не нужен
      </Button>
      {open && <GiveUpWindow receipt={receipt} onClose={() => setOpen(false)} />}
    </>
  );
}

function GiveUpWindow({ receipt, onClose }: { readonly receipt: Row; readonly onClose: () => void }): ReactNode {
  const [reason, setReason] = useState('');
  const [checked, setChecked] = useState(false);
  const giving = useMutation({
    mutationFn: () => giveUpReceipt(receipt, reason),
    onSuccess: async () => {
      await refreshFiscalReceipts();
      reportDone('Чек больше не печатается');
      onClose();
    },
    onError: () => void refreshFiscalReceipts(),
  });
  const blank = reason.trim() === '';
  return (
    <Modal opened onClose={onClose} title={`Не печатать чек на ${rubles(receipt.total)}?`} closeOnClickOutside={false}>
      <Form
        onSubmit={() => {
          setChecked(true);
          if (!blank && !giving.isPending) giving.mutate();
        }}
      >
        <Stack gap="sm">
          <Text fz="sm">
            Считается, что этот чек ничего не сообщал. Чеки, которые ждали его, не печатаются или запрашиваются заново без него.
            Кто и почему отказался, останется в журнале.
          </Text>
          <Textarea
            label="Почему чек не нужен"
            placeholder="Пробит на другой кассе"
            required
            data-autofocus
            autosize
            error={checked && blank ? 'Напишите, почему чек не нужен' : undefined}
            {...limits.GivenUp.reason}
            value={reason}
            onChange={(event) => setReason(event.currentTarget.value)}
          />
          <ProblemAlert error={giving.error} title="Отказаться не получилось" />
          <Group justify="end" gap="xs">
            <Button variant="default" onClick={onClose}>
              Отмена
            </Button>
            <Button type="submit" color="red" loading={giving.isPending}>
              Не печатать
            </Button>
          </Group>
        </Stack>
      </Form>
    </Modal>
  );
}
