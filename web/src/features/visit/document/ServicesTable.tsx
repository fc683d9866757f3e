import { Group, Text } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { memo, type ReactNode, useMemo, useState } from 'react';
import { Choice } from '@/components/fields/Choice';
import { CountField } from '@/components/fields/NumberField';
import { useLatest } from '@/components/useLatest';
import { givenBy, servicesQuery } from '@/entities/service/queries';
import type { LinesFields } from '@/entities/visit/VisitEditor';
import { addedLine, newLine } from '@/entities/visit/visitDraft';
import { isNewService } from '@/entities/visit/visitLines';
import type { Amount } from '@/entities/visit/visitMoney';
import { limits } from '@/lib/api/limits';
import { useMe } from '@/lib/api/me';
import type { Ref, Service, VisitLine } from '@/lib/api/model';
import { nameKey, rubles } from '@/lib/text';
import { useLineFacts } from '@/entities/visit/lineFacts';
import { type LineAmount, type LineFaults, LineRow } from '@/entities/visit/LineRow';
import classes from '@/entities/visit/lines.module.css';
import { LinesHead } from '@/entities/visit/LinesHead';
import { Performers } from './Performers';
import { useAdded } from '@/entities/visit/useAdded';

interface ServicesTableProps extends LinesFields {
  readonly amounts: readonly Amount[];
}

/** The services: chosen by typing, then quantity; the last row adds. */
export function ServicesTable({ visit, draft, amounts, disabled, faults, onChange }: ServicesTableProps): ReactNode {
  const services = useQuery(servicesQuery).data?.items ?? NO_SERVICES;
  const byId = useMemo(() => new Map(services.map((service) => [service.id, service])), [services]);
  const added = useAdded();
  const { lines, doctorId } = draft;
  const facts = useLineFacts('lines', amounts, faults);
  const add = useLatest((line: VisitLine) => {
    onChange((now) => ({ lines: [...now.lines, line] }));
    added.focus(`lines.${lines.length}`);
  });
  return (
    <table ref={added.table} className={classes.table} aria-label="Услуги визита">
      <LinesHead of="Услуга" />
      <tbody>
        {lines.map((line, at) => {
          const { amount, faults: own } = facts[at] ?? NOTHING;
          return (
            <ServiceRow
              key={`${line.service_id} ${at}`}
              at={at}
              line={line}
              amount={amount}
              faults={own}
              unit={byId.get(line.service_id)?.unit ?? ''}
              known={visit.document.performers}
              doctor={visit.doctor?.name ?? null}
              disabled={disabled}
              onChange={onChange}
            />
          );
        })}
      </tbody>
      {!disabled && (
        <tbody>
          <tr>
            <td colSpan={7}>
              <AddService
                key={lines.length} // of a new one nothing is typed
                services={services}
                doctorId={doctorId}
                present={JSON.stringify(lines.map((line) => line.service_id))}
                onAdd={add}
              />
            </td>
          </tr>
        </tbody>
      )}
    </table>
  );
}

const NO_SERVICES: readonly Service[] = [];

interface AddServiceProps {
  readonly services: readonly Service[];
  readonly doctorId: string | null;
  /** The ids in the visit as JSON: a text, which stays the same one. */
  readonly present: string;
  readonly onAdd: (line: VisitLine) => void;
}

/** The field that adds: drawn again for what is typed into it, and not for what is typed into the lines, nor these for it. */
const AddService = memo(function AddService({ services, doctorId, present, onAdd }: AddServiceProps): ReactNode {
  const me = useMe();
  const [typed, setTyped] = useState('');
  const byId = useMemo(() => new Map(services.map((service) => [service.id, service])), [services]);
  const proposed = newLine(typed);
  const creates =
    me.clinic.create_services &&
    proposed.name !== '' &&
    services.every(({ name }) => nameKey(name) !== nameKey(typed)) &&
    !present.includes(JSON.stringify(proposed.service_id));
  const known = useMemo(() => {
    const option = ({ id, name }: { id: string; name: string }) => ({ value: id, label: name });
    const others = services.filter((service) => !givenBy(service, doctorId)).map(option);
    return [
      ...services.filter((service) => givenBy(service, doctorId)).map(option),
      ...(others.length > 0 ? [{ group: 'Этот врач не оказывает', items: others }] : []),
    ];
  }, [services, doctorId]);
  const made = { value: proposed.service_id, label: `Создать услугу «${proposed.name}»` };
  return (
    <Choice
      aria-label="Добавить услугу"
      placeholder="Добавить услугу"
      size="xs"
      openOnFocus={false}
      data={creates ? [...known, { group: 'Нет в справочнике', items: [made] }] : known}
      nothingFoundMessage="Такой услуги нет в справочнике"
      value={null}
      onType={setTyped}
      creating={proposed.service_id}
      maxDropdownHeight={320}
      onChange={(id) => {
        const service = id === null ? undefined : byId.get(id);
        if (service !== undefined) onAdd(addedLine(service));
        else if (id === proposed.service_id) onAdd(proposed);
      }}
      renderOption={({ option: { value, label } }) => (
        <Group justify="space-between" wrap="nowrap" w="100%" gap="md">
          <span>{label}</span>
          <Text span fz="sm" c="dimmed" style={{ whiteSpace: 'nowrap' }}>
            {rubles(byId.get(value)?.price ?? '0')}
          </Text>
        </Group>
      )}
    />
  );
});

const NOTHING = { amount: { gross: '0', net: '0' }, faults: {} };

interface ServiceRowProps {
  readonly at: number;
  readonly line: VisitLine;
  readonly amount: LineAmount;
  readonly faults: LineFaults;
  readonly unit: string;
  readonly known: readonly Ref[];
  readonly doctor: string | null;
  readonly disabled: boolean;
  readonly onChange: LinesFields['onChange'];
}

const ServiceRow = memo(function ServiceRow(props: ServiceRowProps): ReactNode {
  const { at, line, amount, faults, unit, known, doctor, disabled, onChange } = props;
  const change = (part: Partial<VisitLine>) =>
    onChange((now) => ({ lines: now.lines.map((one, other) => (other === at ? { ...one, ...part } : one)) }));
  return (
    <LineRow
      place={`lines.${at}`}
      name={line.name}
      beside={
        <Performers
          line={line}
          known={known}
          doctor={doctor}
          disabled={disabled}
          error={faults.performers}
          onChange={(performers) => change({ performers })}
        />
      }
      quantity={
        <CountField
          aria-label={`Количество: ${line.name}`}
          size="xs"
          {...limits.NewLine.quantity}
          disabled={disabled}
          classNames={{ input: classes.number ?? '' }}
          error={faults.quantity !== undefined}
          value={line.quantity}
          onFocus={(event) => event.currentTarget.select()}
          onChange={(quantity) => change({ quantity })}
        />
      }
      unit={
        <Text span fz="sm">
          {unit}
        </Text>
      }
      price={line.price}
      isNew={isNewService(line)}
      discount={line.discount}
      amount={amount}
      disabled={disabled}
      faults={faults}
      onPrice={(price) => change({ price })}
      onDiscount={(discount) => change({ discount })}
      onRemove={() => onChange((now) => ({ lines: now.lines.filter((_, other) => other !== at) }))}
    />
  );
});
