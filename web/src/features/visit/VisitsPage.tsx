import { ObjectLink } from '@/entities/object/ObjectLink';
import { Choice } from '@/components/fields/Choice';
import { useToday } from '@/components/fields/useToday';
import { Checkbox, Select } from '@mantine/core';
import { IconClipboardList } from '@tabler/icons-react';
import { keepPreviousData, useQuery } from '@tanstack/react-query';
import { useNavigate, useSearch } from '@tanstack/react-router';
import { Empty } from '@/components/Empty';
import { type ListColumn, ListTable } from '@/components/list/ListTable';
import { allRows, orderOf, PAGE_SIZE, type SearchChange, searchChanged } from '@/components/list/listSearch';
import { PeriodInput } from '@/components/list/PeriodInput';
import { SearchInput } from '@/components/list/SearchInput';
import { Page } from '@/components/Page';
import { STATUS_ORDER, STATUSES } from '@/entities/visit/status';
import { StatusBadge } from '@/entities/visit/StatusBadge';
import { useMe } from '@/lib/api/me';
import type { Visit, VisitStatus } from '@/lib/api/model';
import { queryClient } from '@/lib/api/queries';
import { doctorsQuery, type VisitFilter, visitsQuery } from '@/entities/visit/queries';
import { rubles, formatPhone, shortName } from '@/lib/text';
import { addDays, formatDate, formatTime } from '@/lib/time';
import { BOOKED, type VisitsSearch } from './search';

const ORDERS = ['starts_at', '-starts_at', 'number', '-number'] as const;
const hours = (visit: Visit) => `${formatTime(visit.starts_at)}–${formatTime(visit.ends_at)}`;
const time = (visit: Visit) => `${formatDate(visit.starts_at)} ${hours(visit)}`;
const services = (visit: Visit) =>
  visit.lines.map(({ name, quantity }) => (quantity > 1 ? `${name} × ${quantity}` : name)).join(', ');

const COLUMNS: readonly ListColumn<Visit>[] = [
  {
    key: 'number',
    title: '№',
    sort: 'number',
    width: 70,
    render: (visit) => (
      <ObjectLink type="visit" id={visit.id} className="tabular" fw={500}>
        {visit.number}
      </ObjectLink>
    ),
    text: (visit) => String(visit.number),
  },
  {
    key: 'time',
    title: 'Дата и время',
    sort: 'starts_at',
    width: 178,
    render: (visit) => (
      <span className="tabular">
        {formatDate(visit.starts_at)} <span className="unbroken">{hours(visit)}</span>
      </span>
    ),
    text: time,
  },
  {
    key: 'patient',
    title: 'Пациент',
    width: 230,
    render: (visit) => (
      <ObjectLink type="patient" id={visit.patient.id} inherit c="var(--mantine-color-text)">
        {visit.patient.name}
      </ObjectLink>
    ),
    text: (visit) => visit.patient.name,
  },
  {
    key: 'phone',
    title: 'Телефон',
    width: 160,
    optional: true,
    render: (visit) => <span className="tabular">{formatPhone(visit.patient.phone)}</span>,
    text: (visit) => formatPhone(visit.patient.phone),
  },
  {
    key: 'doctor',
    title: 'Врач',
    width: 140,
    render: (visit) => (
      <span className="unbroken">{visit.doctor === null ? 'Без врача' : shortName(visit.doctor.name)}</span>
    ),
    text: (visit) => visit.doctor?.name ?? '',
  },
  { key: 'services', title: 'Услуги', grow: true, render: services, text: services },
  {
    key: 'total',
    title: 'Сумма',
    width: 100,
    align: 'right',
    render: (visit) => <span className="tabular">{rubles(visit.total)}</span>,
    text: (visit) => visit.total.replace('.', ','),
  },
  {
    key: 'status',
    title: 'Статус',
    width: 150,
    render: (visit) => (visit.deleted ? 'Удалён' : <StatusBadge status={visit.status} />),
    text: (visit) => (visit.deleted ? 'Удалён' : STATUSES[visit.status].label),
  },
  {
    key: 'room',
    title: 'Кабинет',
    width: 110,
    optional: true,
    render: (visit) => visit.room,
    text: (visit) => visit.room,
  },
  {
    key: 'comment',
    title: 'Комментарий',
    optional: true,
    render: (visit) => visit.comment,
    text: (visit) => visit.comment,
  },
];

const CHOICES: readonly { value: VisitStatus | typeof BOOKED; label: string }[] = [
  ...STATUS_ORDER.map((status) => ({ value: status, label: STATUSES[status].label })),
  { value: BOOKED, label: 'Занимают время' },
];

export function VisitsPage() {
  const me = useMe();
  const showsPatient = me.rights.includes('patient_info');
  const search = useSearch({ from: '/shell/visits' });
  const navigate = useNavigate({ from: '/visits' });
  const today = useToday();
  const page = search.page ?? 1;
  const sort = orderOf(search, ORDERS, '-starts_at');
  const filter: Omit<VisitFilter, 'page' | 'size'> = {
    q: search.q,
    from: search.from,
    to: search.to,
    status: search.status,
    doctor_id: search.doctor,
    deleted: search.deleted,
    sort,
  };
  const visits = useQuery({ ...visitsQuery({ ...filter, page, size: PAGE_SIZE }), placeholderData: keepPreviousData });
  const doctors = useQuery(doctorsQuery(addDays(today, -14), addDays(today, 14)));
  const change = (part: SearchChange<VisitsSearch>) => void navigate(searchChanged(part));

  return (
    <Page title="Визиты">
      <ListTable
        name="visits"
        label="Визиты"
        columns={showsPatient ? COLUMNS : COLUMNS.filter(({ key }) => key !== 'phone')}
        rows={visits.data?.items}
        total={visits.data?.total}
        waiting={visits.isPlaceholderData}
        error={visits.error}
        empty={
          <Empty icon={IconClipboardList} title="Таких визитов нет">
            Измените период или другие условия.
          </Empty>
        }
        sort={sort}
        page={page}
        onChange={change}
        filters={
          <>
            <SearchInput
              label={showsPatient ? 'Пациент, телефон, № визита' : 'Пациент, № визита'}
              width={240}
              value={search.q ?? ''}
              onSearch={(q) => change({ q })}
            />
            <PeriodInput label="Период" bare from={search.from} to={search.to} onChange={change} width={205} />
            <Choice
              aria-label="Врач"
              placeholder="Все врачи"
              w={170}
              clearable
              data={(doctors.data?.doctors ?? []).map(({ id, name }) => ({ value: id, label: name }))}
              value={search.doctor ?? null}
              onChange={(doctor) => change({ doctor: doctor ?? undefined })}
            />
            <Select
              aria-label="Статус"
              placeholder="Все статусы"
              w={145}
              clearable
              data={CHOICES}
              value={search.status ?? null}
              onChange={(status) => change({ status: status ?? undefined })}
            />
            {me.clinic.show_deleted && (
              <Checkbox
                label="С удалёнными"
                my="auto"
                checked={search.deleted ?? false}
                onChange={(event) => change({ deleted: event.currentTarget.checked ? true : undefined })}
              />
            )}
          </>
        }
        nouns={['визит', 'визита', 'визитов']}
        loadAll={() => allRows((at, size) => queryClient.query(visitsQuery({ ...filter, page: at, size })))}
        exportName="Визиты"
        accessed={{ objectType: 'visit', filter: { ...filter, sort: undefined } }}
      />
    </Page>
  );
}
