import { ActionIcon } from '@mantine/core';
import { IconPrinter } from '@tabler/icons-react';
import { PaperMenu } from '@/components/papers';
import { useRight } from '@/lib/api/me';
import type { CalendarDoctor } from '@/lib/api/model';
import { addDays, formatDate, type LocalDate } from '@/lib/time';

/** Lists of a day: whom each doctor has, and whom to call before tomorrow (or before the day on the screen, if it is later). */
export function DayPapers({
  date,
  today,
  doctors,
}: {
  date: LocalDate;
  today: LocalDate;
  doctors: readonly CalendarDoctor[];
}) {
  const seesPhones = useRight('patient_info');
  const called = date > today ? date : addDays(today, 1);
  const day = `/api/calendar/day.pdf?date=${date}`;
  const there = doctors.filter(({ days }) => days.some((one) => one.date === date));
  const papers = [
    { label: 'Приём всех врачей', address: day },
    ...(there.length > 1 ? there.map(({ id, name }) => ({ label: name, address: `${day}&doctor_id=${id}` })) : []),
    ...(seesPhones
      ? [{ label: `Кому позвонить: ${formatDate(called)}`, address: `/api/calendar/calls.pdf?date=${called}` }]
      : []),
  ];
  return (
    <PaperMenu
      papers={papers}
      label={`Приём ${formatDate(date)}`}
      target={
        <ActionIcon variant="default" size={36} aria-label="Печать">
          <IconPrinter size={18} stroke={1.7} />
        </ActionIcon>
      }
    />
  );
}
