import type { IncomeLine } from './queries';

/** «№ 12» of a visit, «Накладная № 3» of a sale without one, «Возврат № 1» of what came back. */
export function called(document: IncomeLine['document'], number: number): string {
  const before = { visit: '', goods_issue: 'Накладная ', customer_return: 'Возврат ' }[document];
  return `${before}№ ${number}`;
}
