import { Button, Group, Modal, Paper, Stack, Text, Textarea, TextInput } from '@mantine/core';
import { useMutation } from '@tanstack/react-query';
import { useEffect, useState } from 'react';
import {
  EMPTY_PATIENT,
  draftFromSearch,
  faultsOfRefusal as patientFaultsOfRefusal,
  faultsOf as patientFaultsOf,
  isTyped,
  type PatientDraft,
  toNewPatient,
} from '@/entities/patient/newPatient';
import { Form } from '@/components/fields/Form';
import { useToday } from '@/components/fields/useToday';
import { NewPatientFields } from '@/entities/patient/NewPatientFields';
import { PatientBrief } from '@/entities/patient/PatientBrief';
import { PatientPicker } from '@/entities/patient/PatientPicker';
import { reportDone, reportProblem } from '@/components/notices';
import { LeaveQuestion, useClosing } from '@/components/LeaveQuestion';
import { FieldRefusal } from '@/components/FieldRefusal';
import { useStillHere } from '@/components/ownPage';
import { ProblemAlert } from '@/components/ProblemAlert';
import { useReturnFocus } from '@/components/useReturnFocus';
import { askPast } from '@/entities/visit/askPast';
import { ServiceLines } from '@/entities/visit/ServiceLines';
import {
  durationOf,
  faultsOf,
  faultsOfRefusal,
  startOf,
  toNewVisit,
  type VisitDraft,
} from '@/entities/visit/visitDraft';
import { VisitTimeFields } from '@/entities/visit/VisitTimeFields';
import { limits } from '@/lib/api/limits';
import { useMe } from '@/lib/api/me';
import { bookVisit, refreshVisits } from '@/entities/visit/queries';
import { formatDay, formatTime } from '@/lib/time';
import { type Booking, forgetBooking, keepBooking } from './booking';

interface BookingWindowProps {
  booking: Booking;
  doctorRequired: boolean;
  /** The patient whom the page came with: nobody had to look for them here. */
  offered: string | null;
  onClose: () => void;
  onBooked: (id: string) => void;
}

/** «Новая запись»: stays open with all that was typed until the server has accepted the visit. */
export function BookingWindow({ booking, doctorRequired, offered, onClose, onBooked }: BookingWindowProps) {
  useReturnFocus();
  const { user_id } = useMe();
  const today = useToday();
  const isStillHere = useStillHere();
  const [draft, storeDraft] = useState<VisitDraft>(booking.draft);
  const [created, storeCreated] = useState<PatientDraft | null>(booking.newPatient);
  const [ownDuration, setOwnDuration] = useState(booking.ownDuration);
  const [proposed, setProposed] = useState(0);
  const [checked, setChecked] = useState(false);

  useEffect(() => {
    keepBooking(user_id, { draft, newPatient: created, ownDuration });
  }, [user_id, draft, created, ownDuration]);

  const filled =
    (draft.patient !== null && draft.patient.id !== offered) ||
    (created !== null && isTyped(created)) ||
    draft.lines.length > 0 ||
    [draft.room, draft.comment].some((text) => text.trim() !== '');
  const { close, blocker } = useClosing(filled, () => {
    keepBooking(user_id, null);
    onClose();
  });

  const book = useMutation({
    mutationFn: ({ draft, newPatient }: Booking) => {
      const visit = toNewVisit(draft, newPatient === null ? null : toNewPatient(newPatient));
      return askPast((accepted) => bookVisit(visit, accepted), 'Всё равно записать', isStillHere);
    },
    onSuccess: async ({ id, number }, sent) => {
      if (isStillHere()) keepBooking(user_id, null);
      else forgetBooking(user_id, sent);
      await refreshVisits();
      reportDone(`Визит № ${number} записан: ${formatDay(sent.draft.date, today)}, ${sent.draft.start}`);
      if (isStillHere()) onBooked(id);
    },
    onError: (error) => {
      if (!isStillHere()) reportProblem(error, 'Визит не записан');
    },
  });

  // what was refused isn't what stands in the window any more
  const forgetRefusal = () => {
    if (book.isError) book.reset();
  };
  const setDraft = (next: VisitDraft) => {
    forgetRefusal();
    storeDraft(next);
  };
  const setCreated = (next: PatientDraft | null) => {
    forgetRefusal();
    storeCreated(next);
  };

  const faults = faultsOf(draft, doctorRequired, created !== null);
  const patientFaults = created === null ? {} : patientFaultsOf(created);
  const patientRefused = created === null ? null : patientFaultsOfRefusal(book.error);
  const visitRefused = patientRefused === null ? faultsOfRefusal(book.error) : null;
  const refused = patientRefused ?? visitRefused;
  const shown = { ...(checked ? faults : {}), ...visitRefused };
  const submit = () => {
    setChecked(true);
    if (Object.keys(faults).length === 0 && Object.keys(patientFaults).length === 0)
      book.mutate({ draft, newPatient: created, ownDuration });
  };

  const start = startOf(draft);
  return (
    <Modal
      opened
      onClose={close}
      size={720}
      closeOnClickOutside={false}
      title={
        <Text span fw={600} fz="lg">
          Новая запись
          {start !== null && (
            <Text span c="dimmed" fw={400} fz="md">
              {` · ${formatDay(draft.date, today)}, ${formatTime(start)}`}
            </Text>
          )}
        </Text>
      }
    >
      <Form
        style={{ containerType: 'inline-size', containerName: 'visit-form' }}
        creating={book.isPending}
        onSubmit={submit}
      >
        <Stack gap="sm">
          {created === null ? (
            <PatientPicker
              autoFocus
              value={draft.patient}
              error={shown.patient}
              onChange={(patient) => setDraft({ ...draft, patient })}
              onCreate={(typed) => setCreated(typed.trim() === '' ? EMPTY_PATIENT : draftFromSearch(typed, today))}
            />
          ) : (
            <Paper withBorder radius="md" p="sm" component="fieldset" m={0}>
              <Group justify="space-between" mb={6}>
                <Text component="legend" fw={600}>
                  Новый пациент
                </Text>
                <Button variant="subtle" size="compact-sm" onClick={() => setCreated(null)}>
                  Найти в базе
                </Button>
              </Group>
              <NewPatientFields
                draft={created}
                faults={{ ...(checked ? patientFaults : {}), ...patientRefused }}
                onChange={setCreated}
                onChoose={(patient) => {
                  setDraft({ ...draft, patient });
                  setCreated(null);
                }}
              />
            </Paper>
          )}
          {draft.patient !== null && <PatientBrief id={draft.patient.id} />}
          <ServiceLines
            lines={draft.lines}
            doctor={draft.doctorId}
            onChange={(lines, services) => {
              const sum = durationOf(lines, services);
              setProposed(sum);
              setDraft({ ...draft, lines, duration: !ownDuration && sum > 0 ? sum : draft.duration });
            }}
          />
          <VisitTimeFields
            draft={draft}
            faults={shown}
            proposed={proposed}
            onChange={(change) => {
              if (change.duration !== undefined) setOwnDuration(change.duration !== proposed);
              setDraft({ ...draft, ...change });
            }}
          />
          <Group grow align="start" preventGrowOverflow={false} gap="sm">
            <TextInput
              label="Кабинет"
              w={130}
              flex="0 0 130px"
              {...limits.NewVisit.room}
              error={shown.room}
              value={draft.room}
              onChange={(event) => setDraft({ ...draft, room: event.currentTarget.value })}
            />
            <Textarea
              label="Комментарий"
              autosize
              minRows={1}
              maxRows={4}
              {...limits.NewVisit.comment}
              error={shown.comment}
              value={draft.comment}
              onChange={(event) => setDraft({ ...draft, comment: event.currentTarget.value })}
            />
          </Group>
          {refused === null ? (
            <ProblemAlert error={book.error} title="Записать не получилось" />
          ) : (
            <FieldRefusal faults={refused} />
          )}
          <Group justify="end" gap="sm" mt={4}>
            <Button variant="default" onClick={close}>
              Отмена
            </Button>
            <Button type="submit" loading={book.isPending}>
              Записать
            </Button>
          </Group>
        </Stack>
      </Form>
      <LeaveQuestion blocker={blocker} />
    </Modal>
  );
}
