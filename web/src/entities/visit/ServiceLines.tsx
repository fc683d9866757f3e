import { ActionIcon, Group, Skeleton, Stack, Text } from '@mantine/core';
import { IconPlus, IconX } from '@tabler/icons-react';
import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { Choice } from '@/components/fields/Choice';
import { CountField, NumberField } from '@/components/fields/NumberField';
import { limits } from '@/lib/api/limits';
import { useMe } from '@/lib/api/me';
import type { Service, VisitLine } from '@/lib/api/model';
import { givenBy, servicesQuery } from '@/entities/service/queries';
import { counted, nameKey, rubles } from '@/lib/text';
import { formatDuration } from '@/lib/time';
import { shortest } from '@/lib/typed/numbers';
import classes from './ServiceLines.module.css';
import { addedLine, newLine, totalOf } from './visitDraft';
import { isNewService } from './visitLines';
import { amountsOf, inRubles } from './visitMoney';

interface ServiceLinesProps {
  lines: readonly VisitLine[];
  onChange: (lines: VisitLine[], services: readonly Service[]) => void;
  /** What the visit comes to, where goods and discounts are a part of it. */
  total?: string;
  /** Services that this doctor gives are offered first. */
  doctor?: string | null;
  disabled?: boolean;
}

/** The services of a visit: chosen from the clinic's list, with quantity, price and the total. */
export function ServiceLines({ lines, onChange, total, doctor = null, disabled = false }: ServiceLinesProps) {
  const me = useMe();
  const [typed, setTyped] = useState('');
  const { data, isPending } = useQuery(servicesQuery);
  const services = data?.items ?? [];
  const offered = services.filter((service) => givenBy(service, doctor));
  const byId = new Map(services.map((service) => [service.id, service]));
  const notGiven = lines.filter(({ service_id }) => {
    const service = byId.get(service_id);
    return service !== undefined && !givenBy(service, doctor);
  });

  const groups = new Map<string, { value: string; label: string }[]>();
  for (const service of offered) {
    const group = groups.get(service.category) ?? [];
    group.push({ value: service.id, label: service.name });
    groups.set(service.category, group);
  }
  const others = services.filter((service) => !givenBy(service, doctor));
  const noneGiven =
    doctor !== null && me.rights.includes('employees') && me.rights.includes('services') ? (
      <>
        Врач пока не оказывает ни одной услуги –{' '}
        <a href={`/employees/${doctor}`} target="_blank" rel="noreferrer">
          добавить
        </a>
      </>
    ) : (
      'Врач пока не оказывает ни одной услуги. Можно выбрать любую.'
    );

  const proposed = newLine(typed);
  const creates =
    me.clinic.create_services &&
    proposed.name !== '' &&
    services.every(({ name }) => nameKey(name) !== nameKey(typed)) &&
    lines.every(({ service_id }) => service_id !== proposed.service_id);

  const add = (id: string | null) => {
    if (id === proposed.service_id) onChange([...lines, proposed], services);
    const service = id === null ? undefined : byId.get(id);
    if (service === undefined) return;
    const known = lines.find((line) => line.service_id === service.id);
    const next =
      known === undefined
        ? [...lines, addedLine(service)]
        : lines.map((line) => (line === known ? { ...line, quantity: line.quantity + 1 } : line));
    onChange(next, services);
  };

  return (
    <Stack gap={6}>
      <Choice
        label="Услуги"
        placeholder={lines.length === 0 ? 'Добавить услугу' : 'Добавить ещё услугу'}
        description={services.length > 0 && offered.length === 0 ? noneGiven : undefined}
        disabled={disabled || isPending}
        leftSection={<IconPlus size={16} stroke={1.7} aria-hidden />}
        data={[
          ...[...groups].map(([group, items]) => ({ group: group === '' ? 'Без категории' : group, items })),
          ...(others.length > 0
            ? [
                {
                  group: 'Этот врач не оказывает',
                  items: others.map(({ id, name }) => ({ value: id, label: name })),
                },
              ]
            : []),
          ...(creates
            ? [
                {
                  group: 'Нет в справочнике',
                  items: [{ value: proposed.service_id, label: `Создать услугу «${proposed.name}»` }],
                },
              ]
            : []),
        ]}
        nothingFoundMessage={
          services.length === 0
            ? 'Услуг в справочнике пока нет'
            : me.clinic.create_services
              ? undefined
              : 'Такой услуги нет в справочнике'
        }
        value={null}
        onType={setTyped}
        creating={proposed.service_id}
        onChange={add}
        maxDropdownHeight={320}
        renderOption={({ option }) => {
          const service = byId.get(option.value);
          return (
            <Group justify="space-between" wrap="nowrap" w="100%" gap="md">
              <span>{option.label}</span>
              {service !== undefined && (
                <Text span fz="sm" c="dimmed" className={classes.facts}>
                  {formatDuration(service.duration)} · {rubles(service.price)}
                </Text>
              )}
            </Group>
          );
        }}
      />
      {notGiven.length > 0 && (
        <Text fz="sm" c="var(--status-arrived-text)" role="status">
          Этот врач не оказывает: {notGiven.map(({ name }) => name).join(', ')}
        </Text>
      )}
      {isPending && lines.length > 0 && <Skeleton h={32} />}
      {lines.length > 0 && (
        <ul className={classes.lines} aria-label="Выбранные услуги">
          {lines.map((line, index) => (
            <li key={`${line.service_id} ${index}`} className={classes.line}>
              <span className={classes.name}>{line.name}</span>
              <CountField
                aria-label={`Количество: ${line.name}`}
                className={classes.quantity}
                size="xs"
                {...limits.NewLine.quantity}
                disabled={disabled}
                value={line.quantity}
                onChange={(quantity) => {
                  onChange(
                    lines.map((other, at) => (at === index ? { ...other, quantity } : other)),
                    services,
                  );
                }}
              />
              {isNewService(line) ? (
                <NumberField
                  aria-label={`Цена: ${line.name}`}
                  className={classes.price}
                  size="xs"
                  w={110}
                  unit="₽"
                  decimals={2}
                  {...limits.NewLine.price}
                  disabled={disabled}
                  value={shortest(line.price)}
                  onChange={(price) => {
                    onChange(
                      lines.map((other, at) => (at === index ? { ...other, price } : other)),
                      services,
                    );
                  }}
                />
              ) : (
                <span className={classes.price}>{rubles(inRubles(amountsOf([line], null).net))}</span>
              )}
              <ActionIcon
                aria-label={`Убрать услугу: ${line.name}`}
                disabled={disabled}
                onClick={() => {
                  onChange(
                    lines.filter((_, at) => at !== index),
                    services,
                  );
                }}
              >
                <IconX size={16} stroke={1.7} />
              </ActionIcon>
            </li>
          ))}
          <li className={classes.total}>
            <span>{counted(lines.length, 'услуга', 'услуги', 'услуг')}</span>
            <span className={classes.price}>
              Итого {rubles(total ?? totalOf({ lines, goods: [], discount: null }))}
            </span>
          </li>
        </ul>
      )}
    </Stack>
  );
}
