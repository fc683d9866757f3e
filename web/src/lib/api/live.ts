import { answered, following } from './connection';
import { invalidateModels, queryClient } from './queries';
import { signInAgain } from './session';

interface Changed {
  type: 'changed';
  model: string;
  position: number;
  keys: unknown;
}

/** The server's code for a socket whose session is over. */
const SESSION_ENDED = 4401;
const GATHER_MS = 25;
const FIRST_PAUSE_MS = 500;
const LONGEST_PAUSE_MS = 10_000;

function isChanged(message: unknown): message is Changed {
  return (
    typeof message === 'object' &&
    message !== null &&
    'type' in message &&
    message.type === 'changed' &&
    'model' in message
  );
}

/**
 * One socket for the whole page: tells which tables changed, and the queries made of them are fetched again. After a break it
 * connects again with growing pauses and fetches everything that is on the screen, since changes may have been missed.
 * Returns the function that ends it.
 */
export function followChanges(): () => void {
  let socket: WebSocket | null = null;
  let ended = false;
  let missed = false;
  let failures = 0;
  let gathered = new Set<string>();
  let gathering: number | undefined;
  let reconnecting: number | undefined;

  const flush = () => {
    const models = gathered;
    gathered = new Set();
    gathering = undefined;
    invalidateModels(models);
  };

  const connect = () => {
    const address = new URL('/api/live', window.location.href);
    address.protocol = address.protocol === 'https:' ? 'wss:' : 'ws:';
    socket = new WebSocket(address);
    socket.onopen = () => {
      failures = 0;
      following(true);
      if (missed) void queryClient.invalidateQueries();
      missed = false;
    };
    socket.onmessage = (event: MessageEvent<string>) => {
      const message: unknown = JSON.parse(event.data);
      if (!isChanged(message)) return;
      gathered.add(message.model);
      gathering ??= window.setTimeout(flush, GATHER_MS);
    };
    socket.onclose = ({ code }) => {
      if (ended) return;
      missed = true;
      if (code === SESSION_ENDED) {
        // until somebody signs in here again every other socket would be refused
        void signInAgain().then((signedIn) => {
          if (signedIn) hurry();
        });
        return;
      }
      failures += 1;
      void probe();
      reconnecting = window.setTimeout(connect, Math.min(FIRST_PAUSE_MS * 2 ** (failures - 1), LONGEST_PAUSE_MS));
    };
  };

  // A refused socket tells no reason: an ordinary request shows whether the server is gone or the session.
  const probe = async () => {
    try {
      const response = await fetch('/api/me', { headers: { Accept: 'application/json' } });
      if (ended) return;
      if (response.status === 401) {
        await signInAgain();
      } else {
        answered(response.status < 500);
        if (failures > 2) following(false);
      }
    } catch {
      if (!ended) answered(false);
    }
  };

  const hurry = () => {
    if (ended) return;
    if (socket?.readyState === WebSocket.OPEN || socket?.readyState === WebSocket.CONNECTING) return;
    window.clearTimeout(reconnecting);
    connect();
  };

  connect();
  window.addEventListener('online', hurry);
  return () => {
    ended = true;
    window.removeEventListener('online', hurry);
    window.clearTimeout(gathering);
    window.clearTimeout(reconnecting);
    socket?.close();
  };
}
