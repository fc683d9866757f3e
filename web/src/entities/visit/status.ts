import {
  IconCheck,
  IconPlayerPlay,
  IconCircleDashed,
  IconCircleX,
  IconDoor,
  IconCircleCheck,
  IconUserX,
  type Icon,
} from '@tabler/icons-react';
import { choices } from '@/lib/api/labels';
import type { VisitStatus } from '@/lib/api/model';
import { capital } from '@/lib/text';

export interface StatusLook {
  label: string;
  /** What a button says that gives the visit this status. */
  action: string;
  icon: Icon;
}

const LABELS = choices.NewStatus.status;

/** In the order in which a visit usually goes through them. */
export const STATUSES: Record<VisitStatus, StatusLook> = {
  planned: { label: capital(LABELS.planned), action: 'Запланировать', icon: IconCircleDashed },
  confirmed: { label: capital(LABELS.confirmed), action: 'Подтвердить', icon: IconCircleCheck },
  arrived: { label: capital(LABELS.arrived), action: 'Пришёл', icon: IconDoor },
  in_progress: { label: capital(LABELS.in_progress), action: 'Начать приём', icon: IconPlayerPlay },
  completed: { label: capital(LABELS.completed), action: 'Завершить', icon: IconCheck },
  no_show: { label: capital(LABELS.no_show), action: 'Не пришёл', icon: IconUserX },
  cancelled: { label: capital(LABELS.cancelled), action: 'Отменить визит', icon: IconCircleX },
};

export const STATUS_ORDER = Object.keys(STATUSES) as VisitStatus[];

/** Whether the visit takes the doctor's time (CAL-5). */
export function occupies(status: VisitStatus): boolean {
  return status !== 'no_show' && status !== 'cancelled';
}
