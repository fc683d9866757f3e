import { Anchor, Text } from '@mantine/core';
import { useState, type ReactNode } from 'react';
import classes from './ChangesList.module.css';

interface Change {
  readonly label: string;
  readonly old: string | null;
  readonly new: string | null;
}

const SHOWN = 4;

/** What an action changed: label, old → new; a long list unfolds, by a line that takes the place of two or more. */
export function ChangesList({ changes }: { changes: readonly Change[] }): ReactNode {
  const [unfolded, setUnfolded] = useState(false);
  if (changes.length === 0) return null;
  const folds = changes.length > SHOWN + 1;
  const shown = unfolded || !folds ? changes : changes.slice(0, SHOWN);
  return (
    <>
      <dl className={classes.list}>
        {shown.map((change, index) => (
          <div key={index} className={classes.line}>
            <dt>{change.label}:</dt>
            <dd>
              {change.old !== null && change.old !== '' && (
                <>
                  <span className={classes.old}>{change.old}</span>
                  <span aria-label="стало"> → </span>
                </>
              )}
              {change.new === null || change.new === '' ? (
                <Text span inherit c="dimmed">
                  пусто
                </Text>
              ) : (
                change.new
              )}
            </dd>
          </div>
        ))}
      </dl>
      {folds && (
        <Anchor
          component="button"
          type="button"
          size="xs"
          aria-expanded={unfolded}
          onClick={() => setUnfolded(!unfolded)}
        >
          {unfolded ? 'Свернуть' : `Ещё ${changes.length - SHOWN}`}
        </Anchor>
      )}
    </>
  );
}
