/** All versions of any object with old and new values; a click shows the object as it was at that version (AUD-3). */
import { useQuery } from '@tanstack/react-query';
import { getRouteApi } from '@tanstack/react-router';
import type { ReactNode } from 'react';
import { HistoryView } from '@/entities/history/HistoryView';
import { ButtonLink } from '@/components/links';
import { Page } from '@/components/Page';
import { useObjectPage } from '@/entities/object/useObjectPage';
import { historyQuery } from '@/entities/history/queries';
import type { ObjectType } from '@/lib/api/objectTypes';

const route = getRouteApi('/shell/history/$type/$id');

export function HistoryPage(): ReactNode {
  const params = route.useParams();
  const type = params.type as ObjectType;
  const at = route.useSearch();
  const navigate = route.useNavigate();
  const history = useQuery(historyQuery({ type, id: params.id }));
  const title = history.data ? `История: ${history.data.object.title}` : 'История';
  const page = useObjectPage(type, params.id);

  return (
    <Page
      title={title}
      actions={
        page !== null && (
          <ButtonLink to={page} variant="default">
            Открыть карточку
          </ButtonLink>
        )
      }
    >
      <HistoryView
        of={{ type, id: params.id }}
        at={at}
        onMoment={(moment) => void navigate({ search: moment === undefined ? {} : { moment }, replace: true })}
        linkOf={({ link }) => link}
      />
    </Page>
  );
}
