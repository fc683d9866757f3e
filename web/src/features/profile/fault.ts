import { isProblem } from '@/lib/api/problem';

/** The reason by which the server refused one field; undefined where it refused something else, or nothing. */
export function faultOf(error: unknown, field: string): string | undefined {
  return isProblem(error, 'wrong_value') && error.facts.field === field ? error.message : undefined;
}
