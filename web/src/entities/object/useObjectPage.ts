import { useQuery } from '@tanstack/react-query';
import { useRouter } from '@tanstack/react-router';
import { cataloguesQuery } from '@/entities/catalogue/queries';
import { allows, useMe } from '@/lib/api/me';
import type { ObjectType } from '@/lib/api/objectTypes';
import { objectPages } from './objectPages';

/** Where the user may work with an object: an address, or null where there is no such page or the rights don't open it. */
export function useObjectPage(type: ObjectType, id: string): string | null {
  const { rights } = useMe();
  const page = objectPages(useRouter()).get(type);
  const catalogues = useQuery({ ...cataloguesQuery, enabled: page === undefined }).data?.items;
  if (page !== undefined) return allows(rights, page.alternatives) ? page.address(id) : null;
  return catalogues?.some(({ key, editable }) => key === type && editable) ? `/catalogues/${type}/${id}` : null;
}
