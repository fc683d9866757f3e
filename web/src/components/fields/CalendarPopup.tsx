import { ActionIcon, Popover } from '@mantine/core';
import { IconCalendar } from '@tabler/icons-react';
import {
  type FocusEvent,
  type KeyboardEvent,
  type ReactElement,
  type ReactNode,
  type RefObject,
  useRef,
  useState,
} from 'react';

interface Popup {
  readonly open: boolean;
  readonly close: () => void;
  /** For the field's input. */
  readonly target: {
    readonly onClick: () => void;
    readonly onInput: () => void;
    readonly onKeyDown: (event: KeyboardEvent) => void;
    readonly onBlur: (event: FocusEvent) => void;
    readonly rightSection: ReactNode;
    readonly rightSectionPointerEvents: 'all';
  };
  readonly within: (field: ReactElement, calendar: ReactNode) => ReactNode;
}

/**
 * The calendar under a field for dates: by a click, or by the arrow down, which leads into it. Typing closes it; Esc closes it alone
 * and leads back. `onLeave`: neither the field nor its calendar has the focus any more.
 */
export function useCalendarPopup(
  input: RefObject<HTMLInputElement | null>,
  { label, disabled, onLeave }: { label: string; disabled: boolean; onLeave: () => void },
): Popup {
  const dropdown = useRef<HTMLDivElement>(null);
  const [open, setOpen] = useState(false);
  const close = () => setOpen(false);
  const inside = (event: FocusEvent) => {
    const to = event.relatedTarget;
    return to === input.current || dropdown.current?.contains(to) === true;
  };
  const leave = (event: FocusEvent) => {
    if (inside(event)) return;
    close();
    onLeave();
  };
  return {
    open,
    close,
    target: {
      onClick: () => setOpen(!disabled),
      onInput: close,
      onKeyDown: (event) => {
        if (event.key === 'Escape' || event.key === 'Enter') close();
        if (event.key !== 'ArrowDown' || disabled) return;
        event.preventDefault();
        setOpen(true);
        // once it is drawn
        requestAnimationFrame(() => dropdown.current?.querySelector<HTMLElement>('td button[tabindex="0"]')?.focus());
      },
      onBlur: leave,
      rightSection: (
        <ActionIcon
          tabIndex={-1}
          size={26}
          disabled={disabled}
          aria-label="Открыть календарь"
          onMouseDown={(event) => event.preventDefault()} // the focus stays in the field
          onClick={() => {
            input.current?.focus();
            setOpen((before) => !before);
          }}
        >
          <IconCalendar size={16} stroke={1.6} />
        </ActionIcon>
      ),
      rightSectionPointerEvents: 'all',
    },
    within: (field, calendar) => (
      <Popover
        opened={open}
        position="bottom-start"
        withRoles={false}
        trapFocus={false}
        closeOnClickOutside={false}
        closeOnEscape={false}
        transitionProps={{ duration: 0 }}
      >
        <Popover.Target>{field}</Popover.Target>
        <Popover.Dropdown
          ref={dropdown}
          role="dialog"
          aria-label={`Календарь: ${label}`}
          onMouseDown={(event) => event.preventDefault()}
          onBlur={leave}
          onFocus={(event) => event.target.setAttribute('data-mantine-stop-propagation', 'true')} // Esc is ours
          onKeyDown={(event) => {
            if (event.key !== 'Escape') return;
            close();
            input.current?.focus();
          }}
        >
          {calendar}
        </Popover.Dropdown>
      </Popover>
    ),
  };
}
