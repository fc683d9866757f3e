import { Alert, Button, Group, Stack, Text, Textarea, TextInput } from '@mantine/core';
import { Form } from '@/components/fields/Form';
import { IconTrash } from '@tabler/icons-react';
import { useMutation, useQuery } from '@tanstack/react-query';
import { type KeyboardEvent, memo, type ReactNode, useMemo, useRef, useState } from 'react';
import { askFirst } from '@/components/askFirst';
import { DeletedNote } from '@/components/card/DeletedNote';
import { SaveBar } from '@/components/card/SaveBar';
import { SaveRefusal } from '@/components/card/SaveRefusal';
import { leadOn } from '@/components/fields/leadOn';
import { useCardEdits } from '@/components/card/useCardEdits';
import { TextLink } from '@/components/links';
import { reportDone, reportProblem } from '@/components/notices';
import { useStillHere } from '@/components/ownPage';
import { useLatest } from '@/components/useLatest';
import { PatientBrief } from '@/entities/patient/PatientBrief';
import { PatientPicker } from '@/entities/patient/PatientPicker';
import { ProblemAlert } from '@/components/ProblemAlert';
import { UnsavedGuard } from '@/components/UnsavedGuard';
import { limits } from '@/lib/api/limits';
import { useRight } from '@/lib/api/me';
import type { VisitCard } from '@/lib/api/model';
import { counted, filled, rubles } from '@/lib/text';
import { servicesQuery } from '@/entities/service/queries';
import { changeVisit, deleteVisit, doctorsQuery, refreshVisits, returnVisit } from './queries';
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
  linesRefusal,
  settled,
  totalOf,
  type VisitDraft,
  type VisitFields,
  withFields,
} from './visitDraft';
import { goodsOf, linesFaults, settledGoods } from './visitLines';
import { usePaidVisit } from './usePaidVisit';
import { VisitTimeFields } from './VisitTimeFields';

/** What the lines of a visit are written by. */
export interface LinesFields {
  readonly visit: VisitCard;
  readonly draft: VisitDraft;
  readonly disabled: boolean;
  /** By the server's names of the fields: «goods.0.quantity». */
  readonly faults: Readonly<Record<string, string>>;
  readonly onChange: (change: (draft: VisitDraft) => Partial<VisitDraft>) => void;
}

interface VisitEditorProps {
  visit: VisitCard;
  /** All lines of the document; absent: the services alone, with a way to all. */
  lines?: (fields: LinesFields) => ReactNode;
  /** The part of the address's search by which the window is open that it stands in. */
  window?: string;
}

/**
 * All fields of a visit, saved by one button as one change. What a colleague changes meanwhile is taken at once where nothing was
 * typed; where something was, it stays, and both values are shown.
 */
export function VisitEditor({ visit, lines, window }: VisitEditorProps) {
  const isStillHere = useStillHere();
  const askWhenPaid = usePaidVisit(visit);
  const [checked, setChecked] = useState(false);
  const [choosing, setChoosing] = useState(false);
  const mayRead = useRight('journal');
  const mayPrice = useRight('visit_prices');
  const services = useQuery(servicesQuery);
  const day = useQuery(doctorsQuery(dateOf(visit.starts_at), dateOf(visit.starts_at)));

  const saved = useMemo(() => fieldsOf(draftOf(visit)), [visit]);
  const edited = useCardEdits<VisitFields>({
    saved,
    gone: visit.deleted ? 'deleted' : null,
    send: (sending) =>
      askPast(
        (accepted) => changeVisit(visit, changeOf(visit, draftWith({ ...saved, ...sending }), mayPrice), accepted),
        'Всё равно сохранить',
        isStillHere,
      ),
    refresh: refreshVisits,
    onSaved: () => {
      reset();
      reportDone(`Визит № ${visit.number} сохранён`);
    },
  });
  const { dirty, savable, saving, setFields } = edited;
  // services typed by name are those that a save has created meanwhile
  const draftWith = (fields: VisitFields) =>
    withFields({
      ...fields,
      lines: settled(fields.lines, visit.lines),
      goods: settledGoods(fields.goods, goodsOf(visit.document)),
    });
  const draft = draftWith(edited.card);
  const changeDraft = useLatest((change: (draft: VisitDraft) => Partial<VisitDraft>) => {
    setFields((card) => change(draftWith(card)));
  });
  const meanwhile = useChangesMeanwhile(visit, dirty);

  const reset = () => {
    meanwhile.forget();
    setChoosing(false);
    setChecked(false);
  };
  const forget = () => {
    edited.forget();
    reset();
  };
  const remove = useMutation({
    mutationFn: () => deleteVisit(visit),
    onSuccess: async () => {
      await refreshVisits();
      reportDone(`Визит № ${visit.number} удалён. Его можно вернуть.`);
    },
    onError: (error) => {
      if (askWhenPaid(error, 'Оставить авансом и удалить визит', () => remove.mutate())) return;
      reportProblem(error, 'Удалить не получилось');
    },
  });
  const bringBack = useMutation({
    mutationFn: () => askPast((accepted) => returnVisit(visit, accepted), 'Всё равно вернуть', isStillHere),
    onSuccess: async () => {
      await refreshVisits();
      reportDone(`Визит № ${visit.number} возвращён.`);
    },
    onError: (error) => {
      if (!isStillHere()) reportProblem(error, `Визит № ${visit.number} не возвращён`);
    },
  });

  // in a document Enter leads on, and Ctrl+Enter saves
  const form = useRef<HTMLFormElement>(null);
  const onKeyDown = (event: KeyboardEvent<HTMLFormElement>) => {
    if (event.key !== 'Enter' || event.defaultPrevented) return;
    if (event.ctrlKey || event.metaKey) {
      event.preventDefault();
      if (document.activeElement instanceof HTMLElement) document.activeElement.blur(); // takes what is typed in it
      form.current?.requestSubmit();
    } else leadOn(event);
  };

  const faults = faultsOf(draft, day.data?.settings.visit_without_doctor === false);
  const refused = faultsOfRefusal(saving.error);
  const fieldFaults = { ...(checked ? faults : {}), ...refused };
  const locked = visit.deleted;
  const closed = locked || visit.status === 'completed';
  const written = linesFaults(draft.lines, draft.goods, draft.discount, draft.materials);
  const lineFaults = { ...(checked ? written : {}), ...linesRefusal(saving.error) };
  const set = useLatest((part: Partial<VisitDraft>) => {
    setFields((card) => {
      const next = fieldsOf({ ...withFields(card), ...part });
      return next.patient?.id === visit.patient.id ? { ...next, patient: saved.patient } : next;
    });
  });

  // what a colleague changed says by itself why it wasn't saved
  const telling = locked || meanwhile.changes.length === 0 || !edited.moved;
  const buttons = (
    <Group justify="space-between" mt={4}>
      {!locked && (
        <Button
          variant="subtle"
          color="red"
          leftSection={<IconTrash size={16} stroke={1.7} aria-hidden />}
          loading={remove.isPending}
          onClick={() =>
            askFirst({
              title: `Удалить визит № ${visit.number}?`,
              means: 'Визит исчезнет из расписания. Его можно будет вернуть, если время останется свободным.',
              onConfirm: () => remove.mutate(),
            })
          }
        >
          Удалить
        </Button>
      )}
      <Group gap="sm" ml="auto">
        {dirty && (
          <Button variant="default" onClick={forget}>
            Отменить правки
          </Button>
        )}
        <Button type="submit" disabled={!savable} loading={saving.isPending}>
          Сохранить
        </Button>
      </Group>
    </Group>
  );

  return (
    <Form
      ref={form}
      onKeyDown={lines === undefined ? undefined : onKeyDown}
      style={{ containerType: 'inline-size', containerName: 'visit-form' }}
      onSubmit={() => {
        setChecked(true);
        if (locked || Object.keys(faults).length > 0 || Object.keys(written).length > 0) return;
        if (Object.keys(changeOf(visit, draft)).length > 0) edited.save();
        else forget(); // spaces alone
      }}
    >
      <Stack gap="sm">
        {locked && (
          <DeletedNote title="Визит удалён" returning={bringBack.isPending} onReturn={() => bringBack.mutate()}>
            Он хранится в истории; изменить его можно, когда он будет возвращён.
          </DeletedNote>
        )}
        <ProblemAlert error={bringBack.error} title="Вернуть не получилось" />
        {!locked && meanwhile.changes.length > 0 && dirty && !saving.isPending && (
          <Alert color="orange" title="Пока вы правили, визит изменил коллега" role="status">
            <Stack gap={4}>
              {meanwhile.changes.map(({ label, old, new: now }) => (
                <Text key={label} fz="sm">
                  {label}: {old} → <b>{now}</b>
                </Text>
              ))}
              {edited.collides ? (
                <Group gap="xs" mt={4}>
                  <Button
                    size="compact-sm"
                    variant="default"
                    onClick={() => {
                      edited.takeTheirs();
                      meanwhile.forget();
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
        {lines === undefined ? (
          <>
            <ServiceLines
              lines={draft.lines}
              doctor={draft.doctorId}
              disabled={closed}
              total={totalOf(draft)}
              onChange={(chosen) => set({ lines: chosen })}
            />
            <DocumentSummary visit={visit} />
          </>
        ) : (
          lines({
            visit,
            draft,
            disabled: closed,
            faults: lineFaults,
            onChange: changeDraft,
          })
        )}
        <VisitNotes
          room={draft.room}
          comment={draft.comment}
          disabled={locked}
          roomFault={fieldFaults.room}
          commentFault={fieldFaults.comment}
          onChange={set}
        />
        {lines === undefined ? (
          <>
            {telling && <SaveRefusal what="Визит" edited={edited} faults={refused} />}
            {(!locked || dirty) && buttons}
          </>
        ) : (
          (!locked || dirty) && (
            <SaveBar
              what="Визит"
              edited={telling ? edited : { ...edited, moved: false, saving: { error: null } }}
              faults={refused}
            >
              {buttons}
            </SaveBar>
          )
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
      <UnsavedGuard when={dirty} window={window} />
    </Form>
  );
}

interface VisitNotesProps {
  readonly room: string;
  readonly comment: string;
  readonly disabled: boolean;
  readonly roomFault: string | undefined;
  readonly commentFault: string | undefined;
  readonly onChange: (change: { room?: string; comment?: string }) => void;
}

/** Apart from the other fields: a text of growing height is measured whenever it is drawn. */
const VisitNotes = memo(function VisitNotes(props: VisitNotesProps) {
  const { room, comment, disabled, onChange } = props;
  return (
    <Group align="start" gap="sm" wrap="nowrap">
      <TextInput
        label="Кабинет"
        w={130}
        {...limits.VisitChange.room}
        disabled={disabled}
        error={props.roomFault}
        value={room}
        onChange={(event) => onChange({ room: event.currentTarget.value })}
      />
      <Textarea
        label="Комментарий"
        flex={1}
        autosize
        minRows={1}
        maxRows={6}
        {...limits.VisitChange.comment}
        disabled={disabled}
        error={props.commentFault}
        value={comment}
        onChange={(event) => onChange({ comment: event.currentTarget.value })}
      />
    </Group>
  );
});

/** What stands in the document beside the services, where only these are shown. */
function DocumentSummary({ visit }: { visit: VisitCard }) {
  const { goods, discount, amounts } = visit.document;
  const parts = [
    goods.length === 0 ? '' : counted(goods.length, 'товар', 'товара', 'товаров'),
    discount === null && Number(amounts.discount) === 0 ? '' : `скидки ${rubles(amounts.discount)}`,
  ];
  return (
    <Text fz="sm" c="dimmed">
      {filled(parts).map((part) => `${part} · `)}
      <TextLink to="/visits/$id" params={{ id: visit.id }} inherit>
        Товары, скидки, материалы
      </TextLink>
    </Text>
  );
}

/** What colleagues have changed in the visit since something was first typed; nothing while nothing is. */
function useChangesMeanwhile(visit: VisitCard, dirty: boolean) {
  const [base, setBase] = useState<VisitCard | null>(visit);
  const changes = base === null ? [] : differences(base, visit);
  // nothing typed, or only the status moved: there is nothing to show
  if (base?.version !== visit.version && (!dirty || changes.length === 0)) setBase(visit);
  return { changes, forget: () => setBase(null) };
}
