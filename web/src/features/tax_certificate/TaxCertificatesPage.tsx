import { Button, Select } from '@mantine/core';
import { IconFileCertificate, IconFileExport, IconPlus } from '@tabler/icons-react';
import { useQuery } from '@tanstack/react-query';
import { getRouteApi, Outlet } from '@tanstack/react-router';
import { type ReactNode, useState } from 'react';
import { NEW } from '@/components/card/CardPage';
import { Empty } from '@/components/Empty';
import { useToday } from '@/components/fields/useToday';
import { ButtonLink, TextLink } from '@/components/links';
import { DeletedSwitch } from '@/components/list/DeletedSwitch';
import { type ListColumn, ListTable } from '@/components/list/ListTable';
import { allRows, isFiltered, PAGE_SIZE, type SearchChange, searchChanged } from '@/components/list/listSearch';
import { nameColumn } from '@/components/list/nameColumn';
import { PeriodInput } from '@/components/list/PeriodInput';
import { SearchInput } from '@/components/list/SearchInput';
import { useReturnColumn } from '@/components/list/useReturnColumn';
import { Mark } from '@/components/Mark';
import { Page } from '@/components/Page';
import { sumColumn } from '@/entities/money/sumColumn';
import { ObjectLink } from '@/entities/object/ObjectLink';
import { useMe } from '@/lib/api/me';
import { queryClient } from '@/lib/api/queries';
import { formatDate } from '@/lib/time';
import { ElectronicFormDialog } from './ElectronicFormDialog';
import { refreshTaxCertificates, returnTaxCertificate, type TaxCertificateItem, taxCertificatesQuery } from './queries';
import { type TaxCertificatesSearch, yearsUntil } from './search';
import { handedIn, isAnnulled, paperName } from './states';

const route = getRouteApi('/shell/tax-certificates');
const SENT = { true: 'Выданные', false: 'Не выданные' } as const;

export function TaxCertificatesPage(): ReactNode {
  const { clinic } = useMe();
  const today = useToday();
  const search = route.useSearch();
  const navigate = route.useNavigate();
  const [exporting, setExporting] = useState(false);
  const { q = '', page = 1, year, sent, from, to } = search;
  const deleted = search.deleted ?? clinic.show_deleted;
  const filter = { q, year, sent, from, to, deleted };
  const change = (part: SearchChange<TaxCertificatesSearch>) => void navigate(searchChanged(part));
  const found = useQuery(taxCertificatesQuery({ ...filter, page, size: PAGE_SIZE }));
  const returns = useReturnColumn<TaxCertificateItem>({
    nameOf: ({ number }) => `справку № ${number}`,
    bringBack: returnTaxCertificate,
    refresh: refreshTaxCertificates,
  });
  const filtered = isFiltered({ ...search, patient: undefined });
  return (
    <Page
      title="Справки для налоговой"
      actions={
        <>
          <Button
            variant="default"
            leftSection={<IconFileExport size={17} stroke={1.7} aria-hidden />}
            onClick={() => setExporting(true)}
          >
            Файл для налоговой
          </Button>
          <ButtonLink
            to="/tax-certificates/$id"
            params={{ id: NEW }}
            search={true}
            leftSection={<IconPlus size={17} stroke={1.8} aria-hidden />}
          >
            Новая справка
          </ButtonLink>
        </>
      }
    >
      <ListTable
        name="tax-certificates"
        label="Журнал справок"
        columns={deleted ? [...COLUMNS, returns] : COLUMNS}
        rows={found.data?.items}
        total={found.data?.total}
        waiting={found.isPlaceholderData}
        error={found.error}
        empty={
          <Empty icon={IconFileCertificate} title={filtered ? 'Таких справок нет' : 'Справок пока нет'}>
            {filtered
              ? 'Измените год, период или поиск.'
              : 'Справку об оплате лечения выписывают по просьбе плательщика: здесь или на вкладке «Финансы» пациента.'}
          </Empty>
        }
        sort=""
        page={page}
        onChange={change}
        filters={
          <>
            <SearchInput
              label="Номер, плательщик, пациент"
              width={230}
              value={q}
              onSearch={(next) => change({ q: next })}
            />
            <Select
              aria-label="Год оплаты"
              placeholder="Все годы"
              w={120}
              clearable
              data={yearsUntil(today)}
              value={year === undefined ? null : String(year)}
              onChange={(next) => change({ year: next === null ? undefined : Number(next) })}
            />
            <PeriodInput label="Дата справки" bare from={from} to={to} onChange={change} />
            <Select
              aria-label="Выдача"
              placeholder="Выданные и нет"
              w={160}
              clearable
              data={Object.entries(SENT).map(([value, label]) => ({ value, label }))}
              value={sent === undefined ? null : String(sent)}
              onChange={(next) => change({ sent: next === null ? undefined : next === 'true' })}
            />
            <DeletedSwitch value={search.deleted} onChange={(next) => change({ deleted: next })} />
          </>
        }
        nouns={['справка', 'справки', 'справок']}
        loadAll={() => allRows((at, size) => queryClient.query(taxCertificatesQuery({ ...filter, page: at, size })))}
        exportName="Журнал справок"
        accessed={{ objectType: 'tax_certificate', filter }}
      />
      <Outlet />
      {exporting && <ElectronicFormDialog onClose={() => setExporting(false)} />}
    </Page>
  );
}

const COLUMNS: readonly ListColumn<TaxCertificateItem>[] = [
  nameColumn<TaxCertificateItem>({
    key: 'number',
    title: '№',
    width: 60,
    nameOf: ({ number }) => String(number),
    deletedWord: 'удалена',
    link: ({ id }, look) => <TextLink to="/tax-certificates/$id" params={{ id }} search={true} {...look} />,
  }),
  {
    key: 'issued_on',
    title: 'Дата',
    width: 105,
    render: ({ issued_on: day }) => <span className="tabular">{formatDate(day)}</span>,
    text: ({ issued_on: day }) => formatDate(day),
  },
  { key: 'year', title: 'Год', width: 65, render: ({ year }) => year, text: ({ year }) => String(year) },
  {
    key: 'payer',
    title: 'Плательщик',
    render: ({ payer_name: name }) => name,
    text: ({ payer_name: name }) => name,
  },
  {
    key: 'patient',
    title: 'Пациент',
    render: ({ patient }) => (
      <ObjectLink type="patient" id={patient.id} inherit>
        {patient.name}
      </ObjectLink>
    ),
    text: ({ patient }) => patient.name,
  },
  sumColumn('code_1', 'Код 1', ({ code_1: sum }) => sum, 100),
  sumColumn('code_2', 'Код 2', ({ code_2: sum }) => sum, 100),
  {
    key: 'correction',
    title: 'Выпуск',
    width: 150,
    render: (one) => (
      <>
        {isAnnulled(one) ? <Mark like="planned">аннулирована</Mark> : paperName(one.correction)}
        {one.changed && (
          <>
            {' '}
            <Mark like="arrived">устарела</Mark>
          </>
        )}
      </>
    ),
    text: ({ correction }) => paperName(correction),
  },
  {
    key: 'handed',
    title: 'Выдача',
    width: 110,
    render: ({ handed, correction }) => handedIn(handed, correction),
    text: ({ handed, correction }) => handedIn(handed, correction),
  },
];
