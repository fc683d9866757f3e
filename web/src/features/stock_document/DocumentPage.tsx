import { Button, Skeleton } from '@mantine/core';
import { IconArrowBackUp, IconHistory, IconPlus } from '@tabler/icons-react';
import { useQuery } from '@tanstack/react-query';
import { getRouteApi } from '@tanstack/react-router';
import { type ReactNode, useMemo, useState } from 'react';
import { NEW } from '@/components/card/CardPage';
import { ButtonLink } from '@/components/links';
import { Loading } from '@/components/Loading';
import { Page } from '@/components/Page';
import { PaperButton, PaperMenu } from '@/components/papers';
import { ProblemAlert } from '@/components/ProblemAlert';
import { saleQuery } from '@/entities/sale/queries';
import { SalePanel } from '@/entities/sale/SalePanel';
import { SaleReturnDialog } from '@/entities/sale/SaleReturnDialog';
import { toBuyQuery } from '@/entities/stock/minimums';
import {
  type StockDefaults,
  stockDefaultsQuery,
  stockDocumentQuery,
  type StockKind,
  stockKindsQuery,
} from '@/entities/stock/queries';
import { allows, useMe, useRight } from '@/lib/api/me';
import { uncapital } from '@/lib/text';
import { boughtDraft } from './boughtDraft';
import { DocumentForm } from './DocumentForm';
import { type DocumentDraft, draftOf, emptyDraft, momentOf } from './documentDraft';
import { originOf, returnDraft } from './returnDraft';
import { StateBadge } from './StateBadge';
import { useKind } from './useKind';

const route = getRouteApi('/shell/stock/$kind/$id');

export function DocumentPage(): ReactNode {
  const kind = useKind();
  const { id } = route.useParams();
  return id === NEW ? <NewDocument key={kind.key} kind={kind} /> : <Stored key={id} kind={kind} id={id} />;
}

function ToList({ kind }: { readonly kind: StockKind }): ReactNode {
  return (
    <ButtonLink to="/stock/$kind" params={{ kind: kind.key }} variant="default">
      К списку
    </ButtonLink>
  );
}

function NewDocument({ kind }: { readonly kind: StockKind }): ReactNode {
  const search = route.useSearch();
  const defaults = useQuery(stockDefaultsQuery);
  const buys = search.to_buy !== undefined;
  const toBuy = useQuery({ ...toBuyQuery(search.to_buy), enabled: buys });
  const { data: kinds } = useQuery(stockKindsQuery);
  const issuing = kinds?.items.find(({ key }) => key === originOf(kind)?.refers_to);
  const comesBack = search.origin !== undefined && originOf(kind) !== undefined;
  const issue = useQuery({
    ...stockDocumentQuery(issuing ?? kind, search.origin ?? ''),
    enabled: comesBack && issuing !== undefined,
  });
  const { data } = defaults;
  const saved = useMemo(() => (data === undefined ? undefined : startOf(kind, data)), [kind, data]);
  const bought = buys ? toBuy.data && boughtDraft(kind, toBuy.data.items, search) : {};
  const start = comesBack ? issue.data && returnDraft(kind, issue.data) : bought;
  const error = defaults.error ?? toBuy.error ?? issue.error;
  return (
    <Page title={`Новый документ: ${uncapital(kind.one_title)}`} actions={<ToList kind={kind} />}>
      <ProblemAlert error={error} title="Документ не открылся" />
      {saved === undefined || start === undefined ? (
        error === null && <Loading height={320} what="Документ загружается" />
      ) : (
        <DocumentForm kind={kind} document={null} saved={saved} start={start} />
      )}
    </Page>
  );
}

function startOf(kind: StockKind, { moment, warehouse }: StockDefaults): DocumentDraft {
  const empty = emptyDraft(kind);
  return { ...empty, moment: momentOf(moment), 'head.warehouse_id': warehouse?.id ?? '' };
}

function DocumentPapers({ kind, id }: { readonly kind: StockKind; readonly id: string }): ReactNode {
  const paper = { label: 'Печать', address: `/api/${kind.path}/${id}/paper.pdf` };
  if (!kind.counts) return <PaperButton {...paper} />;
  return (
    <PaperMenu
      papers={[
        { label: 'Лист для подсчёта', address: `/api/${kind.path}/${id}/sheet.pdf` },
        { ...paper, label: 'Инвентаризационная опись' },
      ]}
    />
  );
}

/** The kind that is a sale where a patient is its buyer, or money was taken for it. */
const SALE = 'goods_issue';

function Stored({ kind, id }: { readonly kind: StockKind; readonly id: string }): ReactNode {
  const mayRead = useRight('journal');
  const { data: document, error } = useQuery(stockDocumentQuery(kind, id));
  const saved = useMemo(() => (document === undefined ? undefined : draftOf(kind, document)), [kind, document]);
  const { data: kinds } = useQuery(stockKindsQuery);
  const returning = kinds?.items.find((other) => originOf(other)?.refers_to === kind.key);
  const { rights } = useMe();
  const seesMoney = allows(rights, ['payments', 'patient_finances', 'refunds']);
  const { data: sale } = useQuery({ ...saleQuery(id), enabled: kind.key === SALE && seesMoney });
  const isSale = sale !== undefined && (sale.patient !== null || sale.payments.length > 0);
  const [takingBack, setTakingBack] = useState(false);
  const back = <IconArrowBackUp size={17} stroke={1.6} aria-hidden />;
  return (
    <Page
      title={document === undefined ? kind.one_title : `${kind.one_title} № ${document.number}`}
      heading={document === undefined && error === null ? <Skeleton h={26} w={260} /> : undefined}
      marks={document !== undefined && <StateBadge document={document} />}
      actions={
        <>
          <ToList kind={kind} />
          {mayRead && (
            <ButtonLink
              to="/history/$type/$id"
              params={{ type: kind.key, id }}
              variant="default"
              leftSection={<IconHistory size={17} stroke={1.6} aria-hidden />}
            >
              История
            </ButtonLink>
          )}
          {document !== undefined && <DocumentPapers kind={kind} id={id} />}
          {isSale && sale.effective && rights.includes('refunds') && (
            <Button variant="default" leftSection={back} onClick={() => setTakingBack(true)}>
              Возврат
            </Button>
          )}
          {returning !== undefined && !isSale && document !== undefined && document.posted && !document.deleted && (
            <ButtonLink
              to="/stock/$kind/$id"
              params={{ kind: returning.key, id: NEW }}
              search={{ origin: id }}
              variant="default"
              leftSection={back}
            >
              Возврат
            </ButtonLink>
          )}
          {originOf(kind) === undefined && (
            <ButtonLink
              to="/stock/$kind/$id"
              params={{ kind: kind.key, id: NEW }}
              variant="light"
              leftSection={<IconPlus size={17} stroke={1.8} aria-hidden />}
            >
              Новый документ
            </ButtonLink>
          )}
        </>
      }
    >
      <ProblemAlert error={error} title="Документ не открылся" />
      {document === undefined || saved === undefined ? (
        error === null && <Loading height={320} what="Документ загружается" />
      ) : (
        <>
          {sale !== undefined && <SalePanel sale={sale} />}
          <DocumentForm kind={kind} document={document} saved={saved} />
        </>
      )}
      {takingBack && sale !== undefined && <SaleReturnDialog sale={sale} onClose={() => setTakingBack(false)} />}
    </Page>
  );
}
