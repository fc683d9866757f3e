import { createLink } from '@tanstack/react-router';
import type { AnchorHTMLAttributes, ReactNode, Ref } from 'react';
import classes from './PageTabs.module.css';

interface PageTabsProps {
  /** What the pages have in common. */
  readonly label: string;
  readonly children: ReactNode;
}

/** Pages that belong together, below the heading of each. */
export function PageTabs({ label, children }: PageTabsProps): ReactNode {
  return (
    <nav className={classes.tabs} aria-label={label}>
      {children}
    </nav>
  );
}

type TabProps = AnchorHTMLAttributes<HTMLAnchorElement> & { readonly ref?: Ref<HTMLAnchorElement> };

const Tab = createLink(({ children, ...props }: TabProps) => (
  <a {...props} className={classes.tab}>
    {children}
  </a>
));
const AT_THIS_PAGE = { exact: true, includeSearch: false };

/** One of them; its search is what goes with one from page to page. */
export const PageTab: typeof Tab = (props) => <Tab activeOptions={AT_THIS_PAGE} {...props} />;
