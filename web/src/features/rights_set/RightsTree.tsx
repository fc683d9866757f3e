import { Checkbox } from '@mantine/core';
import type { ReactNode } from 'react';
import type { Right } from '@/lib/api/model';
import type { TreeNode } from '@/entities/rights_set/queries';
import { flat } from './draft';
import classes from './RightsTree.module.css';

interface RightsTreeProps {
  readonly tree: readonly TreeNode[];
  readonly rights: ReadonlySet<Right>;
  readonly disabled: boolean;
  /** Rights that show others' visits can't be ticked now. */
  readonly ownOnly: boolean;
  readonly onTick: (rights: readonly Right[], on: boolean) => void;
}

/** Sections with their subsections; a section's own box ticks all below it. */
export function RightsTree({ tree, rights, disabled, ownOnly, onTick }: RightsTreeProps): ReactNode {
  function box(node: TreeNode): ReactNode {
    const below = flat([node]).flatMap(({ node: each }) =>
      each.right !== null && !(ownOnly && each.beyond_own_schedule) ? [each.right] : [],
    );
    const on = below.filter((right) => rights.has(right)).length;
    return (
      <Checkbox
        label={node.label}
        disabled={disabled || below.length === 0}
        checked={below.length > 0 && on === below.length}
        indeterminate={on > 0 && on < below.length}
        fw={node.children.length > 0 ? 500 : undefined}
        onChange={() => onTick(below, on < below.length)}
      />
    );
  }

  const sections = tree.filter(({ children, has_page: page }) => children.length > 0 || page);
  const options = tree.filter(({ children, has_page: page }) => children.length === 0 && !page);
  return (
    <div role="group" aria-label="Права">
      <div className={classes.sections}>
        {sections.map((node) => (
          <div key={node.label} className={classes.section}>
            {box(node)}
            {node.children.length > 0 && (
              <ul className={classes.below} aria-label={node.label}>
                {node.children.map((child) => (
                  <li key={child.label}>{box(child)}</li>
                ))}
              </ul>
            )}
          </div>
        ))}
      </div>
      <div className={classes.options}>
        {options.map((node) => (
          <div key={node.label}>{box(node)}</div>
        ))}
      </div>
    </div>
  );
}
