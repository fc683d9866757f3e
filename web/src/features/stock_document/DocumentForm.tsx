/** A stock document: head, lines, and what can be done with it. */
import { Button, Group, Stack } from '@mantine/core';
import { IconTrash } from '@tabler/icons-react';
import { useQuery } from '@tanstack/react-query';
import { useNavigate } from '@tanstack/react-router';
import { type ReactNode, useMemo, useRef, useState } from 'react';
import { askFirst } from '@/components/askFirst';
import { DeletedNote } from '@/components/card/DeletedNote';
import { SaveBar } from '@/components/card/SaveBar';
import { theirNote } from '@/components/card/theirNote';
import { useCardEdits } from '@/components/card/useCardEdits';
import { Form } from '@/components/fields/Form';
import { ButtonLink } from '@/components/links';
import { reportDone } from '@/components/notices';
import { useStillHere } from '@/components/ownPage';
import { ProblemAlert } from '@/components/ProblemAlert';
import { UnsavedGuard } from '@/components/UnsavedGuard';
import { askPast } from '@/entities/stock/askPast';
import {
  changeDocument,
  createDocument,
  deleteDocument,
  postDocument,
  refreshStock,
  returnDocument,
  type StockDocument,
  type StockKind,
  stockKindsQuery,
  unpostDocument,
} from '@/entities/stock/queries';
import { useRight } from '@/lib/api/me';
import { isProblem } from '@/lib/api/problem';
import {
  type DocumentDraft,
  type DraftLine,
  faultsOfRefusal,
  linesInWords,
  missing,
  over,
  written,
} from './documentDraft';
import { ExtraFields, HeadFields } from './HeadFields';
import { documentKeys, type DocumentAction, useDocumentActions } from '@/entities/object/useDocumentActions';
import { usePaidSale } from '@/entities/sale/usePaidSale';
import { StockPlaceContext } from '@/entities/stock/stockPlace';
import { LineFiles } from './LineFiles';
import { useLatest } from '@/components/useLatest';
import { LinesTable } from './LinesTable';
import { ShortageNotes } from './ShortageNotes';
import { originOf } from './returnDraft';
import { placeOf } from './placeOf';
import { useBook } from './useBook';
import { useFirstFocus } from '@/components/fields/useFirstFocus';

interface DocumentFormProps {
  readonly kind: StockKind;
  /** null for one that is being made. */
  readonly document: StockDocument | null;
  /** As it is stored; of a new one, what it starts with. */
  readonly saved: DocumentDraft;
  /** Of a new one, what is filled in for the person. */
  readonly start?: Partial<DocumentDraft>;
}

type Wish = 'save' | 'post';

const WHEN_PAID: Readonly<Record<DocumentAction, string>> = {
  post: 'Оставить авансом и провести',
  unpost: 'Оставить авансом и снять',
  delete: 'Оставить авансом и удалить',
  return: 'Оставить авансом и вернуть',
};

/**
 * Enter leads from field to field, Ctrl+Enter does what the first button says. A new document is saved and posted in one change; a draft
 * is saved first and then posted, so that a refusal to post leaves it saved.
 */
export function DocumentForm({ kind, document, saved, start = {} }: DocumentFormProps): ReactNode {
  const navigate = useNavigate();
  const isStillHere = useStillHere();
  const form = useRef<HTMLFormElement>(null);
  const wish = useRef<Wish>('save');
  const [checked, setChecked] = useState<Wish | null>(null);
  const deleted = document?.deleted === true;
  const posted = document?.posted === true;
  const called = document === null ? kind.one_title : `${kind.one_title} № ${document.number}`;
  const kinds = useQuery(stockKindsQuery).data?.items ?? [];
  const askWhenPaid = usePaidSale();
  const actions = useDocumentActions({
    stored: document,
    called,
    acts: {
      post: (stored, accepted) => postDocument(kind, stored, accepted),
      unpost: (stored, accepted) => unpostDocument(kind, stored, accepted),
      delete: (stored, accepted) => deleteDocument(kind, stored, accepted),
      return: (stored, accepted) => returnDocument(kind, stored, accepted),
    },
    askPast,
    refresh: refreshStock,
    afterDeletion: posted ? 'Остатки станут такими, как без него.' : '',
    askWhenRefused: (error, stored, action, again) => askWhenPaid(error, stored.id, WHEN_PAID[action], again),
  });

  const create = async (draft: DocumentDraft) => {
    const posting = wish.current === 'post';
    const { id, number } = await askPast(
      (accepted) => createDocument(kind, written(kind, draft), posting, accepted),
      'Всё равно провести',
      isStillHere,
    );
    void refreshStock();
    reportDone(`${kind.one_title} № ${number}: ${posting ? 'сохранено и проведено' : 'сохранено черновиком'}`);
    if (!isStillHere()) return;
    const params = { kind: kind.key, id };
    await navigate({ to: '/stock/$kind/$id', params, replace: true, ignoreBlocker: true });
  };

  const edited = useCardEdits<DocumentDraft>({
    saved,
    start,
    gone: deleted ? 'deleted' : null,
    send: (sending) =>
      document === null
        ? create(over(saved, sending))
        : askPast(
            (accepted) => changeDocument(kind, document, written(kind, sending), accepted),
            'Всё равно сохранить',
            isStillHere,
          ),
    refresh: document === null ? () => Promise.resolve() : refreshStock,
    onSaved: (_, more) => {
      setChecked(null);
      if (document === null) return;
      if (wish.current === 'post' && !more) actions.run('post');
      else reportDone(`${called}: сохранено`);
    },
  });
  const { edits, card: draft, dirty, savable, saving, setField, setFields } = edited;
  const error = saving.error ?? actions.error;
  const { warehouse, moment } = placeOf(draft);
  const place = useMemo(() => ({ warehouse, moment }), [warehouse, moment]);
  const book = useBook(kind, document, place);
  const costs = useCosts(kind, document, draft.lines === saved.lines);
  const lacking = useMemo(
    () => (checked === null ? {} : missing(kind, draft, checked === 'post' || posted)),
    [checked, kind, draft, posted],
  );
  const refused = useMemo(() => faultsOfRefusal(kind, draft, error), [kind, draft, error]);
  const faults = useMemo(() => ({ ...lacking, ...refused }), [lacking, refused]);
  const set = <F extends keyof DocumentDraft>(field: F, value: DocumentDraft[F]) => {
    actions.forget();
    setField(field, value);
  };
  const setLines = useLatest((change: (lines: readonly DraftLine[]) => readonly DraftLine[]) => {
    actions.forget();
    setFields((now) => ({ lines: change(now.lines) }));
  });

  // lines are saved all together: without a question a colleague's would be lost
  const linesCollide = theirNote(edits, saved, 'lines', linesInWords) !== undefined;

  const submit = () => {
    const posting = wish.current === 'post' && !posted;
    setChecked(posting ? 'post' : 'save');
    if (Object.keys(missing(kind, draft, posting || posted)).length > 0) return;
    if (!dirty) {
      if (posting) actions.run('post');
    } else if (linesCollide) {
      askFirst({
        title: 'Коллега изменил строки',
        means:
          'Пока документ был открыт, строки сохранил и коллега. Ваши строки заменят его строки; все изменения останутся в истории.',
        confirm: 'Сохранить мои строки',
        cancel: 'Посмотреть ещё раз',
        onConfirm: edited.save,
      });
    } else edited.save();
  };
  const wishing = (next: Wish) => () => {
    wish.current = next;
  };
  const onKeyDown = documentKeys(form, () => {
    wish.current = posted ? 'save' : 'post';
    form.current?.requestSubmit();
  });

  const first = start.lines === undefined ? 'goods_id' : 'quantity';
  useFirstFocus(form, document === null, `[data-column="${first}"] input`);

  const busy = saving.isPending || actions.pending !== null;
  const fields = { kind, document, draft, saved, edits, faults, disabled: deleted, onChange: set };
  return (
    <Form ref={form} creating={document === null && saving.isPending} onSubmit={submit} onKeyDown={onKeyDown}>
      <Stack gap="sm">
        {deleted && (
          <DeletedNote title="Документ удалён" returning={actions.pending === 'return'} onReturn={() => actions.run('return')}>
            {posted
              ? 'На остатки он не влияет. После возврата снова будет проведён.'
              : 'Изменить его можно после возврата.'}
          </DeletedNote>
        )}
        <HeadFields {...fields} />
        <StockPlaceContext value={place}>
          <LinesTable
            kind={kind}
            lines={draft.lines}
            faults={faults}
            note={theirNote(edits, saved, 'lines', linesInWords)}
            disabled={deleted}
            costs={costs}
            book={book}
            onChange={setLines}
          />
          {!deleted && !posted && originOf(kind) === undefined && (
            <LineFiles kind={kind} own={document?.id} onChange={setLines} />
          )}
        </StockPlaceContext>
        <ExtraFields {...fields} />
        {(!deleted || dirty || error !== null) && (
          <SaveBar
            what="Документ"
            edited={{ ...edited, saving: { error: saving.error } }}
            faults={{ ...lacking, ...refused }}
            elsewhere={saving.error === null}
          >
            {saving.error === null && refused === null && (
              <ProblemAlert error={actions.error} title={actions.refusal} />
            )}
            {isProblem(error, 'goods_missing') && (
              <ShortageNotes error={error} kinds={kinds} lines={[...draft.lines, ...saved.lines]} own={document?.id} />
            )}
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
                {document === null ? (
                  <ButtonLink to="/stock/$kind" params={{ kind: kind.key }} variant="default">
                    Отмена
                  </ButtonLink>
                ) : (
                  dirty && (
                    <Button
                      variant="default"
                      onClick={() => {
                        edited.forget();
                        actions.forget();
                        setChecked(null);
                      }}
                    >
                      Отменить правки
                    </Button>
                  )
                )}
                {!deleted && (
                  <>
                    <Button
                      type="submit"
                      variant={posted ? 'filled' : 'default'}
                      disabled={!savable || busy}
                      loading={saving.isPending && wish.current === 'save'}
                      onClick={wishing('save')}
                    >
                      Сохранить
                    </Button>
                    {!posted && (
                      <Button
                        type="submit"
                        aria-keyshortcuts="Control+Enter"
                        disabled={busy && wish.current === 'save'}
                        loading={(saving.isPending && wish.current === 'post') || actions.pending === 'post'}
                        onClick={wishing('post')}
                      >
                        {document === null || dirty ? 'Сохранить и провести' : 'Провести'}
                      </Button>
                    )}
                  </>
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

/** Of a document in effect what its lines cost, where one may see it; a receipt costs what its sums say. */
function useCosts(kind: StockKind, document: StockDocument | null, asStored: boolean) {
  const maySee = useRight('stock_balances');
  const shown = maySee && !kind.batches && document?.posted === true && !document.deleted;
  return useMemo(
    () => (shown ? (asStored ? document.lines.map(({ cost }) => cost) : []) : undefined),
    [shown, asStored, document],
  );
}

/** What is typed in a field is taken when it is left. */
