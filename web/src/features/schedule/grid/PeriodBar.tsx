/** Which month or week is shown, and the way to the neighbours. */
import { ActionIcon, Button, Group, SegmentedControl, Text } from '@mantine/core';
import { MonthPickerInput } from '@mantine/dates';
import { IconChevronLeft, IconChevronRight } from '@tabler/icons-react';
import type { ReactNode } from 'react';
import { addDays, addMonths, firstOf, mondayOf, monthOf, writeMonth, writeSpan, type DateKey } from '../model/dates';

interface Shown {
  readonly month: string;
  /** Monday of a week shown alone. */
  readonly week: DateKey | null;
}

interface PeriodBarProps {
  readonly shown: Shown;
  readonly today: DateKey;
  readonly weeks?: boolean;
  readonly onShow: (shown: Shown) => void;
}

export function PeriodBar({ shown, today, weeks = true, onShow }: PeriodBarProps): ReactNode {
  const { month, week } = shown;

  function step(by: number): void {
    if (week === null) {
      onShow({ month: addMonths(month, by), week });
    } else {
      const next = addDays(week, by * 7);
      onShow({ month: monthOf(addDays(next, 3)), week: next });
    }
  }

  return (
    <Group gap="xs" wrap="nowrap">
      <ActionIcon
        variant="default"
        size={34}
        aria-label={week === null ? 'Предыдущий месяц' : 'Предыдущая неделя'}
        onClick={() => step(-1)}
      >
        <IconChevronLeft size={18} />
      </ActionIcon>
      {week === null ? (
        <MonthPickerInput
          aria-label={`Месяц: ${writeMonth(month)}`}
          w={150}
          size="sm"
          valueFormat="MMMM YYYY"
          value={firstOf(month)}
          onChange={(date) => date !== null && onShow({ month: monthOf(date), week: null })}
          styles={{ input: { textAlign: 'center', fontWeight: 500 } }}
        />
      ) : (
        <Text fw={500} miw={220} ta="center" aria-live="polite">
          {writeSpan(week, addDays(week, 6))}
        </Text>
      )}
      <ActionIcon
        variant="default"
        size={34}
        aria-label={week === null ? 'Следующий месяц' : 'Следующая неделя'}
        onClick={() => step(1)}
      >
        <IconChevronRight size={18} />
      </ActionIcon>
      <Button
        variant="default"
        size="sm"
        onClick={() => onShow({ month: monthOf(today), week: week === null ? null : mondayOf(today) })}
      >
        Сегодня
      </Button>
      {weeks && (
        <SegmentedControl
          size="sm"
          aria-label="Период"
          value={week === null ? 'month' : 'week'}
          onChange={(value) => {
            const anchor = monthOf(today) === month ? today : firstOf(month);
            onShow({ month, week: value === 'week' ? mondayOf(anchor) : null });
          }}
          data={[
            { value: 'month', label: 'Месяц' },
            { value: 'week', label: 'Неделя' },
          ]}
        />
      )}
    </Group>
  );
}
