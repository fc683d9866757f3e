import type { ReactNode } from 'react';
import classes from './SaveBar.module.css';
import { SaveRefusal, type SaveRefusalProps } from './SaveRefusal';

/** The foot of a long form: its buttons, and above them why it wasn't saved, both in view wherever one reads. */
export function SaveBar({ children, ...refusal }: SaveRefusalProps & { readonly children: ReactNode }): ReactNode {
  return (
    <div className={classes.bar} data-actions>
      <SaveRefusal {...refusal} />
      {children}
    </div>
  );
}
