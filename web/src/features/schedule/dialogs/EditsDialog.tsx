/** All pending edits in words, by employee; each can be taken back alone. */
import { useReturnFocus } from '@/components/useReturnFocus';
import { ActionIcon, Button, Group, Modal, ScrollArea, Stack, Text } from '@mantine/core';
import { IconX } from '@tabler/icons-react';
import type { ReactNode } from 'react';
import { counted } from '@/lib/text';
import { writeDate } from '../model/dates';
import { formatCell } from '../model/gridRows';
import { writeWeek } from '../model/hours';
import { cellOf, countOf, type DayEdit, type Edits } from '../model/pending';

interface EditsDialogProps {
  readonly edits: Edits;
  readonly nameOf: (employeeId: string) => string;
  readonly onDropOrganisation: () => void;
  readonly onDropWeek: (employeeId: string) => void;
  readonly onDropDays: (keys: readonly string[]) => void;
  readonly onDropAll: () => void;
  readonly onClose: () => void;
}

interface Line {
  readonly key: string;
  readonly who: string;
  readonly what: string;
  readonly drop: () => void;
}

function formatDay(edit: DayEdit): string {
  return edit === 'clear' ? 'как в недельном графике' : formatCell(edit);
}

export function EditsDialog(props: EditsDialogProps): ReactNode {
  useReturnFocus();
  const { edits, nameOf } = props;
  const lines: Line[] = [];
  if (edits.organisation) {
    lines.push({
      key: 'organisation',
      who: 'Организация',
      what: writeWeek(edits.organisation),
      drop: props.onDropOrganisation,
    });
  }
  for (const [id, week] of Object.entries(edits.weeks)) {
    const what = week ? `недельный график: ${writeWeek(week)}` : 'недельный график: как у организации';
    lines.push({ key: id, who: nameOf(id), what, drop: () => props.onDropWeek(id) });
  }
  const alike = new Map<string, { employeeId: string; text: string; keys: string[] }>();
  for (const key of Object.keys(edits.days).sort()) {
    const edit = edits.days[key];
    if (edit === undefined) continue;
    const { employeeId } = cellOf(key);
    const text = formatDay(edit);
    const group = alike.get(`${employeeId}|${text}`) ?? { employeeId, text, keys: [] };
    group.keys.push(key);
    alike.set(`${employeeId}|${text}`, group);
  }
  for (const [key, { employeeId, text, keys }] of alike) {
    const dates = keys.map((each) => writeDate(cellOf(each).date));
    const shown =
      dates.length > 3
        ? `${counted(dates.length, 'день', 'дня', 'дней')} с ${dates[0] ?? ''} по ${dates.at(-1) ?? ''}`
        : dates.join(', ');
    lines.push({ key, who: nameOf(employeeId), what: `${shown}: ${text}`, drop: () => props.onDropDays(keys) });
  }

  return (
    <Modal
      opened
      onClose={props.onClose}
      title={`Несохранённые правки: ${countOf(edits)}`}
      size="lg"
      scrollAreaComponent={ScrollArea.Autosize}
    >
      <Stack gap={6}>
        {lines.map((line) => (
          <Group key={line.key} justify="space-between" wrap="nowrap" gap="xs">
            <Text size="sm">
              <b>{line.who}</b> – {line.what}
            </Text>
            <ActionIcon aria-label={`Убрать правку: ${line.who}, ${line.what}`} onClick={line.drop}>
              <IconX size={16} />
            </ActionIcon>
          </Group>
        ))}
        {lines.length === 0 && <Text c="dimmed">Правок больше нет.</Text>}
        <Group justify="space-between" mt="sm">
          <Button variant="subtle" color="red" disabled={lines.length === 0} onClick={props.onDropAll}>
            Отменить все правки
          </Button>
          <Button variant="default" onClick={props.onClose}>
            Закрыть
          </Button>
        </Group>
      </Stack>
    </Modal>
  );
}
