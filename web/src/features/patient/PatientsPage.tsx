import { TextLink } from '@/components/links';
import { Button } from '@mantine/core';
import { IconUserPlus, IconUserSearch } from '@tabler/icons-react';
import { keepPreviousData, useQuery } from '@tanstack/react-query';
import { useNavigate, useSearch } from '@tanstack/react-router';
import { useState } from 'react';
import { ReferenceFilter } from '@/entities/catalogue/ReferenceFilter';
import { Empty } from '@/components/Empty';
import { type ListColumn, ListTable } from '@/components/list/ListTable';
import { allRows, orderOf, PAGE_SIZE, type SearchChange, searchChanged } from '@/components/list/listSearch';
import { CategoryMarks } from '@/entities/patient/CategoryMarks';
import { nameColumn } from '@/components/list/nameColumn';
import { SearchInput } from '@/components/list/SearchInput';
import { Page } from '@/components/Page';
import { choices } from '@/lib/api/labels';
import type { PatientItem } from '@/lib/api/model';
import { type PatientFilter, patientsQuery } from '@/entities/patient/queries';
import { queryClient } from '@/lib/api/queries';
import { formatBirthDate, formatPhone } from '@/lib/text';
import { useMe } from '@/lib/api/me';
import { NewPatientWindow } from './NewPatientWindow';
import { ReturnButton } from './ReturnButton';
import type { PatientsSearch } from './search';

const ORDERS = ['name', '-name', 'card_number', '-card_number', 'birth_date', '-birth_date'] as const;

const COLUMNS: readonly ListColumn<PatientItem>[] = [
  {
    key: 'card_number',
    title: 'Карта',
    sort: 'card_number',
    width: 100,
    render: (patient) => <span className="tabular">{patient.card_number}</span>,
    text: (patient) => patient.card_number,
  },
  nameColumn({
    key: 'name',
    title: 'Пациент',
    sort: 'name',
    nameOf: ({ name }) => name,
    deletedWord: 'удалён',
    link: ({ id }, look) => <TextLink to="/patients/$id" params={{ id }} {...look} />,
    after: ({ categories }) => <CategoryMarks categories={categories} />,
  }),
  {
    key: 'birth_date',
    title: 'Дата рождения',
    sort: 'birth_date',
    width: 150,
    render: (patient) => <span className="tabular">{formatBirthDate(patient.birth_date)}</span>,
    text: (patient) => formatBirthDate(patient.birth_date),
  },
  {
    key: 'phone',
    title: 'Телефон',
    width: 170,
    render: (patient) => <span className="tabular">{formatPhone(patient.phone)}</span>,
    text: (patient) => formatPhone(patient.phone),
  },
  {
    key: 'sex',
    title: 'Пол',
    width: 110,
    optional: true,
    render: (patient) => sexOf(patient),
    text: (patient) => sexOf(patient),
  },
  {
    key: 'categories',
    title: 'Категории',
    optional: true,
    render: (patient) => categoriesOf(patient),
    text: (patient) => categoriesOf(patient),
  },
  {
    key: 'comment',
    title: 'Комментарий',
    width: '26%',
    grow: true,
    render: (patient) => patient.comment,
    text: (patient) => patient.comment,
  },
];

const RETURN: ListColumn<PatientItem> = {
  key: 'return',
  title: 'Возврат',
  width: 110,
  render: (patient) => patient.deleted && <ReturnButton patient={patient} variant="light" />,
  text: () => '',
};

function categoriesOf({ categories }: PatientItem): string {
  return categories.map(({ name }) => name).join(', ');
}

function sexOf({ sex }: PatientItem): string {
  return sex === '' ? '' : choices.PatientChange.sex[sex];
}

export function PatientsPage() {
  const search = useSearch({ from: '/shell/patients' });
  const navigate = useNavigate({ from: '/patients' });
  const { show_deleted: deleted } = useMe().clinic;
  const [creating, setCreating] = useState(false);
  const page = search.page ?? 1;
  const sort = orderOf(search, ORDERS, 'name');
  const filter: Omit<PatientFilter, 'page' | 'size'> = {
    q: search.q,
    category_id: search.category,
    source_id: search.source,
    sort,
    deleted: deleted || undefined,
  };
  const narrowed = [search.q, search.category, search.source].some((part) => part !== undefined);
  const change = (part: SearchChange<PatientsSearch>) => void navigate(searchChanged(part));
  const patients = useQuery({
    ...patientsQuery({ ...filter, page, size: PAGE_SIZE }),
    placeholderData: keepPreviousData,
  });

  return (
    <Page
      title="Пациенты"
      actions={
        <Button leftSection={<IconUserPlus size={17} stroke={1.8} aria-hidden />} onClick={() => setCreating(true)}>
          Новый пациент
        </Button>
      }
    >
      <ListTable
        name="patients"
        label="Пациенты"
        columns={deleted ? [...COLUMNS, RETURN] : COLUMNS}
        rows={patients.data?.items}
        total={patients.data?.total}
        waiting={patients.isPlaceholderData}
        error={patients.error}
        empty={
          <Empty icon={IconUserSearch} title={narrowed ? 'Никого не нашли' : 'Пациентов пока нет'}>
            {narrowed
              ? 'Попробуйте часть фамилии, телефона или номера карты, другие условия.'
              : 'Создайте карту, загрузите пациентов из Excel или запишите первого на приём.'}
          </Empty>
        }
        sort={sort}
        page={page}
        onChange={change}
        filters={
          <>
            <SearchInput label="Имя, телефон или номер карты" value={search.q ?? ''} onSearch={(q) => change({ q })} />
            <ReferenceFilter
              label="Категория"
              placeholder="Все категории"
              catalogue="patient_category"
              width={170}
              value={search.category}
              onChange={(category) => change({ category })}
            />
            <ReferenceFilter
              label="Источник"
              placeholder="Все источники"
              catalogue="source"
              width={170}
              value={search.source}
              onChange={(source) => change({ source })}
            />
          </>
        }
        nouns={['пациент', 'пациента', 'пациентов']}
        loadAll={() => allRows((at, size) => queryClient.query(patientsQuery({ ...filter, page: at, size })))}
        exportName="Пациенты"
        accessed={{ objectType: 'patient', filter: { ...filter, sort: undefined } }}
      />
      {creating && <NewPatientWindow onClose={() => setCreating(false)} />}
    </Page>
  );
}
