import { Alert, Button, Group, Stack, Text, Textarea, TextInput } from '@mantine/core';
import { Form } from '@/components/fields/Form';
import { modals } from '@mantine/modals';
import { IconArrowBackUp, IconTrash } from '@tabler/icons-react';
import { useMutation, useQuery } from '@tanstack/react-query';
import { useLayoutEffect, useState } from 'react';
import { flushSync } from 'react-dom';
import { TextLink } from '@/components/links';
import { reportDone, reportProblem } from '@/components/notices';
import { PatientBrief } from '@/components/patient/PatientBrief';
import { PatientPicker } from '@/components/patient/PatientPicker';
import { FieldRefusal } from '@/components/FieldRefusal';
import { ProblemAlert } from '@/components/ProblemAlert';
import { limits } from '@/lib/api/limits';
import { useRight } from '@/lib/api/me';
import type { Visit } from '@/lib/api/model';
import { isProblem } from '@/lib/api/problem';
import { queryClient } from '@/lib/api/queries';
import { servicesQuery } from '@/lib/api/services';
import { changeVisit, deleteVisit, doctorsQuery, refreshVisits, returnVisit, visitQuery } from '@/lib/api/visits';
import { changed, type Edits, othersValue, typed, without, yielded } from '@/lib/cardEdits';
import { dateOf } from '@/lib/time';
import { askPast } from './askPast';
import { ServiceLines } from './ServiceLines';
import {
  changeOf,
  differences,
  draftOf,
  durationOf,
  faultsOfRefusal,
  faultsOf,
  fieldsOf,
  settled,
  type VisitDraft,
  type VisitFields,
  withFields,
} from './visitDraft';
import { VisitTimeFields } from './VisitTimeFields';

interface VisitEditorProps {
  visit: Visit;
  /** Told while there is something typed and not saved. */
  onDirty?: (dirty: boolean) => void;
  onSaved?: () => void;
}

/** Services typed by name that the save has created are meant by the lines typed meanwhile. */
function withCreated(edits: Edits<VisitFields>, stored: Visit): Edits<VisitFields> {
  const { lines } = edits;
  return lines === undefined ? edits : { ...edits, lines: { ...lines, value: settled(lines.value, stored.lines) } };
}

/**
 * All fields of a visit, saved by one button as one change. What a colleague changes meanwhile is taken at once where nothing was
 * typed; where something was, it stays, and both values are told.
 */
export function VisitEditor({ visit: shown, onDirty, onSaved }: VisitEditorProps) {
  const [stored, setStored] = useState(shown);
  const visit = stored.version > shown.version ? stored : shown; // the one just saved is drawn a moment later
  const [base, setBase] = useState(visit);
  const [edits, setEdits] = useState<Edits<VisitFields>>({});
  const [checked, setChecked] = useState(false);
  const [choosing, setChoosing] = useState(false);
  const mayRead = useRight('journal');
  const services = useQuery(servicesQuery);
  const day = useQuery(doctorsQuery(dateOf(visit.starts_at), dateOf(visit.starts_at)));

  const saved = fieldsOf(draftOf(visit));
  const differing = changed(edits, saved);
  const draft = withFields({ ...saved, ...differing });
  const dirty = Object.keys(differing).length > 0;
  const foreign = differences(base, visit);
  const collides = (Object.keys(edits) as (keyof VisitFields)[]).some(
    (field) => othersValue(edits, saved, field) !== undefined,
  );

  if (visit.version !== base.version && (!dirty || foreign.length === 0)) {
    // nothing typed, or only the status moved: there is nothing to tell
    setBase(visit);
    if (!dirty) setEdits({});
  }

  useLayoutEffect(() => {
    onDirty?.(dirty);
  }, [dirty, onDirty]);

  const save = useMutation({
    mutationFn: () =>
      askPast((accepted) => changeVisit(visit, changeOf(visit, draft), accepted), 'Всё равно сохранить'),
    onMutate: () => differing,
    onSuccess: async (_, __, sent) => {
      await refreshVisits();
      // drawn before the notice is: whoever reads it can leave at once, unasked
      flushSync(() => {
        const now = queryClient.getQueryData(visitQuery(visit.id).queryKey) ?? visit;
        setChecked(false);
        setChoosing(false);
        setStored(now);
        setBase(now);
        setEdits((before) => withCreated(without(before, sent), now));
      });
      reportDone(`Визит № ${visit.number} сохранён`);
      onSaved?.();
    },
    onError: (error) => {
      if (isProblem(error, 'version_moved')) void refreshVisits();
    },
  });
  const forget = () => {
    setEdits({});
    setBase(visit);
    setChoosing(false);
    setChecked(false);
    save.reset();
  };
  const remove = useMutation({
    mutationFn: () => deleteVisit(visit),
    onSuccess: async () => {
      await refreshVisits();
      reportDone(`Визит № ${visit.number} удалён. Его можно вернуть.`);
    },
    onError: (error) => reportProblem(error, 'Удалить не получилось'),
  });
  const bringBack = useMutation({
    mutationFn: () => askPast((accepted) => returnVisit(visit, accepted), 'Всё равно вернуть'),
    onSuccess: refreshVisits,
  });

  const faults = faultsOf(draft, day.data?.settings.visit_without_doctor === false);
  const refused = faultsOfRefusal(save.error);
  const fieldFaults = { ...(checked ? faults : {}), ...refused };
  const locked = visit.deleted;
  const set = (part: Partial<VisitDraft>) => {
    if (save.isError) save.reset(); // what was refused isn't what stands there now
    setEdits((now) => {
      const next = fieldsOf({ ...withFields({ ...saved, ...changed(now, saved) }), ...part });
      if (next.patient?.id === visit.patient.id) next.patient = saved.patient;
      return Object.keys(part).reduce((all, name) => {
        const field = name === 'date' || name === 'start' ? 'at' : (name as keyof VisitFields);
        return typed(all, saved, field, next[field]);
      }, now);
    });
  };

  return (
    <Form
      style={{ containerType: 'inline-size', containerName: 'visit-form' }}
      onSubmit={() => {
        setChecked(true);
        if (Object.keys(faults).length > 0) return;
        if (Object.keys(changeOf(visit, draft)).length > 0) save.mutate();
        else forget(); // spaces alone
      }}
    >
      <Stack gap="sm">
        {locked && (
          <Alert color="gray" title="Визит удалён">
            <Group justify="space-between" gap="sm">
              <Text fz="sm">Он хранится в истории; изменить его можно, когда он будет возвращён.</Text>
              <Button
                size="compact-sm"
                leftSection={<IconArrowBackUp size={16} aria-hidden />}
                loading={bringBack.isPending}
                onClick={() => bringBack.mutate()}
              >
                Вернуть
              </Button>
            </Group>
          </Alert>
        )}
        <ProblemAlert error={bringBack.error} title="Вернуть не получилось" />
        {foreign.length > 0 && dirty && !save.isPending && (
          <Alert color="orange" title="Пока вы правили, визит изменил коллега" role="status">
            <Stack gap={4}>
              {foreign.map(({ label, old, new: now }) => (
                <Text key={label} fz="sm">
                  {label}: {old} → <b>{now}</b>
                </Text>
              ))}
              {collides ? (
                <Group gap="xs" mt={4}>
                  <Button
                    size="compact-sm"
                    variant="default"
                    onClick={() => {
                      setEdits(yielded(edits, saved));
                      setBase(visit);
                      save.reset();
                    }}
                  >
                    Взять изменения коллеги
                  </Button>
                  <Text fz="sm">Вы правили то же самое: «Сохранить» запишет ваши значения.</Text>
                </Group>
              ) : (
                <Text fz="sm">Это уже в форме, ваши правки остались.</Text>
              )}
            </Stack>
          </Alert>
        )}
        {(choosing || draft.patient?.id !== visit.patient.id) && (
          <PatientPicker
            value={draft.patient}
            autoFocus={draft.patient === null}
            disabled={locked}
            error={fieldFaults.patient}
            onChange={(patient) => set({ patient })}
          />
        )}
        {draft.patient !== null && <PatientBrief id={draft.patient.id} beside={visit.id} />}
        <VisitTimeFields
          draft={draft}
          faults={fieldFaults}
          known={visit.doctor}
          visitId={visit.id}
          proposed={durationOf(draft.lines, services.data?.items ?? [])}
          disabled={locked}
          onChange={set}
        />
        <ServiceLines
          lines={draft.lines}
          doctor={draft.doctorId}
          disabled={locked}
          onChange={(lines) => set({ lines })}
        />
        <Group align="start" gap="sm" wrap="nowrap">
          <TextInput
            label="Кабинет"
            w={130}
            {...limits.VisitChange.room}
            disabled={locked}
            error={fieldFaults.room}
            value={draft.room}
            onChange={(event) => set({ room: event.currentTarget.value })}
          />
          <Textarea
            label="Комментарий"
            flex={1}
            autosize
            minRows={1}
            maxRows={6}
            {...limits.VisitChange.comment}
            disabled={locked}
            error={fieldFaults.comment}
            value={draft.comment}
            onChange={(event) => set({ comment: event.currentTarget.value })}
          />
        </Group>
        {refused === null ? (
          <ProblemAlert error={save.error} title="Сохранить не получилось" />
        ) : (
          <FieldRefusal faults={refused} />
        )}
        {!locked && (
          <Group justify="space-between" mt={4}>
            <Button
              variant="subtle"
              color="red"
              leftSection={<IconTrash size={16} stroke={1.7} aria-hidden />}
              loading={remove.isPending}
              onClick={() => {
                modals.openConfirmModal({
                  title: `Удалить визит № ${visit.number}?`,
                  children: 'Визит исчезнет из расписания. Его можно будет вернуть, если время останется свободным.',
                  labels: { confirm: 'Удалить', cancel: 'Не удалять' },
                  confirmProps: { color: 'red' },
                  onConfirm: () => remove.mutate(),
                });
              }}
            >
              Удалить
            </Button>
            <Group gap="sm">
              {dirty && (
                <Button variant="default" onClick={forget}>
                  Отменить правки
                </Button>
              )}
              <Button type="submit" disabled={!dirty} loading={save.isPending}>
                Сохранить
              </Button>
            </Group>
          </Group>
        )}
        <Group gap="md">
          {!locked && draft.patient?.id === visit.patient.id && (
            <Button
              variant="subtle"
              size="compact-sm"
              onClick={() => {
                setChoosing(true);
                set({ patient: null });
              }}
            >
              Сменить пациента
            </Button>
          )}
          {mayRead && (
            <Text fz="sm" c="dimmed">
              <TextLink to="/history/$type/$id" params={{ type: 'visit', id: visit.id }} inherit>
                История изменений
              </TextLink>
            </Text>
          )}
        </Group>
      </Stack>
    </Form>
  );
}
