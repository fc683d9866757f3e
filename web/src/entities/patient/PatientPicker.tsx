import { CloseButton, Combobox, Group, Input, InputBase, Loader, Paper, Text, useCombobox } from '@mantine/core';
import { useDebouncedValue } from '@mantine/hooks';
import { IconSearch, IconUserPlus } from '@tabler/icons-react';
import { keepPreviousData, useQuery } from '@tanstack/react-query';
import { useLayoutEffect, useState } from 'react';
import { allows, CARDS, useMe } from '@/lib/api/me';
import { afterPress } from '@/components/fields/afterPress';
import { replacesFocus } from '@/components/fields/secondEnter';
import { CREATES, useChosen } from '@/components/fields/useChosen';
import { patientSearchQuery } from './queries';
import { CategoryMarks } from './CategoryMarks';
import { isAbout } from './isAbout';
import { type PatientChoice, patientHint } from './patientChoice';
import classes from './PatientPicker.module.css';

interface PatientPickerProps {
  /** Who the patient is to the thing. */
  label?: string;
  value: PatientChoice | null;
  onChange: (patient: PatientChoice | null) => void;
  /** Creating on the spot is offered where this is given; called with what was typed. */
  onCreate?: (typed: string) => void;
  /** Id of somebody who can't be meant. */
  except?: string;
  error?: string | undefined;
  autoFocus?: boolean;
  disabled?: boolean;
}

const NEW = 'new';

/** Search by name, phone or card number; the chosen patient is shown as a small card. */
export function PatientPicker({
  label = 'Пациент',
  value,
  onChange,
  onCreate,
  except,
  error,
  autoFocus = false,
  disabled = false,
}: PatientPickerProps) {
  const me = useMe();
  const opensCards = allows(me.rights, CARDS);
  const nobody = me.own_patients_only
    ? 'Среди ваших пациентов не нашли. Другого найдёте по полному номеру телефона или карты.'
    : opensCards
      ? 'Никого не нашли'
      : 'Никого не нашли. Ищите по имени или по полному номеру телефона или карты.';
  const [typed, setTyped] = useState('');
  const [paused] = useDebouncedValue(typed.trim(), 200);
  const [entered, setEntered] = useState(''); // Enter waits for nothing
  const settled = entered === typed.trim() ? entered : paused;
  const [reopened, setReopened] = useState(false);
  const [chosenHere, setChosenHere] = useState(false);
  const search = useQuery({
    ...patientSearchQuery(settled),
    enabled: settled.length > 0,
    placeholderData: keepPreviousData,
  });
  const combobox = useCombobox({
    onDropdownClose: () => {
      combobox.resetSelectedOption();
    },
  });

  const waiting = search.isFetching || settled !== typed.trim();
  const answer = typed.trim() === '' ? [] : (search.data?.items ?? []);
  const found = answer.filter((patient) => patient.id !== except && (!waiting || isAbout(patient, typed)));
  const offered = found.map(({ id }) => id).join();
  const { resetSelectedOption } = combobox;
  useLayoutEffect(() => {
    // the mark is kept by place: in another list it would stand on somebody else
    resetSelectedOption();
    // eslint-disable-next-line react-hooks/exhaustive-deps
  }, [offered]);

  const field = useChosen({ typed, waiting: waiting && typed.trim() !== '', enterCreates: !search.isError });

  if (value !== null) {
    return (
      <div>
        <Input.Label labelElement="div">{label}</Input.Label>
        <Paper withBorder radius="md" px="sm" py={7}>
          <Group justify="space-between" wrap="nowrap">
            <div className={classes.chosen}>
              <Group gap={8}>
                <Text fw={500}>{value.name}</Text>
                <CategoryMarks categories={value.categories ?? []} />
              </Group>
              <Text fz="sm" c="dimmed">
                {patientHint(value)}
              </Text>
            </div>
            {!disabled && (
              <CloseButton
                aria-label="Выбрать другого пациента"
                // the field that had the focus is gone: without a place of its own it would fall out of the window
                autoFocus={chosenHere}
                onClick={() => {
                  setReopened(true);
                  onChange(null);
                }}
              />
            )}
          </Group>
        </Paper>
      </div>
    );
  }

  return (
    <Combobox
      store={combobox}
      onOptionSubmit={(chosen) => {
        combobox.closeDropdown();
        replacesFocus();
        if (chosen === NEW) {
          onCreate?.(typed);
          return;
        }
        const patient = found.find(({ id }) => id === chosen);
        if (patient === undefined) return;
        setChosenHere(true);
        onChange(patient);
      }}
    >
      <Combobox.Target withExpandedAttribute>
        <InputBase
          ref={field.ref}
          role="combobox"
          label={label}
          placeholder={opensCards ? 'Фамилия, телефон или номер карты' : 'Имя, полный номер телефона или карты'}
          autoComplete="off"
          autoFocus={autoFocus || reopened}
          data-autofocus={autoFocus || undefined}
          disabled={disabled}
          error={field.fault ?? error}
          leftSection={<IconSearch size={16} stroke={1.7} aria-hidden />}
          rightSection={typed.trim() !== '' && waiting ? <Loader size={16} /> : null}
          value={typed}
          onKeyDown={(event) => {
            if (event.key === 'Enter') setEntered(typed.trim());
            field.onKeyDown(event);
          }}
          onInvalid={field.onInvalid}
          onChange={(event) => {
            field.onType();
            setTyped(event.currentTarget.value);
            combobox.openDropdown();
            combobox.updateSelectedOptionIndex();
          }}
          onFocus={() => {
            combobox.openDropdown();
          }}
          onClick={() => {
            combobox.openDropdown();
          }}
          onBlur={() => {
            combobox.closeDropdown();
            afterPress(field.onLeave);
          }}
        />
      </Combobox.Target>
      <Combobox.Dropdown hidden={typed.trim() === '' && onCreate === undefined}>
        <Combobox.Options mah={320} className={classes.options} aria-label="Найденные пациенты">
          {found.map((patient) => (
            <Combobox.Option key={patient.id} value={patient.id}>
              <Group gap={8} component="span">
                <Text span fw={500}>
                  {patient.name}
                </Text>
                <CategoryMarks categories={patient.categories} />
              </Group>
              <Text span fz="sm" c="dimmed" display="block">
                {patientHint(patient)}
              </Text>
            </Combobox.Option>
          ))}
          {found.length === 0 && typed.trim() !== '' && (
            <Combobox.Empty>{waiting ? 'Ищем…' : search.isError ? 'Поиск не удался' : nobody}</Combobox.Empty>
          )}
          {onCreate !== undefined && (
            // not by a quick Enter, while the person who is meant may still be found
            <Combobox.Option
              {...CREATES}
              value={NEW}
              className={classes.create}
              disabled={waiting && typed.trim() !== ''}
            >
              <Group gap="xs" wrap="nowrap">
                <IconUserPlus size={17} stroke={1.7} aria-hidden />
                {typed.trim() === '' ? 'Новый пациент' : `Новый пациент: ${typed.trim()}`}
              </Group>
            </Combobox.Option>
          )}
        </Combobox.Options>
      </Combobox.Dropdown>
    </Combobox>
  );
}
