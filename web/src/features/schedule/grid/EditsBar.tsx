/** The foot of the grid: what is chosen and what can be done with it; what is pending; undo, redo, «Сохранить». */
import { ActionIcon, Badge, Button, Group, Text, Tooltip } from '@mantine/core';
import { IconArrowBackUp, IconArrowForwardUp } from '@tabler/icons-react';
import type { ReactNode } from 'react';
import { counted } from '@/lib/text';
import classes from './EditsBar.module.css';

interface EditsBarProps {
  readonly chosen: number;
  readonly count: number;
  readonly canUndo: boolean;
  readonly canRedo: boolean;
  readonly saving: boolean;
  readonly onWork: () => void;
  readonly onOff: () => void;
  readonly onSet: () => void;
  readonly onRange: () => void;
  readonly onUnchoose: () => void;
  readonly onList: () => void;
  readonly onUndo: () => void;
  readonly onRedo: () => void;
  readonly onSave: () => void;
}

export function EditsBar(props: EditsBarProps): ReactNode {
  const { chosen, count } = props;
  return (
    <div className={classes.bar} data-actions role="region" aria-label="Правки графика">
      {chosen > 1 ? (
        <Group gap={6} wrap="nowrap">
          <Text size="sm" fw={500} style={{ whiteSpace: 'nowrap' }}>
            {counted(chosen, 'ячейка', 'ячейки', 'ячеек')}:
          </Text>
          <Button size="compact-sm" variant="light" onClick={props.onWork}>
            Рабочая
          </Button>
          <Button size="compact-sm" variant="light" onClick={props.onOff}>
            Выходная
          </Button>
          <Button size="compact-sm" variant="light" onClick={props.onSet}>
            Задать…
          </Button>
          <Button size="compact-sm" variant="light" onClick={props.onRange}>
            На период…
          </Button>
          <Button size="compact-sm" variant="subtle" color="gray" onClick={props.onUnchoose}>
            Снять выбор
          </Button>
        </Group>
      ) : (
        <Text size="xs" c="dimmed" className={classes.hint}>
          Щёлкните ячейку, чтобы изменить смену. Несколько ячеек – протяните мышью или выделите стрелками с Shift.
        </Text>
      )}
      <Group gap={6} wrap="nowrap" ml="auto">
        <Tooltip label="Отменить правку">
          <ActionIcon size={34} aria-label="Отменить правку" disabled={!props.canUndo} onClick={props.onUndo}>
            <IconArrowBackUp size={19} stroke={1.7} />
          </ActionIcon>
        </Tooltip>
        <Tooltip label="Вернуть правку">
          <ActionIcon size={34} aria-label="Вернуть правку" disabled={!props.canRedo} onClick={props.onRedo}>
            <IconArrowForwardUp size={19} stroke={1.7} />
          </ActionIcon>
        </Tooltip>
        <Button variant="default" disabled={count === 0} onClick={props.onList}>
          Правки
          <Badge
            ml={8}
            size="sm"
            variant={count > 0 ? 'filled' : 'light'}
            color={count > 0 ? undefined : 'gray'}
            circle={count < 10}
          >
            {count}
          </Badge>
        </Button>
        <Button disabled={count === 0} loading={props.saving} onClick={props.onSave}>
          Сохранить
        </Button>
      </Group>
    </div>
  );
}
