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
        const page = options.staticData?.objectPage;
        const path = fullPath as string;
        return page === undefined ? [] : [[page.type, { ...page, address: (id: string) => path.replace('$id', id) }]];
      }),
    );
    pagesOf.set(router, pages);
  }
  return pages;
}
