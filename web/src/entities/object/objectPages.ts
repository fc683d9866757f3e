import type { Right } from '@/lib/api/model';
import type { ObjectType } from '@/lib/api/objectTypes';

export interface ObjectPageOf {
  /** Where an object of this type is worked with. */
  readonly address: (id: string) => string;
  /** One of these rights opens it. */
  readonly rights: readonly Right[];
}

/** A line for each type of object that has a page; entries of catalogues have theirs without one. */
export const OBJECT_PAGES: Partial<Record<ObjectType, ObjectPageOf>> = {
  visit: { address: (id) => `/visits/${id}`, rights: ['calendar'] },
  patient: { address: (id) => `/patients/${id}`, rights: ['calendar', 'patients'] },
  employee: { address: (id) => `/employees/${id}`, rights: ['employees'] },
  service: { address: (id) => `/services/${id}`, rights: ['services'] },
  settings: { address: () => '/settings', rights: ['clinic_settings'] },
  schedule: { address: () => '/settings/hours', rights: ['hours'] },
  rights_set: { address: (id) => `/settings/rights/${id}`, rights: ['rights'] },
};
