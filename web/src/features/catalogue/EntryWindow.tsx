/** The card window of a catalogue's entry: creates, changes, deletes and returns it. */
import { Modal } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { getRouteApi } from '@tanstack/react-router';
import type { ReactNode } from 'react';
import { CardWindow } from '@/components/card/CardWindow';
import { useCardWindow } from '@/components/card/useCardWindow';
import { Loading } from '@/components/Loading';
import { OthersSaved } from '@/components/OthersSaved';
import { ProblemAlert } from '@/components/ProblemAlert';
import { UnsavedGuard } from '@/components/UnsavedGuard';
import { useReturnFocus } from '@/components/useReturnFocus';
import {
  changeEntry,
  createEntry,
  deleteEntry,
  entryQuery,
  returnEntry,
  type Catalogue,
  type Entry,
} from '@/entities/catalogue/queries';
import type { ObjectType } from '@/lib/api/objectTypes';
import { type Card, theirValue } from '@/lib/cardEdits';
import { EntryField } from './EntryField';
import { cardOf, emptyCard, missing, faultsOfRefusal, formatValue } from './entryForm';
import { useCatalogue } from './useCatalogue';
import { useRefresh } from './useRefresh';
import classes from './EntryWindow.module.css';

const route = getRouteApi('/shell/catalogues/$key/$id');

/** In the address, where others have their id. */
export const NEW = 'new';

export function EntryPage(): ReactNode {
  useReturnFocus();
  const { id } = route.useParams();
  const catalogue = useCatalogue();
  const navigate = route.useNavigate();
  const close = (saved: boolean) =>
    void navigate({ to: '/catalogues/$key', params: { key: catalogue.key }, search: true, ignoreBlocker: saved });
  const shared = { catalogue, onClose: () => close(false), onDone: () => close(true) };
  return id === NEW ? (
    <EntryWindow key={catalogue.key} {...shared} entry={null} />
  ) : (
    <LoadedWindow key={id} {...shared} id={id} />
  );
}

interface WindowProps {
  catalogue: Catalogue;
  /** Asks first where something was typed. */
  onClose: () => void;
  onDone: () => void;
}

function LoadedWindow({ id, ...props }: WindowProps & { id: string }): ReactNode {
  const entry = useQuery(entryQuery(props.catalogue, id));
  if (entry.data !== undefined) return <EntryWindow {...props} entry={entry.data} />;
  return (
    <Modal opened onClose={props.onClose} title={props.catalogue.entry_title} size={640}>
      {entry.isError ? <ProblemAlert error={entry.error} /> : <Loading height={200} what="Карточка загружается" />}
    </Modal>
  );
}

function EntryWindow({ catalogue, entry, onClose, onDone }: WindowProps & { entry: Entry | null }): ReactNode {
  const refresh = useRefresh(catalogue);
  const saved = entry === null ? emptyCard(catalogue) : cardOf(catalogue, entry);
  const edited = useCardWindow<Entry, Card>({
    stored: entry,
    saved,
    send: (sending) =>
      entry === null ? createEntry(catalogue, { ...saved, ...sending }) : changeEntry(catalogue, entry, sending),
    remove: (stored) => deleteEntry(catalogue, stored),
    bringBack: (stored) => returnEntry(catalogue, stored),
    refresh,
    notices: {
      save: (card) => `${entry === null ? 'Создано' : 'Сохранено'}: ${String(card.name)}`,
      remove: `Удалено: ${String(saved.name)}. Вернуть можно в списке с удалёнными.`,
      bringBack: `Возвращено: ${String(saved.name)}`,
    },
    onDone,
  });
  const { edits, card, dirty, saving, setField } = edited;
  const refused = faultsOfRefusal(catalogue, card, saving.error);

  return (
    <>
      <CardWindow
        title={entry === null ? catalogue.new_entry_title : catalogue.entry_title}
        size={640}
        type={catalogue.key as ObjectType}
        stored={entry}
        name={String(saved.name)}
        what="Запись"
        edited={edited}
        missing={missing(catalogue, card)}
        refused={refused}
        whenDeleted={{ title: 'Запись удалена', means: 'Выбрать её нельзя, пока она не возвращена.' }}
        afterDeletion="Из выбора запись исчезнет, в документах останется. Её можно будет вернуть."
        onClose={onClose}
      >
        {(faults) => (
          <div className={classes.fields}>
            {catalogue.fields.map((field) => {
              const others = theirValue(edits, saved, field.name);
              const wide =
                field.name === 'name' || field.type === 'lines' || (field.type === 'text' && field.max_length > 200);
              return (
                <div key={field.name} className={wide ? classes.wide : undefined}>
                  <EntryField
                    field={field}
                    value={card[field.name] ?? ''}
                    saved={saved[field.name] ?? ''}
                    referred={entry?.names[field.name]}
                    error={faults[field.name]}
                    disabled={entry?.deleted === true}
                    note={
                      others !== undefined && (
                        <OthersSaved
                          value={
                            field.type === 'reference' ? (entry?.names[field.name] ?? '') : formatValue(field, others)
                          }
                        />
                      )
                    }
                    onChange={(value) => setField(field.name, value)}
                  />
                </div>
              );
            })}
          </div>
        )}
      </CardWindow>
      <UnsavedGuard when={dirty} />
    </>
  );
}
