import createClient from 'openapi-fetch';
import { measure } from '@/lib/clock';
import { answered } from './connection';
import { fingerprint, keyOf, settled } from './idempotency';
import { ConnectionLost, readProblem } from './problem';
import type { paths } from './schema';
import { signInAgain } from './session';

const READS = new Set(['GET', 'HEAD']);

/** The position of the last own change; queries carry it, so that they see at least that change. */
let ownPosition = 0;

/** How a request travels: `fetch`, or what is like it. Throws an AbortError where the signal gives it up. */
export type Transport = (request: Request, init: { signal: AbortSignal }) => Promise<Response>;

/**
 * fetch for the API: throws `Problem` for refusals and `ConnectionLost` when no answer came; carries the idempotency key of
 * commands and the position of the last own change; waits for a new sign-in and repeats when the session has ended. Where the
 * database was set back to before that change, the position is forgotten and the question asked without it.
 */
export async function fetchFromApi(request: Request, transport: Transport = fetch): Promise<Response> {
  const reads = READS.has(request.method);
  const isSignIn = request.url.endsWith('/api/session');
  let command = '';
  if (reads) {
    if (ownPosition > 0) request.headers.set('X-Position', String(ownPosition));
  } else if (!isSignIn) {
    command = fingerprint(request.method, request.url, request.headers.get('If-Match'), await bodyOf(request));
    request.headers.set('Idempotency-Key', keyOf(command));
  }
  for (;;) {
    const response = await send(request.clone(), transport);
    if (response.ok) {
      settled(command);
      const position = Number(response.headers.get('X-Position') ?? 0);
      if (!reads && position > ownPosition) ownPosition = position;
      return response;
    }
    const problem = await readProblem(response);
    if (problem.code === 'position_unknown' && request.headers.has('X-Position')) {
      ownPosition = 0;
      request.headers.delete('X-Position');
      continue;
    }
    if (problem.status === 401 && !isSignIn && (await signInAgain())) continue;
    if (problem.status < 500) settled(command);
    throw problem;
  }
}

/** The body letter by letter, bytes of a file too: two files never look alike. */
async function bodyOf(request: Request): Promise<string> {
  return new TextDecoder('latin1').decode(await request.clone().arrayBuffer());
}

interface Underway {
  line: AbortController;
  sent: number;
  reads: boolean;
}

/** What waits for an answer. */
const underway = new Set<Underway>();
const LONG_MS = 10_000;

/**
 * The line died or may have: what has waited long over it is given up (`reads`: only what changes nothing), since nobody else tells
 * that no answer will come. Reads are repeated by themselves; a command's key makes repeating it safe.
 */
export function giveUpWaiting(reads: boolean): void {
  const now = performance.now();
  for (const one of underway) if (now - one.sent > LONG_MS && (one.reads || !reads)) one.line.abort();
}

async function send(request: Request, transport: Transport): Promise<Response> {
  const line = new AbortController();
  const sent = performance.now();
  const one = { line, sent, reads: READS.has(request.method) };
  underway.add(one);
  try {
    const response = await transport(request, { signal: AbortSignal.any([request.signal, line.signal]) });
    measure(response.headers.get('X-Time'), sent, performance.now());
    answered(true, sent);
    return response;
  } catch (error) {
    if (error instanceof DOMException && error.name === 'AbortError' && !line.signal.aborted) throw error;
    answered(false, sent);
    throw new ConnectionLost();
  } finally {
    underway.delete(one);
  }
}

/** The address of a paper, with the position that it has to have reached: a tab of its own sends no header. */
export function paperAddress(address: string): string {
  if (ownPosition === 0) return address;
  const full = new URL(address, window.location.origin);
  full.searchParams.set('position', String(ownPosition));
  return full.toString();
}

export const api = createClient<paths>({
  baseUrl: window.location.origin,
  fetch: (request) => fetchFromApi(request),
});

/** The data of an answer; refusals have been thrown before. */
export async function answer<T>(call: Promise<{ data?: T }>): Promise<NonNullable<T>> {
  const { data } = await call;
  return data as NonNullable<T>;
}

/** The header by which a change says which version it was decided upon. */
export function ifMatch(version: number): { 'If-Match': string } {
  return { 'If-Match': `"${version}"` };
}

/** Keys of the warnings that the person has accepted. */
export type Accepted = readonly string[];

export function accepting(accepted: Accepted): { 'Accepted-Warnings'?: string } {
  return accepted.length === 0 ? {} : { 'Accepted-Warnings': accepted.join(',') };
}
