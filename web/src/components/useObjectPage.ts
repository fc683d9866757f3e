import { useQuery } from '@tanstack/react-query';
import { cataloguesQuery } from '@/lib/api/catalogue';
import { useMe } from '@/lib/api/me';
import type { Right } from '@/lib/api/model';
import type { ObjectType } from '@/lib/api/objectTypes';

/** Address of the page where an object is worked with, and the rights one of which opens it. */
function pageOf(type: ObjectType, id: string): { address: string; rights: readonly Right[] } | null {
  switch (type) {
    case 'visit':
      return { address: `/visits/${id}`, rights: ['calendar'] };
    case 'patient':
      return { address: `/patients/${id}`, rights: ['calendar', 'patients'] };
    case 'employee':
      return { address: `/employees/${id}`, rights: ['employees'] };
    case 'service':
      return { address: `/services/${id}`, rights: ['services'] };
    case 'settings':
      return { address: '/settings', rights: ['clinic_settings'] };
    case 'schedule':
      return { address: '/settings/hours', rights: ['hours'] };
    case 'rights_set':
      return { address: `/settings/rights/${id}`, rights: ['rights'] };
    case 'access':
      return null;
    default:
      return { address: `/catalogues/${type}/${id}`, rights: [] };
  }
}

/** Where the user may work with an object: an address, or null where there is no such page or the rights don't open it. */
export function useObjectPage(type: ObjectType, id: string): string | null {
  const { rights } = useMe();
  const page = pageOf(type, id);
  const entry = page !== null && page.rights.length === 0;
  const catalogues = useQuery({ ...cataloguesQuery, enabled: entry }).data?.items;
  if (page === null) return null;
  const open = entry
    ? (catalogues?.some(({ key, kept }) => key === type && kept) ?? false)
    : page.rights.some((right) => rights.includes(right));
  return open ? page.address : null;
}
