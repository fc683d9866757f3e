import { getRouteApi } from '@tanstack/react-router';
import type { Catalogue } from '@/entities/catalogue/queries';

/** The catalogue that the address names; the route has loaded it. */
export function useCatalogue(): Catalogue {
  return getRouteApi('/shell/catalogues/$key').useRouteContext().catalogue;
}
