import type { LocalDate } from '@/lib/time';
import { DayInput } from './DayInput';

interface EndOfDayInputProps {
  /** The day of the address. */
  day: LocalDate | undefined;
  /** Shown while there is none. */
  placeholder?: string;
  onChange: (part: { date: LocalDate | undefined }) => void;
}

/** As it was at the end of which day. */
export function EndOfDayInput({ day, placeholder = 'Сегодня', onChange }: EndOfDayInputProps) {
  return (
    <DayInput
      label="На конец дня"
      placeholder={placeholder}
      width={150}
      day={day}
      onChange={(date) => onChange({ date })}
    />
  );
}
