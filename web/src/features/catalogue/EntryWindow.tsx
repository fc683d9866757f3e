/** The card window of a catalogue's entry: creates, changes, deletes and returns it. */
import { getRouteApi } from '@tanstack/react-router';
import type { ReactNode } from 'react';
import { CardPage, type Leaving } from '@/components/card/CardPage';
import { CardWindow } from '@/components/card/CardWindow';
import { theirNote } from '@/components/card/theirNote';
import { useCardWindow } from '@/components/card/useCardWindow';
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
import { type Card } from '@/lib/cardEdits';
import { EntryField } from '@/entities/catalogue/EntryField';
import { formatValue } from '@/entities/catalogue/fieldValues';
import { TemplateHelp } from '@/entities/paper_template/TemplateHelp';
import { cardOf, emptyCard, missing, faultsOfRefusal } from './entryForm';
import { useCatalogue } from './useCatalogue';
import { useRefresh } from './useRefresh';
import classes from './EntryWindow.module.css';

const route = getRouteApi('/shell/catalogues/$key/$id');

export function EntryPage(): ReactNode {
  const { id } = route.useParams();
  const catalogue = useCatalogue();
  const navigate = route.useNavigate();
  const leave = (saved: boolean) =>
    void navigate({ to: '/catalogues/$key', params: { key: catalogue.key }, search: true, ignoreBlocker: saved });
  return (
    <CardPage
      id={id}
      query={(entry) => entryQuery(catalogue, entry)}
      title={catalogue.entry_title}
      size={640}
      leave={leave}
    >
      {(entry, leaving) => <EntryWindow key={catalogue.key} catalogue={catalogue} entry={entry} {...leaving} />}
    </CardPage>
  );
}

interface EntryWindowProps extends Leaving {
  readonly catalogue: Catalogue;
  readonly entry: Entry | null;
}

function EntryWindow({ catalogue, entry, onClose, onDone }: EntryWindowProps): ReactNode {
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
      remove: `Удалено: ${String(saved.name)}. Вернуть можно в карточке.`,
      bringBack: `Возвращено: ${String(saved.name)}`,
    },
    onDone,
  });
  const { edits, card, saving, setField } = edited;
  const refused = faultsOfRefusal(catalogue, card, saving.error);

  return (
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
                  note={theirNote(edits, saved, field.name, (theirs) =>
                    field.type === 'reference' ? (entry?.names[field.name] ?? '') : formatValue(field, theirs),
                  )}
                  onChange={(value) => setField(field.name, value)}
                />
              </div>
            );
          })}
          {catalogue.key === 'paper_template' && (
            <div className={classes.wide}>
              <TemplateHelp id={entry?.id ?? null} />
            </div>
          )}
        </div>
      )}
    </CardWindow>
  );
}
