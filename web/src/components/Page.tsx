import { Group, Title } from '@mantine/core';
import { type ReactNode, useEffect } from 'react';
import classes from './Page.module.css';
import { PaperLine } from './PaperLine';

export function usePageTitle(title: string): void {
  useEffect(() => {
    document.title = `${title} — Дента`;
  }, [title]);
}

interface PageProps {
  title: string;
  /** What stands in the heading where it is more than the title's text. */
  heading?: ReactNode;
  /** What stands beside the heading without being a part of it. */
  marks?: ReactNode;
  /** Buttons at the right of the heading. */
  actions?: ReactNode;
  /** The page fills the window and scrolls inside (grids). */
  fill?: boolean;
  /** Printed on sheets that lie across. */
  across?: boolean;
  children: ReactNode;
}

/** Frame of every page: heading, actions, content; sets the window's title. */
export function Page({ title, heading, marks, actions, fill = false, across = false, children }: PageProps) {
  usePageTitle(title);
  return (
    <div className={`${classes.page ?? ''}${across ? ' wide-paper' : ''}`} data-fill={fill || undefined}>
      <PaperLine />
      <header className={classes.head}>
        <div className={classes.title}>
          <Title order={1}>{heading ?? title}</Title>
          {marks}
        </div>
        {actions !== undefined && (
          <Group gap="xs" className={classes.actions}>
            {actions}
          </Group>
        )}
      </header>
      {children}
    </div>
  );
}
