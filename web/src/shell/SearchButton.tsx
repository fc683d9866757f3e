import { Kbd, Tooltip, UnstyledButton, VisuallyHidden } from '@mantine/core';
import { IconSearch } from '@tabler/icons-react';
import { lazy, Suspense, useEffect, useState, type ReactNode } from 'react';
import classes from './Shell.module.css';

const SearchWindow = lazy(() => import('./SearchWindow').then((module) => ({ default: module.SearchWindow })));

/** Opens the search, also by Ctrl+K wherever one is; by the key's place, since its letter is another in the Russian layout. */
export function SearchButton({ narrow }: { readonly narrow: boolean }): ReactNode {
  const [opened, setOpened] = useState(false);
  useEffect(() => {
    const hear = (event: KeyboardEvent) => {
      if (event.code !== 'KeyK' || !(event.ctrlKey || event.metaKey) || event.altKey || event.shiftKey) return;
      event.preventDefault();
      setOpened(true);
    };
    window.addEventListener('keydown', hear);
    return () => window.removeEventListener('keydown', hear);
  }, []);
  return (
    <>
      <Tooltip label="Поиск, Ctrl+K" position="right" disabled={!narrow}>
        <UnstyledButton className={classes.link} aria-keyshortcuts="Control+K" onClick={() => setOpened(true)}>
          <IconSearch size={19} stroke={1.6} aria-hidden />
          {narrow ? (
            <VisuallyHidden>Поиск</VisuallyHidden>
          ) : (
            <>
              Поиск <Kbd ml="auto">Ctrl K</Kbd>
            </>
          )}
        </UnstyledButton>
      </Tooltip>
      {opened && (
        <Suspense fallback={null}>
          <SearchWindow onClose={() => setOpened(false)} />
        </Suspense>
      )}
    </>
  );
}
