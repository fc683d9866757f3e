/** A money document: head, sums by articles, payments of receipts, and what can be done with it. */
import { Button, Group, Stack } from '@mantine/core';
import { IconTrash } from '@tabler/icons-react';
import { useQuery } from '@tanstack/react-query';
import { useNavigate } from '@tanstack/react-router';
import { type ReactNode, useMemo, useRef, useState } from 'react';
import { DeletedNote } from '@/components/card/DeletedNote';
import { SaveBar } from '@/components/card/SaveBar';
import { theirNote } from '@/components/card/theirNote';
import { useCardEdits } from '@/components/card/useCardEdits';
import { Form } from '@/components/fields/Form';
import { documentKeys, useDocumentActions } from '@/entities/object/useDocumentActions';
import { useFirstFocus } from '@/components/fields/useFirstFocus';
import { ButtonLink } from '@/components/links';
import { reportDone } from '@/components/notices';
import { useStillHere } from '@/components/ownPage';
import { ProblemAlert } from '@/components/ProblemAlert';
import { UnsavedGuard } from '@/components/UnsavedGuard';
import {
  articleChoicesQuery,
  changeMoneyDocument,
  createMoneyDocument,
  deleteMoneyDocument,
  type MoneyDocument,
  type MoneyKind,
  moneyKindsQuery,
  refreshMoney,
  returnMoneyDocument,
} from '@/entities/money/queries';
import { askPast } from '@/entities/payroll/askPast';
import { isProblem } from '@/lib/api/problem';
import { CashNote } from './CashNote';
import { ExtraFields, HeadFields } from './HeadFields';
import { faultsOfRefusal, linesInWords, missing, type MoneyDraft, over, totalOf, written } from './moneyDraft';
import { MoneyLines } from './MoneyLines';
import { ReceiptPayments } from './ReceiptPayments';

interface MoneyFormProps {
  readonly kind: MoneyKind;
  /** null for one that is being made. */
  readonly document: MoneyDocument | null;
  /** As it is stored; of a new one, what it starts with. */
  readonly saved: MoneyDraft;
}

/** Enter leads from field to field, Ctrl+Enter saves. */
export function MoneyForm({ kind, document, saved }: MoneyFormProps): ReactNode {
  const navigate = useNavigate();
  const isStillHere = useStillHere();
  const form = useRef<HTMLFormElement>(null);
  const [checked, setChecked] = useState(false);
  const deleted = document?.deleted === true;
  const called = document === null ? kind.one_title : `${kind.one_title} № ${document.number}`;
  const kinds = useQuery(moneyKindsQuery).data?.items ?? [];
  const articles = useQuery({
    ...articleChoicesQuery(kind.direction ?? 'income'),
    enabled: kind.direction !== null,
  }).data?.items;
  const known = useMemo(
    () =>
      new Map([
        ...(document?.lines ?? []).map(({ article_id: id, article }) => [id, article] as const),
        ...(articles ?? []).map(({ id, name }) => [id, name] as const),
      ]),
    [document, articles],
  );
  const actions = useDocumentActions({
    stored: document,
    called,
    acts: {
      delete: (stored) => deleteMoneyDocument(kind, stored),
      return: (stored, accepted) => returnMoneyDocument(kind, stored, accepted),
    },
    askPast,
    refresh: refreshMoney,
    afterDeletion: 'Остаток кассы станет таким, как без него.',
  });

  const create = async (draft: MoneyDraft) => {
    const { id, number } = await askPast(
      (accepted) => createMoneyDocument(kind, written(kind, draft), accepted),
      'Всё равно сохранить',
      isStillHere,
    );
    void refreshMoney();
    reportDone(`${kind.one_title} № ${number}: сохранено`);
    if (!isStillHere()) return;
    await navigate({ to: '/money/$kind/$id', params: { kind: kind.key, id }, replace: true, ignoreBlocker: true });
  };
  const edited = useCardEdits<MoneyDraft>({
    saved,
    gone: deleted ? 'deleted' : null,
    send: (sending) =>
      document === null
        ? create(over(saved, sending))
        : askPast(
            (accepted) => changeMoneyDocument(kind, document, written(kind, sending), accepted),
            'Всё равно сохранить',
            isStillHere,
          ),
    refresh: document === null ? () => Promise.resolve() : refreshMoney,
    onSaved: () => {
      setChecked(false);
      if (document !== null) reportDone(`${called}: сохранено`);
    },
  });
  const { edits, card: draft, dirty, savable, saving, setFields } = edited;
  const error = saving.error ?? actions.error;
  const lacking = useMemo(() => (checked ? missing(kind, draft) : {}), [checked, kind, draft]);
  const refused = useMemo(() => faultsOfRefusal(kind, draft, error), [kind, draft, error]);
  const faults = { ...lacking, ...refused };
  const set = (part: Partial<MoneyDraft>) => {
    actions.forget();
    setFields(() => part);
  };
  const words = (lines: MoneyDraft['lines']) => linesInWords(lines, known);

  const submit = () => {
    setChecked(true);
    if (Object.keys(missing(kind, draft)).length === 0) edited.save();
  };
  const onKeyDown = documentKeys(form, () => form.current?.requestSubmit());
  useFirstFocus(form, document === null, 'tbody input');

  const busy = saving.isPending || actions.pending !== null;
  const fields = { kind, document, draft, saved, edits, faults, disabled: deleted, onChange: set };
  const supplier = String(draft['head.counterparty_id'] ?? '');
  return (
    <Form ref={form} creating={document === null && saving.isPending} onSubmit={submit} onKeyDown={onKeyDown}>
      <Stack gap="sm">
        {deleted && (
          <DeletedNote title="Документ удалён" returning={actions.pending === 'return'} onReturn={() => actions.run('return')}>
            На остаток кассы он не влияет. Изменить его можно после возврата.
          </DeletedNote>
        )}
        <HeadFields {...fields} />
        {kind.direction !== null && (
          <MoneyLines
            articles={articles}
            known={known}
            lines={draft.lines}
            faults={faults}
            note={theirNote(edits, saved, 'lines', words)}
            disabled={deleted}
            onChange={(lines) => set({ lines })}
          />
        )}
        {kind.pays !== '' && supplier !== '' && (
          <ReceiptPayments
            key={supplier}
            paid={kind.pays}
            supplier={supplier}
            document={document}
            total={totalOf(draft.lines)}
            pays={draft.pays}
            faults={faults}
            disabled={deleted}
            onChange={(pays) => set({ pays })}
          />
        )}
        <ExtraFields {...fields} />
        {(!deleted || dirty || error !== null) && (
          <SaveBar
            what="Документ"
            edited={{ ...edited, saving: { error: saving.error } }}
            faults={faults}
            elsewhere={saving.error === null}
          >
            {saving.error === null && refused === null && (
              <ProblemAlert error={error} title={actions.refusal} />
            )}
            {isProblem(error, 'cash_missing') && <CashNote error={error} kinds={kinds} own={document?.id} />}
            <Group justify="space-between" gap="sm">
              <Group gap="xs">
                {document !== null && !deleted && (
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
              </Group>
              <Group gap="xs">
                {document === null ? (
                  <ButtonLink to="/money/$kind" params={{ kind: kind.key }} variant="default">
                    Отмена
                  </ButtonLink>
                ) : (
                  dirty && (
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
                  )
                )}
                {!deleted && (
                  <Button
                    type="submit"
                    aria-keyshortcuts="Control+Enter"
                    disabled={document !== null && (!savable || busy)}
                    loading={saving.isPending}
                  >
                    Сохранить
                  </Button>
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
