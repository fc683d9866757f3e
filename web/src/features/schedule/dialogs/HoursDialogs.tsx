/** The dialogs of the working-hours page, opened by `editing.dialog`. */
import type { ReactNode } from 'react';
import { useToday } from '@/components/fields/useToday';
import { counted } from '@/lib/text';
import { formatDay } from '@/lib/time';
import { CellDialog, type CellQuestion } from './CellDialog';
import { proposedHours, weekOf, type Saved } from '../model/cells';
import { ConflictsDialog } from './ConflictsDialog';
import type { DateKey } from '../model/dates';
import { EditsDialog } from './EditsDialog';
import { formatCell } from '../model/gridRows';
import { MovedDialog } from './MovedDialog';
import { OrganisationDialog } from './OrganisationDialog';
import { RangesDialog } from './RangesDialog';
import type { Conflict } from '@/entities/visit/conflicts';
import type { HoursEditing } from '../model/useHoursEditing';
import { ConflictingVisits } from '@/entities/visit/ConflictingVisits';
import { WeekDialog } from './WeekDialog';

interface HoursDialogsProps {
  readonly editing: HoursEditing;
  readonly saved: Saved;
  readonly dates: readonly DateKey[];
  readonly formatMoment: (moment: string) => string;
  readonly onGo: (conflict: Conflict) => void;
}

export function HoursDialogs({ editing, saved, dates, formatMoment, onGo }: HoursDialogsProps): ReactNode {
  const { dialog, pending, chosen } = editing;
  const today = useToday();
  const organisation = pending.edits.organisation ?? saved.organisation;
  const nameOf = (id: string) => saved.employees.find((row) => row.id === id)?.name ?? 'удалённый сотрудник';
  const open = dialog.now;
  switch (open?.type) {
    case 'cells': {
      const question = questionOf(editing, saved, nameOf, open.hoursFirst, today);
      if (!question) return null;
      const only = chosen.length === 1 ? chosen[0]?.at : undefined;
      const frame = editing.currentConflicts.find(
        (each) => each.employeeId === only?.employeeId && each.date === only.date,
      );
      return (
        <CellDialog
          question={question}
          visits={frame && <ConflictingVisits visits={frame.visits} label="Визиты, которые мешают сохранить" />}
          onClose={dialog.close}
          onWeek={only ? () => dialog.open({ type: 'week', employeeId: only.employeeId }) : null}
          onAnswer={(edit) => {
            editing.setDays(chosen.map(({ at }) => [at, edit]));
            dialog.close();
          }}
        />
      );
    }
    case 'week': {
      const row = saved.employees.find(({ id }) => id === open.employeeId);
      if (!row) return null;
      const { week, own } = weekOf(row, saved, pending.edits);
      return (
        <WeekDialog
          name={row.name}
          week={own ? week : null}
          organisation={organisation}
          onClose={dialog.close}
          onAnswer={(answer) => {
            editing.setWeek(row.id, answer);
            dialog.close();
          }}
        />
      );
    }
    case 'organisation':
      return (
        <OrganisationDialog
          week={organisation}
          followers={saved.employees.filter((row) => !weekOf(row, saved, pending.edits).own).length}
          onClose={dialog.close}
          onAnswer={(week) => {
            editing.setOrganisation(week);
            dialog.close();
          }}
        />
      );
    case 'ranges': {
      const days = chosen.map(({ at }) => at.date).sort();
      const many = chosen.length > 1;
      return (
        <RangesDialog
          employees={saved.employees}
          chosen={many ? [...new Set(chosen.map(({ at }) => at.employeeId))] : []}
          from={(many ? days[0] : dates[0]) ?? ''}
          to={(many ? days.at(-1) : dates.at(-1)) ?? ''}
          hours={organisation.find((hours) => hours.length > 0) ?? [['09:00', '21:00']]}
          onClose={dialog.close}
          onAnswer={(cells) => {
            editing.setRange(cells);
            dialog.close();
          }}
        />
      );
    }
    case 'edits':
      return (
        <EditsDialog
          edits={pending.edits}
          nameOf={nameOf}
          onDropOrganisation={editing.dropOrganisation}
          onDropWeek={editing.dropWeek}
          onDropDays={editing.dropDays}
          onDropAll={() => {
            editing.forget();
            dialog.close();
          }}
          onClose={dialog.close}
        />
      );
    case 'conflicts':
      return (
        <ConflictsDialog
          title="Визиты, которые мешают сохранить график"
          done="Больше ничего не мешает. Закройте окно и нажмите «Сохранить»."
          conflicts={editing.currentConflicts.map((conflict) => ({
            ...conflict,
            employee: conflict.employee || nameOf(conflict.employeeId),
          }))}
          onClose={dialog.close}
          onGo={(conflict) => {
            onGo(conflict);
            dialog.close();
          }}
        />
      );
    case 'moved':
      return (
        <MovedDialog
          moved={open.moved}
          edits={pending.edits}
          formatMoment={formatMoment}
          onClose={dialog.close}
          onApply={() => {
            editing.applyOnTop(open.moved);
            dialog.close();
          }}
        />
      );
    case undefined:
      return null;
  }
}

function questionOf(
  editing: HoursEditing,
  saved: Saved,
  nameOf: (id: string) => string,
  hoursFirst: boolean,
  today: DateKey,
): CellQuestion | null {
  const { chosen, pending } = editing;
  const first = chosen[0];
  const row = saved.employees.find(({ id }) => id === first?.at.employeeId);
  if (!first || !row) return null;
  const { cell } = first;
  const alone = chosen.length === 1;
  const week = weekOf(row, saved, pending.edits).week;
  const origin = cell.own ? 'настроено для этого дня' : 'по недельному графику';
  return {
    title: alone
      ? `${nameOf(row.id)}, ${formatDay(cell.date, today)}`
      : `Настроить ${counted(chosen.length, 'ячейку', 'ячейки', 'ячеек')}`,
    present: alone ? `Сейчас: ${formatCell(cell)}, ${origin}.` : 'Выбранное запишется во все отмеченные ячейки.',
    choice: alone ? cell.kind : 'work',
    hours: proposedHours(cell, week, pending.edits.organisation ?? saved.organisation),
    hoursFirst,
  };
}
