import type { components } from './schema';

type StoredPhoto = components['schemas']['File'];

/** Where an employee's photo is shown from: each file has an address of its own. */
export function employeePhotoAddress(id: string, { sha256 }: StoredPhoto): string {
  return `/api/employees/${id}/photo?sha256=${sha256}`;
}

/** The body of an upload; the description says a text where bytes travel. */
export function uploaded(file: Blob) {
  return {
    body: file as unknown as string,
    bodySerializer: (body: unknown) => body as BodyInit,
    headers: { 'Content-Type': 'application/octet-stream' },
  };
}
