import { ActionIcon, Checkbox, Popover, Stack, Tooltip } from '@mantine/core';
import { IconColumns3 } from '@tabler/icons-react';
import type { Column, Columns } from './useColumns';

/** The menu «Столбцы» of a list. */
export function ColumnsMenu<C extends Column>({ columns: { all, shown, isShown, toggle } }: { columns: Columns<C> }) {
  return (
    <Popover position="bottom-end" trapFocus>
      <Popover.Target>
        <Tooltip label="Столбцы">
          <ActionIcon variant="default" size={36} aria-label="Столбцы">
            <IconColumns3 size={18} stroke={1.6} />
          </ActionIcon>
        </Tooltip>
      </Popover.Target>
      <Popover.Dropdown>
        <Stack gap={8}>
          {all.map(({ key, title }) => (
            <Checkbox
              key={key}
              label={title}
              checked={isShown(key)}
              // a list without columns shows nothing that could be clicked
              disabled={shown.length === 1 && isShown(key)}
              onChange={() => toggle(key)}
            />
          ))}
        </Stack>
      </Popover.Dropdown>
    </Popover>
  );
}
