import type { PatientDraft } from '@/entities/patient/newPatient';
import type { PatientChoice } from '@/entities/patient/patientChoice';
import { draftAt, type VisitDraft } from '@/entities/visit/visitDraft';
import type { LocalMoment } from '@/lib/time';

/** A visit being booked, as typed so far. */
export interface Booking {
  draft: VisitDraft;
  newPatient: PatientDraft | null;
  /** The duration was chosen by hand (or by dragging), so services only propose another. */
  ownDuration: boolean;
}

/** One per user: a booking names a patient, and the next person at the desk may sign in with the same tab. */
const keyOf = (userId: string) => `denta-booking-${userId}`;

export function newBooking(
  startsAt: LocalMoment,
  duration: number,
  doctorId: string | null,
  ownDuration: boolean,
  patient: PatientChoice | null,
): Booking {
  return { draft: { ...draftAt(startsAt, duration, doctorId), patient }, newPatient: null, ownDuration };
}

/** Keeps what is typed over a reload of the page, in this tab only; null forgets it. */
export function keepBooking(userId: string, booking: Booking | null): void {
  try {
    if (booking === null) sessionStorage.removeItem(keyOf(userId));
    else sessionStorage.setItem(keyOf(userId), JSON.stringify(booking));
  } catch {
    // storage switched off or full: the window itself still holds everything
  }
}

/** Forgets this booking, not one that was begun after it. */
export function forgetBooking(userId: string, booking: Booking): void {
  if (JSON.stringify(keptBooking(userId)) === JSON.stringify(booking)) keepBooking(userId, null);
}

export function keptBooking(userId: string): Booking | null {
  try {
    const stored = sessionStorage.getItem(keyOf(userId));
    return stored === null ? null : (JSON.parse(stored) as Booking);
  } catch {
    return null;
  }
}
