import { useEffect, useRef } from 'react';
import { answer, api } from './client';
import type { components } from './schema';

type AccessRecord = components['schemas']['AccessRecord'];

/** A list by its filter and how many rows of it, or whose card. */
export interface Accessed {
  objectType: AccessRecord['object_type'];
  filter?: Readonly<Record<string, unknown>>;
  count?: number;
  patientId?: string;
}

/** Tells the server what was put into a file or on paper; never the data. */
function record(
  action: AccessRecord['action'],
  { objectType, filter = {}, count, patientId }: Accessed,
): Promise<unknown> {
  const given = Object.entries(filter).filter(([, value]) => value !== undefined && value !== '');
  const body: AccessRecord = {
    action,
    object_type: objectType,
    filter: Object.fromEntries(given.map(([name, value]) => [name, String(value)])),
    count: count ?? null,
    patient_id: patientId ?? null,
  };
  return answer(api.POST('/api/access-log', { body }));
}

/** Recorded before the file is made (SEC-6). */
export function recordExport(accessed: Accessed): Promise<unknown> {
  return record('exported', accessed);
}

/** Every print of this page is recorded (SEC-6); null: nothing personal is on it (yet). */
export function useRecordedPrint(accessed: Accessed | null): void {
  const latest = useRef(accessed);
  useEffect(() => {
    latest.current = accessed;
  });
  useEffect(() => {
    const printed = () => {
      // a record that fails keeps nobody from the paper that the browser has by now
      if (latest.current !== null) void record('printed', latest.current).catch(() => undefined);
    };
    window.addEventListener('beforeprint', printed);
    return () => window.removeEventListener('beforeprint', printed);
  }, []);
}
