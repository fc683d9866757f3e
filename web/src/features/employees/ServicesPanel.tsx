/** Which services a doctor gives: ticked one by one, found by a word, or taken over from a colleague. */
import { Button, Checkbox, Group, ScrollArea, Stack, Text, TextInput } from '@mantine/core';
import { useQuery, useQueryClient } from '@tanstack/react-query';
import { useState, type ReactNode } from 'react';
import { SaveRefusal } from '@/components/card/SaveRefusal';
import { useCardEdits } from '@/components/card/useCardEdits';
import { Choice } from '@/components/fields/Choice';
import { reportDone } from '@/components/notices';
import { useStillHere } from '@/components/ownPage';
import { ProblemAlert } from '@/components/ProblemAlert';
import { UnsavedGuard } from '@/components/UnsavedGuard';
import { askPast } from '@/entities/service/askPast';
import { changeGivenServices, givenBy, givingDoctorsQuery, servicesQuery } from '@/entities/service/queries';
import { counted, nameKey } from '@/lib/text';

export function ServicesPanel({ id, deleted }: { id: string; deleted: boolean }): ReactNode {
  const queries = useQueryClient();
  const isStillHere = useStillHere();
  const services = useQuery(servicesQuery);
  const doctors = useQuery(givingDoctorsQuery);
  const [word, setWord] = useState('');
  const all = (services.data?.items ?? []).toSorted((a, b) => Number(givenBy(b, id)) - Number(givenBy(a, id)));
  const idsGivenBy = (doctor: string) =>
    new Set(all.filter((service) => givenBy(service, doctor)).map((service) => service.id));
  const saved = { given: idsGivenBy(id) as ReadonlySet<string> };
  const shown = all.filter(({ name, category }) => nameKey(`${name} ${category}`).includes(nameKey(word)));
  const edited = useCardEdits({
    saved,
    gone: deleted ? 'deleted' : null,
    send: ({ given = saved.given }) => {
      const give = [...given].filter((service) => !saved.given.has(service));
      const stop = [...saved.given].filter((service) => !given.has(service));
      return askPast((accepted) => changeGivenServices(id, give, stop, accepted), 'Всё равно сохранить', isStillHere);
    },
    refresh: () => queries.invalidateQueries({ queryKey: ['services'] }),
    onSaved: () => reportDone('Услуги врача сохранены.'),
  });
  const { given } = edited.card;
  const changed = all.filter((service) => given.has(service.id) !== saved.given.has(service.id));
  const tick = (service: string, on: boolean) =>
    edited.setFields((card) => ({ given: new Set([...card.given, service].filter((one) => on || one !== service)) }));

  return (
    <Stack gap="sm">
      {services.isSuccess && (
        <Text fz="sm" c="dimmed">
          {given.size > 0
            ? `Оказывает ${given.size} из ${all.length}.`
            : 'Врач пока не оказывает ни одной услуги: при записи о каждой будет предупреждение.'}
        </Text>
      )}
      <Group align="end" gap="sm" grow>
        <TextInput label="Найти услугу" value={word} onChange={(event) => setWord(event.currentTarget.value)} />
        <Choice
          label="Как у …"
          placeholder="Взять у коллеги"
          disabled={deleted}
          value={null}
          data={(doctors.data?.items ?? [])
            .filter((doctor) => doctor.id !== id)
            .map((doctor) => ({ value: doctor.id, label: doctor.name }))}
          nothingFoundMessage="Такого врача нет"
          onChange={(other) => other !== null && edited.setField('given', idsGivenBy(other))}
        />
      </Group>
      <ScrollArea.Autosize mah={340} type="auto">
        <Stack gap={6} role="group" aria-label="Услуги врача">
          {shown.map((service) => (
            <Checkbox
              key={service.id}
              label={service.name}
              description={service.doctors.length === 0 ? 'оказывают все врачи' : service.category || undefined}
              disabled={deleted}
              checked={given.has(service.id)}
              onChange={(event) => tick(service.id, event.currentTarget.checked)}
            />
          ))}
          {services.isSuccess && shown.length === 0 && (
            <Text fz="sm" c="dimmed">
              {all.length === 0 ? 'Услуг в справочнике пока нет.' : 'Таких услуг нет.'}
            </Text>
          )}
        </Stack>
      </ScrollArea.Autosize>
      <ProblemAlert error={services.error} />
      <SaveRefusal what="Услуги" edited={edited} faults={null} />
      <Group gap="xs">
        <Button disabled={!edited.savable} loading={edited.saving.isPending} onClick={edited.save}>
          {changed.length === 0
            ? 'Сохранить услуги'
            : `Сохранить ${counted(changed.length, 'услугу', 'услуги', 'услуг')}`}
        </Button>
        <Button variant="subtle" disabled={!edited.dirty} onClick={edited.forget}>
          Вернуть отметки
        </Button>
      </Group>
      <UnsavedGuard when={edited.dirty} />
    </Stack>
  );
}
