import { pcClockJump } from '@/lib/clock';
import { giveUpWaiting } from './client';
import { answered, connection, following } from './connection';
import { invalidateModels, invalidateOlder, queryClient } from './queries';
import type { components } from './schema';
import { signInAgain } from './session';

type Message = components['schemas']['LiveChange'] | components['schemas']['LiveGreeting'];

/** The server's code for a socket whose session is over. */
const SESSION_ENDED = 4401;
const GATHER_MS = 25;
const FIRST_PAUSE_MS = 500;
const LONGEST_PAUSE_MS = 10_000;

/** The server gives a sign of life this often (`HEARTBEAT_SECONDS` in services/api/http/live.py). */
const BEAT_MS = 15_000;
/** Two beats are missing: the line is dead, though nobody closed it. */
const SILENCE_MS = 2 * BEAT_MS + 5_000;
/** For a page that is looked at again one late beat is enough. */
const LATE_MS = BEAT_MS + 5_000;
/** A socket that doesn't open within this time never will. */
const OPENING_MS = 10_000;
const PROBE_MS = 5_000;
/** How many connections a browser holds open to one host, and how long a good one may take for the smallest answer. */
const KEPT_ALIVE = 6;
const SMALLEST_MS = 3_000;
/** A break shorter than this isn't mentioned. */
const GRACE_MS = 2_000;
/** Where no socket opens but the server answers, what is on the screen is fetched this often. */
const POLL_MS = 20_000;
const TICK_MS = 1_000;
/** A tick that comes later than this, or a PC's clock that went on by more: the machine slept. */
const SLEPT_MS = 5_000;

function isMessage(message: unknown): message is Message {
  if (typeof message !== 'object' || message === null || !('type' in message)) return false;
  return message.type === 'changed' ? 'model' in message : message.type === 'greeting' && 'ages' in message;
}

/**
 * A line that died without a word took the browser's kept-alive connections with it, which hang just so. Each of them is asked for
 * something small; those that don't answer are closed thereby.
 */
async function weedConnections(): Promise<void> {
  const limit = new AbortController();
  const timer = window.setTimeout(() => limit.abort(), SMALLEST_MS);
  const asked = Array.from({ length: KEPT_ALIVE }, () =>
    fetch('/health', { cache: 'no-store', signal: limit.signal }).then((response) => response.text()),
  );
  await Promise.allSettled(asked);
  window.clearTimeout(timer);
}

/**
 * One socket for the whole page: it names the tables that changed, and the queries made of them are fetched again. Its first message
 * says how long ago each of them did, for what was fetched before the line was open. A line that is closed,
 * or silent for longer than the server's beats allow, is dialled again with growing pauses, and everything on the screen is
 * fetched then, since changes may have been missed; so it is after sleep and when the network comes back. Until that has come,
 * `connection` says that the page may be old. Returns the function that ends it.
 */
export function followChanges(): () => void {
  let socket: WebSocket | null = null;
  let ended = false;
  let signedOut = false;
  let missed = false;
  let upToDate = true;
  /** Done as soon as no dead connection is in the way of what is to be fetched. */
  let weeded: Promise<void> = Promise.resolve();
  let failures = 0;
  let gathered = new Set<string>();
  let gathering: number | undefined;
  let reconnecting: number | undefined;
  const started = performance.now();
  /** When the line was dialled, opened or last heard. */
  let heard = started;
  /** Since when there is no open line. */
  let lostAt: number | null = started;
  let polledAt = started;
  let tickedAt = started;

  const flush = () => {
    const models = gathered;
    gathered = new Set();
    gathering = undefined;
    invalidateModels(models);
  };

  const hangUp = () => {
    if (socket === null) return;
    // on a dead line the browser waits long for a farewell: what it still says no longer matters
    socket.onopen = socket.onmessage = socket.onclose = null;
    socket.close();
    socket = null;
    lostAt ??= performance.now();
  };

  const connect = () => {
    const address = new URL('/api/live', window.location.href);
    address.protocol = address.protocol === 'https:' ? 'wss:' : 'ws:';
    const line = new WebSocket(address);
    socket = line;
    const dialled = (heard = performance.now());
    line.onopen = () => {
      heard = performance.now();
      lostAt = null;
      failures = 0;
      answered(true, dialled);
      if (!missed) {
        following(true);
        return;
      }
      missed = upToDate = false;
      void weeded
        .then(() => queryClient.invalidateQueries())
        .then(() => {
          if (socket !== line) return;
          upToDate = true;
          following(true);
        });
    };
    line.onmessage = (event: MessageEvent<string>) => {
      heard = performance.now();
      const message: unknown = JSON.parse(event.data);
      if (!isMessage(message)) return;
      if (message.type === 'greeting') {
        if (upToDate) invalidateOlder(message.ages); // else everything is being fetched
        return;
      }
      gathered.add(message.model);
      gathering ??= window.setTimeout(flush, GATHER_MS);
    };
    line.onclose = ({ code }) => {
      if (ended) return;
      socket = null;
      missed = true;
      lostAt ??= performance.now();
      if (code === SESSION_ENDED) askToSignIn();
      else dialLater();
    };
  };

  const dialLater = () => {
    failures += 1;
    void probe();
    window.clearTimeout(reconnecting);
    reconnecting = window.setTimeout(connect, Math.min(FIRST_PAUSE_MS * 2 ** (failures - 1), LONGEST_PAUSE_MS));
  };

  // until somebody signs in here again every other socket would be refused
  const askToSignIn = () => {
    signedOut = true;
    window.clearTimeout(reconnecting);
    void signInAgain().then((signedIn) => {
      signedOut = false;
      if (signedIn) dial();
    });
  };

  // A refused socket gives no reason: an ordinary request shows whether the server is gone or the session.
  const probe = async () => {
    const sent = performance.now();
    try {
      const response = await fetch('/api/me', {
        headers: { Accept: 'application/json' },
        signal: AbortSignal.timeout(PROBE_MS),
      });
      if (ended) return;
      if (response.status === 401) askToSignIn();
      else answered(response.status < 500, sent);
    } catch {
      if (!ended) answered(false, sent);
    }
  };

  /** A new line at once, unless one is being opened. */
  const dial = () => {
    if (ended || signedOut) return;
    if (socket?.readyState === WebSocket.CONNECTING && performance.now() - heard < OPENING_MS) return;
    if (socket?.readyState === WebSocket.OPEN) weeded = weedConnections();
    hangUp();
    missed = true;
    window.clearTimeout(reconnecting);
    connect();
  };

  const tick = () => {
    const now = performance.now();
    const slept = now - tickedAt > SLEPT_MS && document.visibilityState === 'visible';
    tickedAt = now;
    if (ended || signedOut) return;
    if (pcClockJump() > SLEPT_MS || slept) {
      dial();
    } else if (socket?.readyState === WebSocket.OPEN && now - heard > SILENCE_MS) {
      following(false);
      giveUpWaiting(false);
      dial();
    } else if (socket?.readyState === WebSocket.CONNECTING && now - heard > OPENING_MS) {
      hangUp();
      missed = true;
      dialLater();
    }
    // kept-alive connections may be as dead as the socket was: until everything has come nothing waits for ever
    if (!upToDate) giveUpWaiting(true);
    // one request was lost while the line holds: nothing else may be sent for long that would show the server is there
    if (lostAt === null && connection.get() === 'lost') void probe();
    if (lostAt === null || now - lostAt <= GRACE_MS) return;
    following(false);
    if (now - Math.max(lostAt, polledAt) < POLL_MS) return;
    polledAt = now;
    void queryClient.invalidateQueries();
  };

  const lookedAtAgain = () => {
    if (document.visibilityState === 'visible' && performance.now() - heard > LATE_MS) dial();
  };

  const shownAgain = ({ persisted }: PageTransitionEvent) => {
    if (persisted) dial();
  };

  connect();
  pcClockJump();
  const ticking = window.setInterval(tick, TICK_MS);
  window.addEventListener('online', dial);
  window.addEventListener('pageshow', shownAgain);
  document.addEventListener('resume', dial);
  document.addEventListener('visibilitychange', lookedAtAgain);
  return () => {
    ended = true;
    window.removeEventListener('online', dial);
    window.removeEventListener('pageshow', shownAgain);
    document.removeEventListener('resume', dial);
    document.removeEventListener('visibilitychange', lookedAtAgain);
    window.clearInterval(ticking);
    window.clearTimeout(gathering);
    window.clearTimeout(reconnecting);
    hangUp();
  };
}
