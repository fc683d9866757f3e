import { ChoiceSelect } from './ReferenceSelect';
import { useActiveChoices } from './useChoices';

interface ReferenceFilterProps {
  label: string;
  /** Shown while nothing is chosen. */
  placeholder?: string;
  /** Key of the catalogue, or of the sets of rights. */
  catalogue: string;
  /** The id that stands in the address. */
  value: string | undefined;
  onChange: (id: string | undefined) => void;
  width: number | string;
}

/** A list's filter by what its rows refer to. */
export function ReferenceFilter({
  label,
  placeholder = label,
  catalogue,
  value = '',
  onChange,
  width,
}: ReferenceFilterProps) {
  const choices = useActiveChoices(catalogue);
  return (
    <ChoiceSelect
      aria-label={label}
      placeholder={placeholder}
      w={width}
      choices={choices}
      // an address may be older than what it names: the list is narrowed all the same, and the filter says so
      known={choices === undefined || value === '' ? null : { id: value, name: 'Запись' }}
      value={value}
      onChange={(id) => onChange(id === '' ? undefined : id)}
    />
  );
}
