import { fetchFromApi } from './client';

/** A file of the API, and the name that the server gives it. Problem, ConnectionLost. */
export async function fetchFile(address: string): Promise<{ name: string; content: Blob }> {
  const response = await fetchFromApi(new Request(new URL(address, window.location.origin)));
  const name = /filename="([^"]+)"/.exec(response.headers.get('Content-Disposition') ?? '')?.[1] ?? 'Дента';
  return { name, content: await response.blob() };
}
