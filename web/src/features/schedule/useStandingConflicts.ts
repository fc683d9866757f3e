/**
 * The conflicts of a refused save as they stand now: a visit that was moved, cancelled or deleted meanwhile leaves its frame,
 * and a frame without visits disappears. The next save decides; this only keeps the picture true.
 */
import { useQueries } from '@tanstack/react-query';
import { useMemo } from 'react';
import { answer, api } from '@/lib/api/client';
import type { Conflict } from '@/lib/api/conflicts';

const LIVE: readonly string[] = ['planned', 'confirmed', 'arrived'];

export function useStandingConflicts(conflicts: readonly Conflict[]): readonly Conflict[] {
  const visits = useMemo(
    () =>
      conflicts.flatMap((conflict) => conflict.visits.map((visit) => ({ ...visit, doctorId: conflict.employeeId }))),
    [conflicts],
  );
  const gone = useQueries({
    queries: visits.map((visit) => ({
      queryKey: ['standing-visit', visit.id],
      queryFn: () => answer(api.GET('/api/visits/{visit_id}', { params: { path: { visit_id: visit.id } } })),
      staleTime: 0,
      retry: false,
      meta: { models: ['calendar'] as const },
    })),
    combine: (results) =>
      results
        .map((result, index) => {
          const then = visits[index];
          const now = result.data;
          const moved =
            then !== undefined &&
            now !== undefined &&
            (now.deleted ||
              !LIVE.includes(now.status) ||
              now.doctor?.id !== then.doctorId ||
              now.starts_at.slice(0, 16) !== then.starts_at.slice(0, 16) ||
              now.ends_at.slice(0, 16) !== then.ends_at.slice(0, 16));
          return moved ? then.id : '';
        })
        .join(','),
  });
  return useMemo(() => {
    const ids = new Set(gone.split(','));
    return conflicts
      .map((conflict) => ({ ...conflict, visits: conflict.visits.filter((visit) => !ids.has(visit.id)) }))
      .filter((conflict) => conflict.visits.length > 0);
  }, [conflicts, gone]);
}
