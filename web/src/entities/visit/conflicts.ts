/** Visits that conflict with a change of working hours, with taking their doctor or service away, or with a patient's deletion. */
import { list, nameIn, record, text } from '@/lib/api/facts';
import { isProblem } from '@/lib/api/problem';

export interface ConflictingVisit {
  readonly id: string;
  readonly number: number;
  readonly starts_at: string;
  readonly ends_at: string;
  readonly patient: string;
  /** "" where no right shows it. */
  readonly phone: string;
  readonly doctor: string;
  /** Those of its services that it is about; none where it is about something else. */
  readonly services: readonly string[];
}

/** One red frame: the cell and the visits behind it. */
export interface Conflict {
  readonly employeeId: string;
  readonly employee: string;
  readonly date: string;
  readonly visits: readonly ConflictingVisit[];
}

/** The frames of a `conflicting_visits`; null for any other refusal. */
export function conflictsIn(error: unknown): Conflict[] | null {
  if (!isProblem(error, 'conflicting_visits')) return null;
  return list(error.facts.conflicts).map(readConflict);
}

export function readConflict(value: unknown): Conflict {
  const conflict = record(value);
  const employee = nameIn(conflict.employee);
  return {
    employeeId: text(record(conflict.employee).id),
    employee,
    date: text(conflict.date),
    visits: list(conflict.visits).map((visit) => readVisit(visit, employee)),
  };
}

export function readVisit(value: unknown, doctor: string): ConflictingVisit {
  const visit = record(value);
  return {
    id: text(visit.id),
    number: typeof visit.number === 'number' ? visit.number : 0,
    starts_at: text(visit.starts_at),
    ends_at: text(visit.ends_at),
    patient: nameIn(visit.patient),
    phone: text(visit.phone),
    doctor: nameIn(visit.doctor) || doctor,
    services: list(visit.services).map(text),
  };
}

/** A refusal that lists the visits that conflict with taking somebody away. */
export function hasConflicts(error: unknown): error is Error {
  return isProblem(error, 'conflicting_visits', 'patient_has_visits');
}

/** What the refusal would say now. */
export interface DeletionConflicts {
  /** Of the refusal; "" without a conflict any more. */
  readonly sentence: string;
  readonly visits: readonly ConflictingVisit[];
}

/** What a refusal listed. */
export function deletionConflictsOf(refusal: Error): DeletionConflicts {
  const frames = conflictsIn(refusal) ?? [];
  const visits = isProblem(refusal, 'patient_has_visits') ? list(refusal.facts.visits) : [];
  return {
    sentence: refusal.message,
    visits: [...frames.flatMap((frame) => frame.visits), ...visits.map((visit) => readVisit(visit, ''))],
  };
}
