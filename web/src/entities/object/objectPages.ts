import type { AnyRoute, RegisteredRouter } from '@tanstack/react-router';
import type { Needed } from '@/lib/api/me';
import type { ObjectType } from '@/lib/api/objectTypes';

export interface ObjectPage {
  readonly type: ObjectType;
  /** One of these opens it. */
  readonly alternatives: readonly Needed[];
}

declare module '@tanstack/react-router' {
  interface StaticDataRouteOption {
    /** What type of object the route's page shows; entries of catalogues have theirs without it. */
    objectPage?: ObjectPage;
    /** Where one route shows several types: which, each as `$kind` of its path. */
    objectPages?: readonly ObjectPage[];
  }
}

export interface AddressedPage extends ObjectPage {
  readonly address: (id: string) => string;
}

const pagesOf = new WeakMap<RegisteredRouter, ReadonlyMap<ObjectType, AddressedPage>>();

/** Where objects are worked with, as the routes declare it (`pageOf` of `shell/shellRoute.tsx`). */
export function objectPages(router: RegisteredRouter): ReadonlyMap<ObjectType, AddressedPage> {
  let pages = pagesOf.get(router);
  if (pages === undefined) {
    pages = new Map(
      (Object.values(router.routesById) as AnyRoute[]).flatMap(({ options, fullPath }) => {
        const { objectPage, objectPages = [] } = options.staticData ?? {};
        const all = objectPage === undefined ? objectPages : [objectPage, ...objectPages];
        return all.map((page) => {
          const path = (fullPath as string).replace('$kind', page.type);
          return [page.type, { ...page, address: (id: string) => path.replace('$id', id) }] as const;
        });
      }),
    );
    pagesOf.set(router, pages);
  }
  return pages;
}
