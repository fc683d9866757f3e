import { Checkbox, Group, Input, Select, Text, Textarea } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { getRouteApi } from '@tanstack/react-router';
import { CardPage, type Leaving } from '@/components/card/CardPage';
import { CardWindow } from '@/components/card/CardWindow';
import { theirNote } from '@/components/card/theirNote';
import { useCardWindow } from '@/components/card/useCardWindow';
import { DateField } from '@/components/fields/DateField';
import { CountField, NumberField } from '@/components/fields/NumberField';
import { optionsOf } from '@/components/fields/options';
import { useToday } from '@/components/fields/useToday';
import { ChoiceSelect } from '@/entities/catalogue/ReferenceSelect';
import {
  changeScheme,
  createScheme,
  deleteScheme,
  payEmployeesQuery,
  returnScheme,
  type Scheme,
  schemeQuery,
  schemesQuery,
} from '@/entities/payroll/queries';
import { labels } from '@/lib/api/labels';
import { limits } from '@/lib/api/limits';
import { queryClient } from '@/lib/api/queries';
import { formatDate } from '@/lib/time';
import { formatNumber } from '@/lib/typed/numbers';
import { RatesFields } from './RatesFields';
import {
  ACTS,
  type Amount,
  BASES,
  changeOf,
  emptyOf,
  faultsOf,
  faultsOfRefusal,
  GRIDS,
  newOf,
  PERCENT,
  PRICES,
  type Typed,
  typedOf,
} from './schemeForm';
import { StepsFields } from './StepsFields';

const LABELS = { ...labels.NewPayScheme, ...labels.PaySchemeChange };
const SIZE = 760;
const AMOUNT = limits.NewPayScheme.monthly;
const ACTS_MEAN = {
  created: 'Записанные им визиты, на которые пациент пришёл.',
  completed: 'Визиты, которые он завершил.',
  both: 'Визиты, которые он и записал, и завершил.',
  either: 'Визиты, которые он записал (пациент пришёл) или завершил.',
} as const;
const route = getRouteApi('/shell/pay-schemes/$id');

export function SchemePage() {
  const { id } = route.useParams();
  const navigate = route.useNavigate();
  const leave = (saved: boolean) => void navigate({ to: '/pay-schemes', search: true, ignoreBlocker: saved });
  return (
    <CardPage id={id} query={schemeQuery} title="Схема начисления ЗП" size={SIZE} leave={leave}>
      {(scheme, leaving) => <SchemeWindow scheme={scheme} {...leaving} />}
    </CardPage>
  );
}

interface SchemeWindowProps extends Leaving {
  scheme: Scheme | null;
}

function SchemeWindow({ scheme, onClose, onDone }: SchemeWindowProps) {
  const today = useToday();
  const employees = useQuery(payEmployeesQuery).data?.items;
  const saved = scheme === null ? emptyOf(today) : typedOf(scheme);
  const deleted = scheme?.deleted === true;
  const edited = useCardWindow<Scheme, Typed>({
    stored: scheme,
    saved,
    send: (sending) =>
      scheme === null ? createScheme(newOf({ ...saved, ...sending })) : changeScheme(scheme, changeOf(sending)),
    remove: deleteScheme,
    bringBack: returnScheme,
    refresh: () => queryClient.invalidateQueries({ queryKey: schemesQuery.queryKey }),
    notices: {
      save: () => (scheme === null ? 'Схема создана' : 'Схема сохранена'),
      remove: 'Схема удалена. Вернуть можно в её карточке.',
      bringBack: 'Схема возвращена',
    },
    onDone,
  });
  const { edits, card: typed, saving, setField: set } = edited;
  const below = (
    field: Exclude<keyof Typed, 'rates' | 'steps' | 'minus_materials'>,
    format: (value: string) => string = (value) => value,
  ) => theirNote(edits, saved, field, (value) => format(String(value)));
  const amount = (field: Amount, faults: Readonly<Record<string, string | undefined>>, off = false) => (
    <NumberField
      w={170}
      label={LABELS[field]}
      disabled={deleted || off}
      decimals={2}
      unit="₽"
      {...AMOUNT}
      description={below(field, (value) => formatNumber(value, '₽'))}
      error={faults[field]}
      value={typed[field]}
      onChange={(value) => set(field, value)}
    />
  );
  const percent = (field: Amount, faults: Readonly<Record<string, string | undefined>>, off = false) => (
    <NumberField
      w={170}
      label={LABELS[field]}
      disabled={deleted || off}
      {...PERCENT}
      description={below(field, (value) => formatNumber(value, '%'))}
      error={faults[field]}
      value={typed[field]}
      onChange={(value) => set(field, value)}
    />
  );
  return (
    <CardWindow
      title={scheme === null ? 'Новая схема начисления ЗП' : `Схема начисления ЗП: ${scheme.employee.name}`}
      size={SIZE}
      type="pay_scheme"
      stored={scheme}
      name={scheme === null ? '' : `схему с ${formatDate(scheme.fields.starts_on)} (${scheme.employee.name})`}
      what="Схему"
      edited={edited}
      missing={faultsOf(typed)}
      refused={faultsOfRefusal(saving.error)}
      whenDeleted={{ title: 'Схема удалена', means: 'По ней ничего не начисляется.' }}
      afterDeletion="Будет действовать предыдущая схема сотрудника. Разница за уже начисленные дни войдёт в следующее начисление."
      onClose={onClose}
    >
      {(faults) => (
        <>
          <Group gap="sm" align="start">
            <ChoiceSelect
              w={360}
              label={LABELS.employee_id}
              required
              disabled={scheme !== null}
              openOnFocus={false}
              error={faults.employee_id}
              choices={employees}
              known={scheme?.employee ?? null}
              value={typed.employee_id}
              onChange={(employee_id) => set('employee_id', employee_id)}
            />
            <DateField
              w={160}
              label={LABELS.starts_on}
              required
              leaning="this-year"
              disabled={deleted}
              description={below('starts_on', (value) => formatDate(value))}
              error={faults.starts_on}
              value={typed.starts_on}
              onChange={(value) => set('starts_on', value)}
            />
            <DateField
              w={160}
              label={LABELS.ends_on}
              leaning="this-year"
              disabled={deleted}
              description={below('ends_on', (value) => (value === '' ? '' : formatDate(value))) ?? 'Пусто – бессрочно'}
              error={faults.ends_on}
              value={typed.ends_on}
              onChange={(value) => set('ends_on', value)}
            />
          </Group>
          <Text fw={600} mt={4}>
            Процент
          </Text>
          <Group gap="sm" align="start">
            <Select
              w={170}
              label={LABELS.base}
              allowDeselect={false}
              disabled={deleted}
              data={optionsOf(BASES)}
              error={faults.base}
              value={typed.base}
              onChange={(value) => set('base', value ?? 'done')}
            />
            <Select
              w={190}
              label={LABELS.price}
              allowDeselect={false}
              disabled={deleted}
              data={optionsOf(PRICES)}
              error={faults.price}
              value={typed.price}
              onChange={(value) => set('price', value ?? 'net')}
            />
            <Select
              w={300}
              label={LABELS.grid}
              allowDeselect={false}
              disabled={deleted}
              data={optionsOf(GRIDS)}
              error={faults.grid}
              value={typed.grid}
              onChange={(value) => {
                const grid = value ?? '';
                set('grid', grid);
                if (grid === '') set('steps', []);
                else set('service_percent', '');
                if (grid !== '' && typed.steps.length === 0) set('steps', [{ above: '0', percent: '' }]);
              }}
            />
          </Group>
          <Checkbox
            label={`${LABELS.minus_materials}: процент с услуг считается с суммы без списанных в визите материалов`}
            disabled={deleted}
            checked={typed.minus_materials}
            onChange={(event) => set('minus_materials', event.currentTarget.checked)}
          />
          <Group gap="sm" align="start">
            {percent('service_percent', faults, typed.grid !== '')}
            {percent('goods_percent', faults)}
            {percent('certificate_percent', faults)}
            <NumberField
              w={170}
              label={LABELS.acquiring}
              disabled={deleted}
              {...PERCENT}
              description={below('acquiring', (value) => formatNumber(value, '%')) ?? 'Вычесть из оплат картой'}
              error={faults.acquiring}
              value={typed.acquiring}
              onChange={(value) => set('acquiring', value)}
            />
          </Group>
          {typed.grid !== '' && (
            <StepsFields steps={typed.steps} disabled={deleted} onChange={(steps) => set('steps', steps)} />
          )}
          {faults.steps !== undefined && <Input.Error>{faults.steps}</Input.Error>}
          <RatesFields
            scheme={scheme}
            rates={typed.rates}
            disabled={deleted}
            onChange={(rates) => set('rates', rates)}
          />
          {faults.rates !== undefined && <Input.Error>{faults.rates}</Input.Error>}
          <Text fw={600} mt={4}>
            Визиты, которые сотрудник создал или оформил
          </Text>
          <Group gap="sm" align="start">
            <Select
              w={300}
              label={LABELS.visit_acts}
              allowDeselect={false}
              disabled={deleted}
              data={optionsOf(ACTS)}
              description={typed.visit_acts === '' ? undefined : ACTS_MEAN[typed.visit_acts]}
              inputWrapperOrder={['label', 'input', 'error', 'description']}
              error={faults.visit_acts}
              value={typed.visit_acts}
              onChange={(value) => {
                set('visit_acts', value ?? '');
                if ((value ?? '') === '') {
                  set('visit_percent', '');
                  set('visit_sum', '');
                }
              }}
            />
            {percent('visit_percent', faults, typed.visit_acts === '')}
            {amount('visit_sum', faults, typed.visit_acts === '')}
          </Group>
          <Text fw={600} mt={4}>
            Оклад и время по графику
          </Text>
          <Group gap="sm" align="start">
            {amount('monthly', faults)}
            {amount('shift', faults)}
            <CountField
              w={170}
              label={`${LABELS.full_shift}, ч`}
              disabled={deleted || typed.shift === ''}
              description={typed.shift === '' ? undefined : 'Короче – половина'}
              {...limits.NewPayScheme.full_shift}
              error={faults.full_shift}
              value={typed.full_shift}
              onChange={(value) => set('full_shift', value)}
            />
            {amount('hour', faults)}
            {amount('guarantee', faults)}
          </Group>
          <Textarea
            label={LABELS.comment}
            autosize
            minRows={1}
            maxRows={5}
            {...limits.PaySchemeChange.comment}
            disabled={deleted}
            description={below('comment')}
            error={faults.comment}
            value={typed.comment}
            onChange={(event) => set('comment', event.currentTarget.value)}
          />
        </>
      )}
    </CardWindow>
  );
}
