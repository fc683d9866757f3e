/** Search from anywhere (Ctrl+K): patients, visits by number, employees, services, sections; all of it by the keyboard. */
import { Loader, Modal, Text, TextInput } from '@mantine/core';
import { useDebouncedValue } from '@mantine/hooks';
import { IconSearch } from '@tabler/icons-react';
import { useQuery } from '@tanstack/react-query';
import { useNavigate, useRouter } from '@tanstack/react-router';
import { Fragment, useId, useState, type KeyboardEvent, type ReactNode } from 'react';
import { ProblemText } from '@/components/ProblemText';
import { useReturnFocus } from '@/components/useReturnFocus';
import { objectPages } from '@/entities/object/objectPages';
import { limits } from '@/lib/api/limits';
import { useMe } from '@/lib/api/me';
import { searchQuery } from './searchQuery';
import { foundChoices, keepChoice, recentChoices, sectionChoices, stepped, type Choice } from './choices';
import classes from './SearchWindow.module.css';
import { visibleGroups } from './sections';

const PAUSE_MS = 120;

export function SearchWindow({ onClose }: { readonly onClose: () => void }): ReactNode {
  useReturnFocus();
  const me = useMe();
  const navigate = useNavigate();
  const list = useId();
  const [typed, setTyped] = useState('');
  const [at, setAt] = useState(0);
  const [asked] = useDebouncedValue(typed.trim(), PAUSE_MS);
  const search = useQuery({ ...searchQuery(asked), enabled: asked !== '' });

  const sections = visibleGroups(me.rights).flatMap((group) => group.sections);
  const nothing = typed.trim() === '';
  const [recent] = useState(() => recentChoices(me.user_id).map((choice) => ({ ...choice, group: 'Недавние' })));
  const pages = objectPages(useRouter());
  const choices: Choice[] = nothing
    ? [...recent, ...sectionChoices(sections, '').filter(({ key }) => recent.every((one) => one.key !== key))]
    : [...foundChoices(search.data?.items ?? [], pages), ...sectionChoices(sections, typed)];
  const chosen = choices[Math.min(at, choices.length - 1)];
  const waiting = !nothing && (search.isFetching || asked !== typed.trim());

  const open = (choice: Choice) => {
    keepChoice(me.user_id, choice);
    onClose();
    void navigate({ to: choice.to });
  };

  const onKey = (event: KeyboardEvent) => {
    if (event.key === 'ArrowDown' || event.key === 'ArrowUp') {
      event.preventDefault();
      setAt(stepped(Math.min(at, choices.length - 1), event.key === 'ArrowDown' ? 1 : -1, choices.length));
    } else if (event.key === 'Enter' && chosen !== undefined && !waiting) {
      event.preventDefault();
      open(chosen);
    }
  };

  return (
    <Modal opened onClose={onClose} title="Поиск" size={640} yOffset="10vh" returnFocus={false}>
      <TextInput
        ref={focusAtOnce}
        data-autofocus
        role="combobox"
        aria-label="Что найти"
        aria-expanded={choices.length > 0}
        aria-controls={list}
        aria-autocomplete="list"
        aria-activedescendant={chosen === undefined ? undefined : `${list}-${chosen.key}`}
        placeholder="Пациент, номер визита, сотрудник, услуга или раздел"
        {...limits.Query.q}
        autoComplete="off"
        leftSection={<IconSearch size={18} stroke={1.7} aria-hidden />}
        rightSection={waiting ? <Loader size={16} aria-label="Идёт поиск" /> : null}
        value={typed}
        onChange={(event) => {
          setTyped(event.currentTarget.value);
          setAt(0);
        }}
        onKeyDown={onKey}
      />
      <div id={list} role="listbox" aria-label="Найденное" className={classes.list} tabIndex={-1}>
        {choices.map((choice, index) => (
          <Fragment key={choice.key}>
            {choice.group !== choices[index - 1]?.group && (
              <div role="presentation" className={classes.group}>
                {choice.group}
              </div>
            )}
            <Line id={`${list}-${choice.key}`} choice={choice} active={choice === chosen} onChoose={open} />
          </Fragment>
        ))}
      </div>
      <div role="status">
        {search.isError && !nothing && <ProblemText error={search.error} />}
        {!nothing && !waiting && !search.isError && choices.length === 0 && (
          <Text c="dimmed" p="sm">
            {me.own_patients_only ? 'Среди ваших пациентов и визитов ничего не найдено.' : 'Ничего не найдено.'}{' '}
            Проверьте написание или попробуйте часть слова.
          </Text>
        )}
      </div>
      <Text size="xs" c="dimmed" mt="xs">
        ↑ ↓ – выбрать, Enter – открыть, Esc – закрыть
      </Text>
    </Modal>
  );
}

/** The window's own trap takes the focus a moment later: keys pressed in that moment would be lost. */
const focusAtOnce = (field: HTMLInputElement | null) => field?.focus({ preventScroll: true });

interface LineProps {
  readonly id: string;
  readonly choice: Choice;
  readonly active: boolean;
  readonly onChoose: (choice: Choice) => void;
}

function Line({ id, choice, active, onChoose }: LineProps): ReactNode {
  return (
    // the keyboard stays in the field, which names this line as its active one
    // eslint-disable-next-line jsx-a11y/click-events-have-key-events
    <div
      id={id}
      role="option"
      aria-selected={active}
      tabIndex={-1}
      className={classes.line}
      ref={(line) => {
        if (active) line?.scrollIntoView({ block: 'nearest' });
      }}
      onClick={() => onChoose(choice)}
    >
      <span>{choice.title}</span>
      {choice.detail !== '' && <span className={classes.detail}>{choice.detail}</span>}
    </div>
  );
}
