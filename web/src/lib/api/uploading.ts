import type { Transport } from './client';

/** `fetch` for an upload that says how much of it has left, from 0 to 1: fetch itself doesn't. */
export function uploading(onProgress: (share: number) => void): Transport {
  return async (request, { signal }) => {
    const body = await request.arrayBuffer();
    return await new Promise((resolve, reject) => {
      const line = new XMLHttpRequest();
      const giveUp = () => line.abort();
      line.open(request.method, request.url);
      request.headers.forEach((value, name) => line.setRequestHeader(name, value));
      line.upload.onprogress = ({ loaded, total }) => onProgress(total === 0 ? 0 : loaded / total);
      line.onload = () => {
        resolve(new Response(line.responseText, { status: line.status, headers: headersOf(line) }));
      };
      line.onerror = () => reject(new TypeError('no answer'));
      line.onabort = () => reject(new DOMException('given up', 'AbortError'));
      line.onloadend = () => signal.removeEventListener('abort', giveUp);
      signal.addEventListener('abort', giveUp);
      if (signal.aborted) giveUp();
      else line.send(body);
    });
  };
}

function headersOf(line: XMLHttpRequest): Headers {
  const headers = new Headers();
  for (const one of line.getAllResponseHeaders().trim().split('\r\n')) {
    const [name = '', ...value] = one.split(': ');
    if (name !== '') headers.append(name, value.join(': '));
  }
  return headers;
}
