import { list, record, text } from './facts';
import type { RefusalCode } from './model';

/** What the server refused, as `application/problem+json` says it: a code for the program, a sentence for the person, facts for links. */
export class Problem extends Error {
  constructor(
    readonly status: number,
    readonly code: string,
    title: string,
    readonly facts: Record<string, unknown> = {},
  ) {
    super(title);
    this.name = 'Problem';
  }
}

/** No answer came: whether the command was carried out is unknown. Repeating it is safe (same idempotency key). */
export class ConnectionLost extends Error {
  constructor() {
    super('Нет связи с сервером. Введённое на месте: повторите, когда связь появится.');
    this.name = 'ConnectionLost';
  }
}

/** The person was asked and went back: nothing was done, and nothing is to be shown. */
export class Declined extends Error {}

/** A sentence that can be shown to a person, whatever was thrown. */
export function sentence(error: unknown): string {
  if (error instanceof Problem || error instanceof ConnectionLost) return error.message;
  return 'Что-то пошло не так. Обновите страницу и попробуйте ещё раз.';
}

export function isProblem(error: unknown, ...codes: RefusalCode[]): error is Problem {
  return error instanceof Problem && (codes.length === 0 || (codes as string[]).includes(error.code));
}

export async function readProblem(response: Response): Promise<Problem> {
  let body: unknown = null;
  try {
    body = await response.json();
  } catch {
    // a proxy's own error page: the status alone is shown
  }
  if (typeof body === 'object' && body !== null && 'code' in body && typeof body.code === 'string') {
    const title = 'title' in body && typeof body.title === 'string' ? body.title : 'Сервер отказал.';
    const facts = 'facts' in body && typeof body.facts === 'object' && body.facts !== null ? body.facts : {};
    return atField(new Problem(response.status, body.code, title, facts as Record<string, unknown>));
  }
  if (response.status >= 502 && response.status <= 504) {
    return new Problem(response.status, 'unavailable', 'Сервер сейчас недоступен. Попробуйте ещё раз через минуту.');
  }
  return new Problem(response.status, 'unknown', 'Сервер не смог ответить. Попробуйте ещё раз.');
}

/** A request that is malformed at fields is shown like values that a rule refuses: by the fields' own names, wherever they were sent. */
function atField(problem: Problem): Problem {
  if (problem.code !== 'body_malformed') return problem;
  const faults = list(problem.facts.fields)
    .map(record)
    .map((fault) => ({
      field: lastName(text(fault.field)),
      place: placeIn(text(fault.field)),
      reason: text(fault.reason),
    }))
    .filter(({ field }) => field !== undefined);
  const [first] = faults;
  if (first === undefined) return problem;
  return new Problem(problem.status, 'wrong_value', first.reason, { ...first, fields: faults });
}

/** Of a field of a list's lines: which list and line, «lines.3.quantity», as rules name it too. */
function placeIn(path: string): string | undefined {
  return /(?:^|\.)([^.]+\.\d+\.[^.]+)$/.exec(path)?.[1];
}

function lastName(path: string): string | undefined {
  return path.split('.').findLast((part) => !/^\d*$/.test(part));
}
