import { Group, Select, Switch, Text, TextInput } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { getRouteApi } from '@tanstack/react-router';
import { Choices } from '@/components/fields/Choice';
import { CardPage, type Leaving } from '@/components/card/CardPage';
import { CardWindow } from '@/components/card/CardWindow';
import { theirNote } from '@/components/card/theirNote';
import { useCardWindow } from '@/components/card/useCardWindow';
import { askPast } from '@/entities/service/askPast';
import { optionsOf } from '@/components/fields/options';
import { DurationField, NumberField } from '@/components/fields/NumberField';
import { ReferenceSelect } from '@/entities/catalogue/ReferenceSelect';
import { choices, labels } from '@/lib/api/labels';
import { limits } from '@/lib/api/limits';
import type { Service } from '@/lib/api/model';
import { useStillHere } from '@/components/ownPage';
import { queryClient } from '@/lib/api/queries';
import {
  changeService,
  createService,
  deleteService,
  givingDoctorsQuery,
  returnService,
  serviceQuery,
  servicesQuery,
} from '@/entities/service/queries';
import { NormLines } from './NormLines';
import { changeOf, EMPTY, faultsOf, fieldsOf, faultsOfRefusal, formatField, type Typed, typedOf, VATS } from './serviceForm';

const LABELS = labels.ServiceChange;

const route = getRouteApi('/shell/services/$id');

export function ServicePage() {
  const { id } = route.useParams();
  const navigate = route.useNavigate();
  const leave = (saved: boolean) => void navigate({ to: '/services', search: true, ignoreBlocker: saved });
  return (
    <CardPage id={id} query={serviceQuery} title="Услуга" size={680} leave={leave}>
      {(service, leaving) => <ServiceWindow service={service} {...leaving} />}
    </CardPage>
  );
}

const refresh = () => queryClient.invalidateQueries({ queryKey: servicesQuery.queryKey });

/** Prices of visits already booked stay as agreed then; a new price is for new visits. */
function ServiceWindow({ service, onClose, onDone }: Leaving & { service: Service | null }) {
  const doctors = useQuery(givingDoctorsQuery).data?.items ?? [];
  const saved = service === null ? EMPTY : typedOf(service);
  const deleted = service?.deleted === true;
  const isStillHere = useStillHere();
  const edited = useCardWindow<Service, Typed>({
    stored: service,
    saved,
    send: (sending) =>
      service === null
        ? createService(fieldsOf({ ...saved, ...sending }))
        : askPast(
            (accepted) => changeService(service, changeOf(saved, sending), accepted),
            'Всё равно сохранить',
            isStillHere,
          ),
    remove: (stored) => askPast((accepted) => deleteService(stored, accepted), 'Всё равно удалить', isStillHere),
    bringBack: returnService,
    refresh,
    notices: {
      save: () => (service === null ? 'Услуга создана' : 'Услуга сохранена'),
      remove: 'Услуга удалена. Вернуть можно в её карточке.',
      bringBack: 'Услуга возвращена',
    },
    onDone,
  });

  const { edits, card: typed, saving, setField: set } = edited;
  const refused = faultsOfRefusal(typed, saving.error);
  const named = [...doctors, ...(service?.doctors.filter(({ id }) => !doctors.some((one) => one.id === id)) ?? [])];

  const below = (field: keyof Typed, hint?: string) =>
    theirNote(edits, saved, field, () => formatField(service, field), hint);
  return (
    <CardWindow
      title={service === null ? 'Новая услуга' : 'Услуга'}
      size={680}
      type="service"
      stored={service}
      name={service?.name ?? ''}
      what="Услугу"
      edited={edited}
      missing={faultsOf(typed)}
      refused={refused}
      whenDeleted={{ title: 'Услуга удалена', means: 'Записать на неё нельзя, пока она не возвращена.' }}
      afterDeletion="Выбрать услугу в визите будет нельзя, в прежних визитах она останется. Её можно вернуть."
      onClose={onClose}
    >
      {(faults) => (
        <>
          <TextInput
            label={LABELS.name}
            data-autofocus
            {...limits.ServiceChange.name}
            disabled={deleted}
            description={below('name')}
            error={faults.name}
            value={typed.name}
            onChange={(event) => set('name', event.currentTarget.value)}
          />
          <Group grow gap="sm" align="start">
            <ReferenceSelect
              label={LABELS.category_id}
              catalogue="service_category"
              disabled={deleted}
              description={below(
                'category_id',
                typed.category_id === '' && service?.category_id === null && service.category !== ''
                  ? `Раньше была записана так: ${service.category}`
                  : undefined,
              )}
              error={faults.category_id}
              value={typed.category_id}
              known={service?.category_id ? { id: service.category_id, name: service.category } : null}
              onChange={(category_id) => set('category_id', category_id)}
            />
            <ReferenceSelect
              label={LABELS.unit_id}
              catalogue="unit"
              disabled={deleted}
              description={below('unit_id')}
              error={faults.unit_id}
              value={typed.unit_id}
              known={service?.unit_id ? { id: service.unit_id, name: service.unit } : null}
              onChange={(unit_id) => set('unit_id', unit_id)}
            />
          </Group>
          <Group grow gap="sm" align="start">
            <NumberField
              label={LABELS.price}
              unit="₽"
              decimals={2}
              {...limits.ServiceChange.price}
              disabled={deleted}
              description={below('price')}
              error={faults.price}
              value={typed.price}
              onChange={(price) => set('price', price)}
            />
            <DurationField
              label={LABELS.duration}
              disabled={deleted}
              description={below('duration')}
              error={faults.duration}
              value={typed.duration === '' ? null : Number(typed.duration)}
              onChange={(minutes) => set('duration', minutes === null ? '' : String(minutes))}
            />
          </Group>
          <Select
            label={LABELS.vat}
            placeholder="По настройкам клиники"
            data={optionsOf<string>(VATS).sort((a, b) => a.label.localeCompare(b.label, 'ru', { numeric: true }))}
            clearable
            clearButtonProps={{ 'aria-label': 'НДС: очистить' }}
            w={220}
            disabled={deleted}
            description={below('vat')}
            error={faults.vat}
            value={typed.vat === '' ? null : typed.vat}
            onChange={(vat) => set('vat', (vat ?? '') as Typed['vat'])}
          />
          <Switch
            label="Использовать для онлайн-записи"
            description={below('online')}
            disabled={deleted}
            checked={typed.online}
            onChange={(event) => set('online', event.currentTarget.checked)}
          />
          <Select
            label={LABELS.tax_code}
            description={below('tax_code', 'Код 2 – дорогостоящее лечение: имплантация, костная пластика.')}
            allowDeselect={false}
            disabled={deleted}
            error={faults.tax_code}
            data={optionsOf(choices.ServiceChange.tax_code)}
            value={typed.tax_code}
            onChange={(code) => set('tax_code', code === '2' ? '2' : '1')}
          />
          <Choices
            label="Врачи"
            placeholder={typed.doctors.size === 0 ? 'Все врачи' : undefined}
            clearable
            clearButtonProps={{ 'aria-label': 'Очистить' }}
            nothingFoundMessage="Ничего не найдено"
            disabled={deleted}
            error={faults.doctors}
            data={named.map(({ id, name }) => ({ value: id, label: name }))}
            value={[...typed.doctors]}
            onChange={(ids) => set('doctors', new Set(ids))}
          />
          <div>
            <Text fz="sm" fw={500} mb={4}>
              Нормы расхода материалов на одну услугу
            </Text>
            <Text fz="xs">{below('norms')}</Text>
            <NormLines
              norms={typed.norms}
              error={faults.norms}
              disabled={deleted}
              onChange={(norms) => set('norms', norms)}
            />
          </div>
        </>
      )}
    </CardWindow>
  );
}
