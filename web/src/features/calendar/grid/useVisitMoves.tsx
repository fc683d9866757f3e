import { Button, Group } from '@mantine/core';
import { notifications } from '@mantine/notifications';
import { type RefObject, useCallback, useMemo, useState } from 'react';
import { useToday } from '@/components/fields/useToday';
import { reportProblem } from '@/components/notices';
import { useStillHere } from '@/components/ownPage';
import { askPast } from '@/entities/visit/askPast';
import type { Calendar, Visit, VisitChange } from '@/lib/api/model';
import { changeVisit, refreshVisits } from '@/entities/visit/queries';
import { type Place, formatMove } from '../model/place';

function changeOf(before: Place, after: Place): VisitChange {
  return {
    starts_at: after.starts_at,
    ends_at: after.ends_at,
    ...(before.doctor?.id === after.doctor?.id ? {} : { doctor_id: after.doctor?.id ?? null }),
  };
}

/**
 * Moves that are shown at once and sent to the server: until its answer the visit stands at its new place; refused, it goes back
 * with the reason. A carried-out move can be taken back from its notice.
 */
export function useVisitMoves(announcement: RefObject<((text: string) => void) | null>) {
  const today = useToday();
  const isStillHere = useStillHere();
  const [moved, setMoved] = useState<ReadonlyMap<string, Place>>(new Map());

  const forget = useCallback((id: string) => {
    setMoved((now) => {
      const rest = new Map(now);
      rest.delete(id);
      return rest;
    });
  }, []);

  const move = useCallback(
    async (visit: Visit, to: Place, takenBack = false) => {
      setMoved((now) => new Map(now).set(visit.id, to));
      try {
        const { version } = await askPast(
          (accepted) => changeVisit(visit, changeOf(visit, to), accepted),
          takenBack ? 'Всё равно вернуть' : 'Всё равно перенести',
          isStillHere,
        );
        await refreshVisits();
        const text = `${visit.patient.name}: ${formatMove(visit, to, today)}`;
        const stays = to.starts_at === visit.starts_at && to.doctor?.id === visit.doctor?.id;
        const title = stays ? 'Длительность изменена' : 'Визит перенесён';
        announcement.current?.(`${takenBack ? 'Визит возвращён' : title}. ${text}`);
        const notice = `moved-${visit.id}`;
        notifications.hide(notice);
        if (takenBack) return;
        notifications.show({
          id: notice,
          color: 'green',
          title,
          autoClose: 8000,
          message: (
            <Group justify="space-between" gap="sm" wrap="nowrap">
              <span>{text}</span>
              <Button
                size="compact-sm"
                variant="default"
                flex="none"
                onClick={() => {
                  notifications.hide(notice);
                  void move(
                    { ...visit, ...to, version },
                    { doctor: visit.doctor, starts_at: visit.starts_at, ends_at: visit.ends_at },
                    true,
                  );
                }}
              >
                Вернуть
              </Button>
            </Group>
          ),
        });
      } catch (error) {
        reportProblem(error, 'Визит остался на месте');
        void refreshVisits();
      } finally {
        forget(visit.id);
      }
    },
    [announcement, forget, isStillHere, today],
  );

  const pending = useMemo(() => new Set(moved.keys()), [moved]);

  /** The calendar with the moves that the server hasn't answered yet. */
  const withMoves = useCallback(
    (calendar: Calendar): Calendar => {
      if (moved.size === 0) return calendar;
      return {
        ...calendar,
        visits: calendar.visits.map((visit) => {
          const place = moved.get(visit.id);
          return place === undefined ? visit : { ...visit, ...place };
        }),
      };
    },
    [moved],
  );

  return { move, pending, withMoves };
}
