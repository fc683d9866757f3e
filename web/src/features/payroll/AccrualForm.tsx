/** An accrual: whose and for which days, what a person adds, what is calculated, and what can be done with it. */
import { Button, Group, Stack, Text, Textarea } from '@mantine/core';
import { IconTrash, IconWallet } from '@tabler/icons-react';
import { useQuery } from '@tanstack/react-query';
import { useNavigate } from '@tanstack/react-router';
import { type ReactNode, useMemo, useRef, useState } from 'react';
import { NEW } from '@/components/card/CardPage';
import { DeletedNote } from '@/components/card/DeletedNote';
import { SaveBar } from '@/components/card/SaveBar';
import { theirNote } from '@/components/card/theirNote';
import { useCardEdits } from '@/components/card/useCardEdits';
import { DateField } from '@/components/fields/DateField';
import { Form } from '@/components/fields/Form';
import { ButtonLink } from '@/components/links';
import { Loading } from '@/components/Loading';
import { reportDone } from '@/components/notices';
import { useStillHere } from '@/components/ownPage';
import { ProblemAlert } from '@/components/ProblemAlert';
import { UnsavedGuard } from '@/components/UnsavedGuard';
import { ChoiceSelect } from '@/entities/catalogue/ReferenceSelect';
import { isNothing, money } from '@/entities/money/amounts';
import { Fact } from '@/entities/money/Fact';
import { askPast } from '@/entities/payroll/askPast';
import {
  type Accrual,
  changeAccrual,
  createAccrual,
  deleteAccrual,
  employeePayrollQuery,
  payEmployeesQuery,
  postAccrual,
  refreshPay,
  returnAccrual,
  unpostAccrual,
} from '@/entities/payroll/queries';
import { documentKeys, useDocumentActions } from '@/entities/object/useDocumentActions';
import { labels } from '@/lib/api/labels';
import { limits } from '@/lib/api/limits';
import { useRight } from '@/lib/api/me';
import { fromKopecks, kopecks } from '@/lib/text';
import { formatDate, isLocalDate } from '@/lib/time';
import {
  type AccrualDraft,
  changeOf,
  extrasInWords,
  extrasTotal,
  faultsOfRefusal,
  hasPeriod,
  missing,
  newOf,
  plus,
} from './accrualDraft';
import { ExtrasTable } from './ExtrasTable';
import { PayLines } from './PayLines';

const LABELS = labels.PayAccrualChange;

interface AccrualFormProps {
  /** null for one that is being made. */
  readonly accrual: Accrual | null;
  readonly saved: AccrualDraft;
}

/** Enter leads from field to field, Ctrl+Enter posts; a draft with changes is saved first, since its sum has to be seen. */
export function AccrualForm({ accrual, saved }: AccrualFormProps): ReactNode {
  const navigate = useNavigate();
  const isStillHere = useStillHere();
  const form = useRef<HTMLFormElement>(null);
  const posting = useRef(false);
  const wish = useRef<'save' | 'post'>('save');
  const [checked, setChecked] = useState(false);
  const employees = useQuery(payEmployeesQuery).data?.items;
  const mayPay = useRight('money_outgoes');
  const deleted = accrual?.deleted === true;
  const posted = accrual?.posted === true;
  const locked = deleted || posted;
  const called = accrual === null ? 'Начисление ЗП' : `Начисление ЗП № ${accrual.number}`;

  const create = async (draft: AccrualDraft) => {
    const body = posting.current ? { ...newOf(draft), post: true, seen: total } : newOf(draft);
    const { id, number } = await createAccrual(body);
    void refreshPay();
    reportDone(`Начисление ЗП № ${number}: ${posting.current ? 'проведено' : 'сохранён черновик'}`);
    if (!isStillHere()) return;
    await navigate({ to: '/pay-accruals/$id', params: { id }, search: {}, replace: true, ignoreBlocker: true });
  };
  const edited = useCardEdits<AccrualDraft>({
    saved,
    gone: deleted ? 'deleted' : null,
    send: (sending) =>
      accrual === null ? create({ ...saved, ...sending }) : changeAccrual(accrual, changeOf(sending)),
    refresh: accrual === null ? () => Promise.resolve() : refreshPay,
    onSaved: () => {
      setChecked(false);
      if (accrual !== null) reportDone(`${called}: сохранено`);
    },
  });
  const { edits, card: draft, dirty, savable, saving, setFields } = edited;
  const preview = useQuery({
    ...employeePayrollQuery(draft.employee_id, { from: draft.first, to: draft.last }),
    enabled: accrual === null && draft.employee_id !== '' && hasPeriod(draft),
  });
  const lines = accrual === null ? preview.data?.lines : accrual.lines;
  const calculated = fromKopecks((lines ?? []).reduce((sum, line) => sum + kopecks(line.sum), 0));
  const total = plus(calculated, extrasTotal(draft.extras));

  const actions = useDocumentActions({
    stored: accrual,
    called,
    acts: {
      post: (stored) => postAccrual(stored, total),
      unpost: unpostAccrual,
      delete: deleteAccrual,
      return: (stored) => returnAccrual(stored),
    },
    askPast,
    refresh: refreshPay,
    afterDeletion: posted ? 'Сотруднику по нему ничего не будут должны.' : '',
  });
  const error = saving.error ?? actions.error;
  const lacking = useMemo(() => (checked ? missing(draft) : {}), [checked, draft]);
  const refused = useMemo(() => faultsOfRefusal(draft, error), [draft, error]);
  const faults = { ...lacking, ...refused };
  const set = (part: Partial<AccrualDraft>) => {
    actions.forget();
    setFields(() => part);
  };
  const save = (andPost: boolean) => {
    posting.current = andPost;
    setChecked(true);
    if (Object.keys(missing(draft)).length === 0) edited.save();
  };
  const below = (field: 'date' | 'first' | 'last' | 'comment') =>
    theirNote(edits, saved, field, (value) => (isLocalDate(value) ? formatDate(value) : value));
  const busy = saving.isPending || actions.pending !== null;
  const postable = !locked && !busy && lines !== undefined;
  const submit = () => {
    const posts = wish.current === 'post';
    wish.current = 'save';
    if (!posts || (accrual !== null && dirty)) save(false);
    else if (postable && accrual === null) save(true);
    else if (postable) actions.run('post');
  };
  const onKeyDown = documentKeys(form, () => {
    wish.current = 'post';
    form.current?.requestSubmit();
  });
  const rest = accrual === null ? '0' : fromKopecks(kopecks(accrual.total) - kopecks(accrual.paid));
  return (
    <Form ref={form} creating={accrual === null && saving.isPending} onSubmit={submit} onKeyDown={onKeyDown}>
      <Stack gap="sm">
        {deleted && (
          <DeletedNote title="Начисление удалено" returning={actions.pending === 'return'} onReturn={() => actions.run('return')}>
            Сотруднику по нему ничего не должны. Если после удаления были другие начисления, вернётся черновиком.
          </DeletedNote>
        )}
        <Group gap="sm" align="start">
          <DateField
            w={150}
            label={LABELS.date}
            required
            leaning="past"
            disabled={locked}
            description={below('date')}
            error={faults.date}
            value={draft.date}
            onChange={(date) => set({ date })}
          />
          <ChoiceSelect
            w={320}
            label={LABELS.employee_id}
            required
            openOnFocus={false}
            disabled={locked}
            error={faults.employee_id}
            choices={employees}
            known={accrual?.employee ?? null}
            value={draft.employee_id}
            onChange={(employee_id) => set({ employee_id })}
          />
          <DateField
            w={150}
            label={LABELS.first}
            required
            leaning="past"
            disabled={locked}
            description={below('first')}
            error={faults.first}
            value={draft.first}
            onChange={(first) => set({ first })}
          />
          <DateField
            w={150}
            label={LABELS.last}
            required
            leaning="past"
            disabled={locked}
            description={below('last')}
            error={faults.last}
            value={draft.last}
            onChange={(last) => set({ last })}
          />
        </Group>
        <Group gap="sm">
          <Fact title={posted ? 'Начислено' : 'К начислению'} amount={total} />
          {draft.extras.length > 0 && <Fact title="Рассчитано" amount={calculated} />}
          {accrual !== null && posted && !deleted && <Fact title="Выплачено" amount={accrual.paid} />}
          {accrual !== null && posted && !deleted && <Fact title="Осталось выплатить" amount={rest} />}
        </Group>
        {(!locked || draft.extras.length > 0) && (
          <ExtrasTable
            extras={draft.extras}
            faults={faults}
            note={theirNote(edits, saved, 'extras', extrasInWords)}
            disabled={locked}
            onChange={(extras) => set({ extras })}
          />
        )}
        <Textarea
          label={LABELS.comment}
          autosize
          minRows={1}
          maxRows={6}
          maw={860}
          {...limits.PayAccrualChange.comment}
          disabled={locked}
          description={below('comment')}
          error={faults.comment}
          value={draft.comment}
          onChange={(event) => set({ comment: event.currentTarget.value })}
        />
        {!deleted && (
          <Lines
            lines={lines}
            error={preview.error}
            waiting={preview.isLoading}
            dirty={dirty && !posted}
            isNew={accrual === null}
          />
        )}
        {(!deleted || dirty || error !== null) && (
          <SaveBar
            what="Начисление"
            edited={{ ...edited, saving: { error: saving.error } }}
            faults={faults}
            elsewhere={saving.error === null}
          >
            {saving.error === null && refused === null && (
              <ProblemAlert error={error} title={actions.refusal} />
            )}
            <Group justify="space-between" gap="sm">
              <Group gap="xs">
                {accrual !== null && !deleted && (
                  <Button
                    variant="subtle"
                    color="red"
                    leftSection={<IconTrash size={16} stroke={1.7} aria-hidden />}
                    loading={actions.pending === 'delete'}
                    disabled={busy}
                    onClick={() => actions.run('delete')}
                  >
                    Удалить
                  </Button>
                )}
                {posted && !deleted && (
                  <Button
                    variant="subtle"
                    color="gray"
                    loading={actions.pending === 'unpost'}
                    disabled={busy}
                    onClick={() => actions.run('unpost')}
                  >
                    Отменить проведение
                  </Button>
                )}
              </Group>
              <Group gap="xs">
                {accrual !== null && dirty && (
                  <Button
                    variant="default"
                    onClick={() => {
                      edited.forget();
                      actions.forget();
                      setChecked(false);
                    }}
                  >
                    Отменить правки
                  </Button>
                )}
                {accrual === null && (
                  <ButtonLink to="/pay-accruals" variant="default">
                    Отмена
                  </ButtonLink>
                )}
                {!locked && (
                  <Button
                    type="submit"
                    variant="default"
                    disabled={accrual !== null && (!savable || busy)}
                    loading={saving.isPending && !posting.current}
                  >
                    {accrual === null ? 'Сохранить черновик' : 'Сохранить'}
                  </Button>
                )}
                {!locked && (
                  <Button
                    aria-keyshortcuts="Control+Enter"
                    disabled={!postable || (accrual !== null && dirty)}
                    title={accrual !== null && dirty ? 'Сначала сохраните правки' : undefined}
                    loading={actions.pending === 'post'}
                    onClick={() => (accrual === null ? save(true) : actions.run('post'))}
                  >
                    Провести {lines !== undefined && !isNothing(total) && money(total)}
                  </Button>
                )}
                {posted && !deleted && mayPay && kopecks(rest) > 0 && (
                  <ButtonLink
                    to="/money/$kind/$id"
                    params={{ kind: 'money_outgo', id: NEW }}
                    search={{ accrual: accrual.id }}
                    leftSection={<IconWallet size={17} stroke={1.7} aria-hidden />}
                  >
                    Выплатить {money(rest)}
                  </ButtonLink>
                )}
              </Group>
            </Group>
          </SaveBar>
        )}
      </Stack>
      <UnsavedGuard when={dirty} />
    </Form>
  );
}

interface LinesProps {
  readonly lines: Accrual['lines'] | undefined;
  readonly error: unknown;
  readonly waiting: boolean;
  readonly dirty: boolean;
  readonly isNew: boolean;
}

/** What is calculated; of a draft by what is saved. */
function Lines({ lines, error, waiting, dirty, isNew }: LinesProps): ReactNode {
  if (error !== null) return <ProblemAlert error={error} title="Расчёт не открылся" />;
  if (waiting) return <Loading height={160} what="Расчёт загружается" />;
  if (lines === undefined) {
    return (
      <Text c="dimmed" fz="sm">
        Выберите сотрудника и период: здесь появится расчёт.
      </Text>
    );
  }
  return (
    <>
      {dirty && !isNew && (
        <Text c="dimmed" fz="sm">
          Расчёт обновится, когда вы сохраните правки.
        </Text>
      )}
      <PayLines lines={lines} />
    </>
  );
}
