/** All versions of any object with old and new values; a click shows the object as it was at that version (AUD-3). */
import { useQuery } from '@tanstack/react-query';
import { getRouteApi } from '@tanstack/react-router';
import type { ReactNode } from 'react';
import { HistoryView } from '@/components/history/HistoryView';
import { ButtonLink } from '@/components/links';
import { Page } from '@/components/Page';
import { historyQuery } from '@/lib/api/history';
import type { ObjectType } from '@/lib/api/objectTypes';

const route = getRouteApi('/shell/history/$type/$id');

/** Where the object itself is worked with. */
function pageOf(type: ObjectType, id: string): string | null {
  switch (type) {
    case 'visit':
      return `/visits/${id}`;
    case 'patient':
      return `/patients/${id}`;
    case 'employee':
      return `/employees/${id}`;
    case 'service':
      return `/services/${id}`;
    case 'settings':
      return '/settings';
    case 'schedule':
      return '/settings/hours';
    case 'rights_set':
    case 'access':
      return null;
    default:
      return `/catalogues/${type}/${id}`;
  }
}

export function HistoryPage(): ReactNode {
  const params = route.useParams();
  const type = params.type as ObjectType;
  const at = route.useSearch();
  const navigate = route.useNavigate();
  const history = useQuery(historyQuery({ type, id: params.id }));
  const title = history.data ? `История: ${history.data.object.title}` : 'История';
  const page = pageOf(type, params.id);

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
