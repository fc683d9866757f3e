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
import type { VisitStatus } from '@/lib/api/model';

export interface StatusLook {
  label: string;
  /** What a button says that gives the visit this status. */
  action: string;
  icon: Icon;
}

/** In the order in which a visit usually goes through them. */
export const STATUSES: Record<VisitStatus, StatusLook> = {
  planned: { label: 'Запланирован', action: 'Запланировать', icon: IconCircleDashed },
  confirmed: { label: 'Подтверждён', action: 'Подтвердить', icon: IconCircleCheck },
  arrived: { label: 'Пришёл', action: 'Пришёл', icon: IconDoor },
  in_progress: { label: 'На приёме', action: 'Начать приём', icon: IconPlayerPlay },
  completed: { label: 'Завершён', action: 'Завершить', icon: IconCheck },
  no_show: { label: 'Не пришёл', action: 'Не пришёл', icon: IconUserX },
  cancelled: { label: 'Отменён', action: 'Отменить визит', icon: IconCircleX },
};

export const STATUS_ORDER = Object.keys(STATUSES) as VisitStatus[];

/** Whether the visit takes the doctor's time (CAL-5). */
export function occupies(status: VisitStatus): boolean {
  return status !== 'no_show' && status !== 'cancelled';
}
