import { useMutation, useQuery } from '@tanstack/react-query';
import { reportProblem } from '@/components/notices';
import { SWATCHES } from '@/components/ColorField';
import { type Catalogue, cataloguesQuery, type Choice, choicesQuery, createEntry, type EntryFields } from './queries';
import { queryClient } from '@/lib/api/queries';
import { rightsSetChoicesQuery } from '@/entities/rights_set/queries';

interface Choices {
  /** undefined while they are on their way, or may not be read. */
  readonly choices: readonly Choice[] | undefined;
  readonly busy: boolean;
  /** Adds an entry by its name; undefined for who may not, or where an entry needs more than a name. */
  readonly onCreate: ((name: string) => void) | undefined;
}

function useCatalogueOf(key: string): Catalogue | undefined {
  return useQuery(cataloguesQuery).data?.items.find((one) => one.key === key);
}

/** What a field that refers to `key` is chosen from: a catalogue, or the sets of rights.
 *  undefined while they are on their way, or may not be read.
 */
export function useActiveChoices(key: string): readonly Choice[] | undefined {
  const catalogue = useCatalogueOf(key);
  const entries = useQuery({ ...choicesQuery(catalogue ?? { key, path: '' }), enabled: catalogue !== undefined });
  const sets = useQuery({ ...rightsSetChoicesQuery, enabled: key === 'rights_set' });
  return key === 'rights_set' ? sets.data?.items.map((set) => ({ ...set, color: '' })) : entries.data?.items;
}

/** What there is to choose from, by the catalogue's key. `onCreated`: the new entry is to be chosen. */
export function useChoices(key: string, onCreated: (id: string) => void): Choices {
  const catalogue = useCatalogueOf(key);
  const choices = useActiveChoices(key);
  const create = useMutation({
    mutationFn: async (fields: EntryFields) => {
      if (catalogue === undefined) throw new Error('nobody creates in a catalogue that they do not see');
      const { id } = await createEntry(catalogue, fields);
      await queryClient.invalidateQueries({ queryKey: choicesQuery(catalogue).queryKey });
      return id;
    },
    onSuccess: onCreated,
    onError: (error) => reportProblem(error, 'Создать не получилось'),
  });
  const fields = catalogue === undefined ? null : proposedFields(catalogue, choices?.length ?? 0);
  const mayCreate = catalogue?.editable === true && fields !== null;
  return {
    choices,
    busy: create.isPending,
    onCreate: mayCreate ? (name) => create.mutate({ ...fields, name }) : undefined,
  };
}

/** What a new entry says beside its name: the next of the colours. null where only a person can fill what is required. */
function proposedFields({ fields }: Catalogue, already: number): EntryFields | null {
  const needed = fields.filter(({ name, required }) => required && name !== 'name');
  if (needed.some(({ type }) => type !== 'color')) return null;
  return Object.fromEntries(needed.map(({ name }) => [name, SWATCHES[already % SWATCHES.length] ?? '']));
}
