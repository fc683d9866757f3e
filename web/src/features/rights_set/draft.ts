/** A set of rights as the form holds it until it is saved. */
import type { Right } from '@/lib/api/model';
import type { RightsSet, RightsSetFields, TreeNode } from '@/entities/rights_set/queries';

export interface Draft {
  name: string;
  start_page: Right | '';
  rights: ReadonlySet<Right>;
  own_schedule_only: boolean;
  opens_all_patients: boolean;
}

export const NEW_DRAFT: Draft = {
  name: '',
  start_page: 'calendar',
  rights: new Set<Right>(['calendar', 'patient_info']),
  own_schedule_only: false,
  opens_all_patients: false,
};

export function draftOf(set: RightsSet): Draft {
  return {
    name: set.name,
    start_page: set.start_page as Right | '',
    rights: new Set(set.rights),
    own_schedule_only: set.own_schedule_only,
    opens_all_patients: set.opens_all_patients,
  };
}

/** Every node of the tree, from above to below, with the path of labels to it. */
export function flat(nodes: readonly TreeNode[], above = ''): { node: TreeNode; path: string }[] {
  return nodes.flatMap((node) => [
    { node, path: `${above}${node.label}` },
    ...flat(node.children, `${above}${node.label} – `),
  ]);
}

/** The pages that the draft opens: what its start page is chosen from. */
export function pages(tree: readonly TreeNode[], rights: ReadonlySet<Right>): { right: Right; label: string }[] {
  return flat(tree).flatMap(({ node, path }) =>
    node.right !== null && node.has_page && rights.has(node.right) ? [{ right: node.right, label: path }] : [],
  );
}

/** Some rights ticked or not; a start page that isn't opened any more gives way to the first that is. */
export function ticked(draft: Draft, tree: readonly TreeNode[], rights: readonly Right[], on: boolean): Draft {
  const next = new Set(draft.rights);
  for (const right of rights) {
    if (on) next.add(right);
    else next.delete(right);
  }
  const open = pages(tree, next);
  const start = open.some(({ right }) => right === draft.start_page) ? draft.start_page : (open[0]?.right ?? '');
  return { ...draft, rights: next, start_page: start };
}

/** What the rights of the draft are like: by which ones users change their own rights, which show others' visits. */
export function labelled(
  tree: readonly TreeNode[],
  rights: ReadonlySet<Right>,
  what: 'escalates' | 'beyond_own_schedule',
): string[] {
  return flat(tree).flatMap(({ node, path }) =>
    node.right !== null && node[what] && rights.has(node.right) ? [`«${path}»`] : [],
  );
}

export function fields(draft: Draft): RightsSetFields {
  return {
    name: draft.name.trim(),
    start_page: draft.start_page,
    rights: [...draft.rights],
    own_schedule_only: draft.own_schedule_only,
    opens_all_patients: draft.opens_all_patients,
  };
}

/** Only the fields that were changed here: what others changed meanwhile stays. */
export function changeOf(draft: Draft, differing: Partial<Draft>): Partial<RightsSetFields> {
  return Object.fromEntries(Object.entries(fields(draft)).filter(([field]) => field in differing));
}
