import { useQueryClient } from '@tanstack/react-query';
import { choicesQuery, type Catalogue } from '@/entities/catalogue/queries';

/** After an own change: fetch the catalogue again, wherever it is shown. */
export function useRefresh(catalogue: Catalogue): () => Promise<void> {
  const queries = useQueryClient();
  return async () => {
    await Promise.all([
      queries.invalidateQueries({ queryKey: ['entries', catalogue.key] }),
      queries.invalidateQueries({ queryKey: ['entry', catalogue.key] }),
      queries.invalidateQueries({ queryKey: choicesQuery(catalogue).queryKey }),
    ]);
  };
}
