/** A list's filter by an employee: who got the money, or who wrote the document. */
import { useQuery } from '@tanstack/react-query';
import { ChoiceSelect } from '@/entities/catalogue/ReferenceSelect';
import { receiversQuery } from './queries';

interface EmployeeFilterProps {
  label: string;
  width: number;
  /** The id that stands in the address. */
  value: string | undefined;
  onChange: (id: string | undefined) => void;
}

export function EmployeeFilter({ label, width, value = '', onChange }: EmployeeFilterProps) {
  const { data } = useQuery(receiversQuery);
  return (
    <ChoiceSelect
      aria-label={label}
      placeholder={label}
      w={width}
      choices={data?.items}
      // who has left is no choice any more, and the list is narrowed all the same
      known={data === undefined || value === '' ? null : { id: value, name: 'Сотрудник' }}
      value={value}
      onChange={(id) => onChange(id === '' ? undefined : id)}
    />
  );
}
