import { useLocalStorage, useMediaQuery } from '@mantine/hooks';

/** The menu's width: as chosen in this browser, else as the window has room for. */
export function useMenu(): { narrow: boolean; toggle: () => void } {
  const roomy = useMediaQuery('(min-width: 1200px)', true, { getInitialValueInEffect: false });
  const [chosen, setChosen] = useLocalStorage<'wide' | 'narrow' | 'auto'>({
    key: 'denta-menu',
    defaultValue: 'auto',
    getInitialValueInEffect: false,
  });
  const narrow = chosen === 'auto' ? !roomy : chosen === 'narrow';
  return { narrow, toggle: () => setChosen(narrow ? 'wide' : 'narrow') };
}
