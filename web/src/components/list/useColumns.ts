import { useLocalStorage } from '@mantine/hooks';

export interface Column {
  key: string;
  title: string;
  /** Not shown until chosen in the menu of columns. */
  optional?: boolean;
}

/** What was chosen in the menu, by key: a column that comes later is shown or not as it says itself. */
type Choice = Readonly<Record<string, boolean>>;

export interface Columns<C extends Column> {
  all: readonly C[];
  shown: readonly C[];
  isShown: (key: string) => boolean;
  toggle: (key: string) => void;
}

/** Which columns of a list are shown; the browser remembers the choice under the list's name. */
export function useColumns<C extends Column>(list: string, all: readonly C[]): Columns<C> {
  const [choice, setChoice] = useLocalStorage<Choice>({
    key: `denta-columns-${list}`,
    defaultValue: {},
    getInitialValueInEffect: false,
  });
  const shown = all.filter(({ key, optional }) => choice[key] ?? optional !== true);
  const isShown = (key: string) => shown.some((column) => column.key === key);
  return { all, shown, isShown, toggle: (key) => setChoice({ ...choice, [key]: !isShown(key) }) };
}
