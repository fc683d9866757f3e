import { Switch } from '@mantine/core';
import { useMe } from '@/lib/api/me';

interface DeletedSwitchProps {
  /** As the address says; undefined: as the clinic's setting does. */
  value: boolean | undefined;
  onChange: (deleted: boolean | undefined) => void;
}

/** «Показывать удалённые»: where the clinic's setting shows them, a way to look without them for once. */
export function DeletedSwitch({ value, onChange }: DeletedSwitchProps) {
  const { show_deleted } = useMe().clinic;
  if (!show_deleted) return null;
  return (
    <Switch
      label="Показывать удалённые"
      mb={8}
      checked={value ?? true}
      onChange={(event) => {
        const shown = event.currentTarget.checked;
        onChange(shown ? undefined : false);
      }}
    />
  );
}
