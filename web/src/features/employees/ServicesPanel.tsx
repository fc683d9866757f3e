/** Which services a doctor gives: ticked one by one, found by a word, or taken over from a colleague. */
import { Button, Checkbox, Group, ScrollArea, Stack, Text, TextInput } from '@mantine/core';
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { useState, type ReactNode } from 'react';
import { Choice } from '@/components/fields/Choice';
import { reportDone } from '@/components/notices';
import { ProblemAlert } from '@/components/ProblemAlert';
import { UnsavedGuard } from '@/components/UnsavedGuard';
import { askPast } from '@/components/visit/askPast';
import { changeGivenServices, givenBy, givingDoctorsQuery, servicesQuery } from '@/lib/api/services';
import { counted, nameKey } from '@/lib/text';

export function ServicesPanel({ id }: { id: string }): ReactNode {
  const queries = useQueryClient();
  const services = useQuery(servicesQuery);
  const doctors = useQuery(givingDoctorsQuery);
  const [ticks, setTicks] = useState<ReadonlyMap<string, boolean>>(new Map());
  const [word, setWord] = useState('');
  const all = (services.data?.items ?? []).toSorted((a, b) => Number(givenBy(b, id)) - Number(givenBy(a, id)));
  const given = (service: (typeof all)[number]) => ticks.get(service.id) ?? givenBy(service, id);
  const changed = all.filter((service) => given(service) !== givenBy(service, id));
  const shown = all.filter(({ name, category }) => nameKey(`${name} ${category}`).includes(nameKey(word)));
  const saving = useMutation({
    mutationFn: () => {
      const give = changed.filter(given).map((service) => service.id);
      const stop = changed.filter((service) => !given(service)).map((service) => service.id);
      return askPast((accepted) => changeGivenServices(id, give, stop, accepted), 'Всё равно сохранить');
    },
    onSuccess: async () => {
      await queries.invalidateQueries({ queryKey: ['services'] });
      setTicks(new Map());
      reportDone('Услуги врача сохранены.');
    },
  });
  const set = (next: ReadonlyMap<string, boolean>) => {
    setTicks(next);
    if (saving.isError) saving.reset();
  };

  return (
    <Stack gap="sm">
      {services.isSuccess && (
        <Text fz="sm" c="dimmed">
          {all.some(given)
            ? `Оказывает ${all.filter(given).length} из ${all.length}.`
            : 'Врач пока не оказывает ни одной услуги: при записи о каждой будет предупреждение.'}
        </Text>
      )}
      <Group align="end" gap="sm" grow>
        <TextInput label="Найти услугу" value={word} onChange={(event) => setWord(event.currentTarget.value)} />
        <Choice
          label="Как у …"
          placeholder="Взять у коллеги"
          value={null}
          data={(doctors.data?.items ?? [])
            .filter((doctor) => doctor.id !== id)
            .map((doctor) => ({ value: doctor.id, label: doctor.name }))}
          nothingFoundMessage="Такого врача нет"
          onChange={(other) =>
            other !== null && set(new Map(all.map((service) => [service.id, givenBy(service, other)])))
          }
        />
      </Group>
      <ScrollArea.Autosize mah={340} type="auto">
        <Stack gap={6} role="group" aria-label="Услуги врача">
          {shown.map((service) => (
            <Checkbox
              key={service.id}
              label={service.name}
              description={service.doctors.length === 0 ? 'оказывают все врачи' : service.category || undefined}
              checked={given(service)}
              onChange={(event) => set(new Map(ticks).set(service.id, event.currentTarget.checked))}
            />
          ))}
          {services.isSuccess && shown.length === 0 && (
            <Text fz="sm" c="dimmed">
              {all.length === 0 ? 'Услуг в справочнике пока нет.' : 'Таких услуг нет.'}
            </Text>
          )}
        </Stack>
      </ScrollArea.Autosize>
      <ProblemAlert error={services.error ?? saving.error} />
      <Group gap="xs">
        <Button disabled={changed.length === 0} loading={saving.isPending} onClick={() => saving.mutate()}>
          {changed.length === 0
            ? 'Сохранить услуги'
            : `Сохранить ${counted(changed.length, 'услугу', 'услуги', 'услуг')}`}
        </Button>
        <Button variant="subtle" disabled={ticks.size === 0} onClick={() => set(new Map())}>
          Вернуть отметки
        </Button>
      </Group>
      <UnsavedGuard when={changed.length > 0} />
    </Stack>
  );
}
