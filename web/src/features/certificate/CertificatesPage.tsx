import { Text } from '@mantine/core';
import { IconGift, IconPlus } from '@tabler/icons-react';
import { useQuery } from '@tanstack/react-query';
import { getRouteApi, Outlet } from '@tanstack/react-router';
import type { ReactNode } from 'react';
import { NEW } from '@/components/card/CardPage';
import { Empty } from '@/components/Empty';
import { useToday } from '@/components/fields/useToday';
import { ButtonLink, TextLink } from '@/components/links';
import { DeletedSwitch } from '@/components/list/DeletedSwitch';
import { type ListColumn, ListTable } from '@/components/list/ListTable';
import { allRows, isFiltered, PAGE_SIZE, type SearchChange, searchChanged } from '@/components/list/listSearch';
import { nameColumn } from '@/components/list/nameColumn';
import { SearchInput } from '@/components/list/SearchInput';
import { useReturnColumn } from '@/components/list/useReturnColumn';
import { Mark } from '@/components/Mark';
import { Page } from '@/components/Page';
import { sumColumn } from '@/entities/money/sumColumn';
import { ObjectLink } from '@/entities/object/ObjectLink';
import { type Certificate, returnCertificate } from '@/entities/payment/queries';
import { useMe } from '@/lib/api/me';
import { queryClient } from '@/lib/api/queries';
import { formatDate } from '@/lib/time';
import { certificatesQuery, refreshCertificates } from './queries';
import type { CertificatesSearch } from './search';

export function CertificatesPage(): ReactNode {
  const { clinic, rights } = useMe();
  if (clinic.certificates) return <List />;
  return (
    <Page title="Сертификаты">
      <Empty icon={IconGift} title="В клинике не используются сертификаты">
        {rights.includes('clinic_settings') ? (
          <>
            Включите их в <TextLink to="/settings">настройках клиники</TextLink>.
          </>
        ) : (
          'Включить их может тот, кто меняет настройки клиники.'
        )}
      </Empty>
    </Page>
  );
}

const route = getRouteApi('/shell/certificates');

function List(): ReactNode {
  const { clinic, rights } = useMe();
  const search = route.useSearch();
  const navigate = route.useNavigate();
  const today = useToday();
  const { q = '', page = 1 } = search;
  const deleted = search.deleted ?? clinic.show_deleted;
  const change = (part: SearchChange<CertificatesSearch>) => void navigate(searchChanged(part));
  const found = useQuery(certificatesQuery({ q, deleted, page, size: PAGE_SIZE }));
  const returns = useReturnColumn<Certificate>({
    nameOf: ({ code }) => `сертификат № ${code}`,
    bringBack: returnCertificate,
    refresh: refreshCertificates,
  });
  const columns = columnsOf(today);
  const returnable = deleted && rights.includes('refunds');
  const filtered = isFiltered(search);
  return (
    <Page
      title="Сертификаты"
      actions={
        <ButtonLink
          to="/certificates/$id"
          params={{ id: NEW }}
          search={true}
          leftSection={<IconPlus size={17} stroke={1.8} aria-hidden />}
        >
          Продать сертификат
        </ButtonLink>
      }
    >
      <ListTable
        name="certificates"
        label="Сертификаты"
        columns={returnable ? [...columns, returns] : columns}
        rows={found.data?.items}
        total={found.data?.total}
        waiting={found.isPlaceholderData}
        error={found.error}
        empty={
          <Empty icon={IconGift} title={filtered ? 'Таких сертификатов нет' : 'Сертификатов пока нет'}>
            {filtered ? 'Проверьте номер.' : 'Первый продаст кнопка «Продать сертификат» справа вверху.'}
          </Empty>
        }
        sort=""
        page={page}
        onChange={change}
        filters={
          <>
            <SearchInput label="Номер сертификата" width={200} value={q} onSearch={(next) => change({ q: next })} />
            <DeletedSwitch value={search.deleted} onChange={(next) => change({ deleted: next })} />
          </>
        }
        nouns={['сертификат', 'сертификата', 'сертификатов']}
        loadAll={() => allRows((at, size) => queryClient.query(certificatesQuery({ q, deleted, page: at, size })))}
        exportName="Сертификаты"
        accessed={{ objectType: 'certificate', filter: { q } }}
      />
      <Outlet />
    </Page>
  );
}

function columnsOf(today: string): ListColumn<Certificate>[] {
  return [
    nameColumn<Certificate>({
      key: 'code',
      title: 'Номер',
      width: 150,
      nameOf: ({ code }) => code,
      deletedWord: 'удалён',
      link: ({ id }, look) => <TextLink to="/certificates/$id" params={{ id }} search={true} {...look} />,
    }),
    {
      key: 'moment',
      title: 'Продан',
      width: 115,
      render: ({ moment }) => <span className="tabular">{formatDate(moment)}</span>,
      text: ({ moment }) => formatDate(moment),
    },
    {
      key: 'buyer',
      title: 'Покупатель',
      grow: true,
      render: ({ buyer }) =>
        buyer && (
          <ObjectLink type="patient" id={buyer.id} inherit>
            {buyer.name}
          </ObjectLink>
        ),
      text: ({ buyer }) => buyer?.name ?? '',
    },
    sumColumn('nominal', 'Номинал', ({ nominal }) => nominal, 120),
    { ...sumColumn<Certificate>('price', 'Цена', ({ price }) => price, 120), optional: true },
    sumColumn('left', 'Осталось', ({ left }) => left, 120),
    {
      key: 'valid_until',
      title: 'Действует по',
      width: 190,
      render: (one) => <Until certificate={one} today={today} />,
      text: ({ valid_until: until }) => (until === null ? '' : formatDate(until)),
    },
    {
      key: 'desk',
      title: 'Касса',
      width: 150,
      optional: true,
      render: ({ desk }) => desk.name,
      text: ({ desk }) => desk.name,
    },
    {
      key: 'comment',
      title: 'Комментарий',
      optional: true,
      render: ({ comment }) => comment,
      text: ({ comment }) => comment,
    },
  ];
}

function Until({ certificate, today }: { readonly certificate: Certificate; readonly today: string }): ReactNode {
  const { valid_until: until, left } = certificate;
  if (Number(left) === 0) return <Mark like="planned">использован</Mark>;
  if (until === null) return <Text c="dimmed">бессрочный</Text>;
  return (
    <span className="tabular">
      {formatDate(until)} {until < today && <Mark like="arrived">истёк</Mark>}
    </span>
  );
}
