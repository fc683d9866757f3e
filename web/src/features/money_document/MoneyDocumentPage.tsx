import { Skeleton } from '@mantine/core';
import { IconHistory, IconPlus } from '@tabler/icons-react';
import { useQuery } from '@tanstack/react-query';
import { getRouteApi } from '@tanstack/react-router';
import { type ReactNode, useMemo, useState } from 'react';
import { NEW } from '@/components/card/CardPage';
import { ButtonLink } from '@/components/links';
import { Loading } from '@/components/Loading';
import { Page } from '@/components/Page';
import { PaperButton } from '@/components/papers';
import { ProblemAlert } from '@/components/ProblemAlert';
import { type MoneyDefaults, moneyDefaultsQuery, moneyDocumentQuery, type MoneyKind } from '@/entities/money/queries';
import { type Accrual, accrualQuery } from '@/entities/payroll/queries';
import { useRight } from '@/lib/api/me';
import { fromKopecks, kopecks, uncapital } from '@/lib/text';
import { shortest } from '@/lib/typed/numbers';
import { draftOf, EMPTY_LINE, emptyDraft, momentOf, type MoneyDraft } from './moneyDraft';
import { MoneyForm } from './MoneyForm';
import type { NewSearch } from './search';
import { useMoneyKind } from './useMoneyKind';

const route = getRouteApi('/shell/money/$kind/$id');

export function MoneyDocumentPage(): ReactNode {
  const kind = useMoneyKind();
  const { id } = route.useParams();
  return id === NEW ? <NewDocument key={kind.key} kind={kind} /> : <Stored key={id} kind={kind} id={id} />;
}

function ToList({ kind }: { readonly kind: MoneyKind }): ReactNode {
  return (
    <ButtonLink to="/money/$kind" params={{ kind: kind.key }} variant="default">
      К списку
    </ButtonLink>
  );
}

function NewDocument({ kind }: { readonly kind: MoneyKind }): ReactNode {
  const search = route.useSearch();
  const { data, error } = useQuery(moneyDefaultsQuery);
  const pays = search.accrual !== undefined && kind.fields.some(({ refers_to: to }) => to === 'pay_accrual');
  const accrual = useQuery({ ...accrualQuery(search.accrual ?? ''), enabled: pays });
  const ready = data !== undefined && (!pays || accrual.data !== undefined || accrual.isError);
  const [started, setStarted] = useState<MoneyDraft>();
  // what is owed may change while it is written: it started with what it was
  if (ready && started === undefined) setStarted(startOf(kind, data, search, pays ? accrual.data : undefined));
  const saved = started;
  return (
    <Page title={`Новый документ: ${uncapital(kind.one_title)}`} actions={<ToList kind={kind} />}>
      <ProblemAlert error={error} title="Документ не открылся" />
      {saved === undefined ? (
        error === null && <Loading height={320} what="Документ загружается" />
      ) : (
        <MoneyForm kind={kind} document={null} saved={saved} />
      )}
    </Page>
  );
}

function startOf(
  kind: MoneyKind,
  { moment, desk }: MoneyDefaults,
  search: NewSearch,
  accrual: Accrual | undefined,
): MoneyDraft {
  const party = kind.fields.some(({ name }) => name === 'counterparty_id');
  return {
    ...emptyDraft(kind),
    moment: momentOf(moment),
    'head.desk_id': search.desk ?? desk?.id ?? '',
    ...(party && search.counterparty !== undefined ? { 'head.counterparty_id': search.counterparty } : {}),
    ...(search.sum === undefined || kind.direction === null ? {} : { lines: [{ ...EMPTY_LINE, sum: shortest(search.sum) }] }),
    ...(kind.pays === 'invoice' && search.invoice !== undefined && search.sum !== undefined
      ? { pays: [{ receipt: search.invoice, sum: shortest(search.sum) }] }
      : {}),
    ...(accrual === undefined ? {} : payingOut(accrual)),
  };
}

/** What is left to be paid of an accrual. */
function payingOut({ id, employee, total, paid }: Accrual): Partial<MoneyDraft> {
  const rest = fromKopecks(Math.max(kopecks(total) - kopecks(paid), 0));
  return {
    'head.employee_id': employee.id,
    'head.accrual_id': id,
    lines: [{ ...EMPTY_LINE, sum: shortest(rest) }],
  };
}

function Stored({ kind, id }: { readonly kind: MoneyKind; readonly id: string }): ReactNode {
  const mayRead = useRight('journal');
  const { data: document, error } = useQuery(moneyDocumentQuery(kind, id));
  const saved = useMemo(() => (document === undefined ? undefined : draftOf(kind, document)), [kind, document]);
  return (
    <Page
      title={document === undefined ? kind.one_title : `${kind.one_title} № ${document.number}`}
      heading={document === undefined && error === null ? <Skeleton h={26} w={260} /> : undefined}
      actions={
        <>
          <ToList kind={kind} />
          {document?.cash === true && kind.key !== 'money_transfer' && (
            <PaperButton label="Кассовый ордер" address={`/api/${kind.path}/${id}/order.pdf`} />
          )}
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
          <ButtonLink
            to="/money/$kind/$id"
            params={{ kind: kind.key, id: NEW }}
            variant="light"
            leftSection={<IconPlus size={17} stroke={1.8} aria-hidden />}
          >
            Новый документ
          </ButtonLink>
        </>
      }
    >
      <ProblemAlert error={error} title="Документ не открылся" />
      {document === undefined || saved === undefined ? (
        error === null && <Loading height={320} what="Документ загружается" />
      ) : (
        <MoneyForm kind={kind} document={document} saved={saved} />
      )}
    </Page>
  );
}
