/** Name, start page and rights of a set; what others save meanwhile is taken tick by tick, never undone. */
import { Alert, Button, Checkbox, Group, Select, Stack, TextInput } from '@mantine/core';
import { IconAlertTriangle } from '@tabler/icons-react';
import type { ReactNode } from 'react';
import { SaveBar } from '@/components/card/SaveBar';
import { useCardEdits } from '@/components/card/useCardEdits';
import { Form } from '@/components/fields/Form';
import { theirNote } from '@/components/card/theirNote';
import { UnsavedGuard } from '@/components/UnsavedGuard';
import { among, faultsIn } from '@/lib/api/faults';
import { labels } from '@/lib/api/labels';
import { limits } from '@/lib/api/limits';
import type { TreeNode } from '@/entities/rights_set/queries';
import { labelled, pages, ticked, type Draft } from './draft';
import { RightsTree } from './RightsTree';

interface RightsSetFormProps {
  readonly tree: readonly TreeNode[];
  readonly saved: Draft;
  readonly isNew?: boolean;
  readonly disabled?: boolean;
  /** The set gives everything; only its name and start page are changed. */
  readonly allRights?: boolean;
  readonly onSave: (draft: Draft, differing: Partial<Draft>) => Promise<unknown>;
  /** Fetches again what shows the set. */
  readonly refresh?: () => Promise<unknown>;
  readonly onSaved?: () => void;
}

export function RightsSetForm(props: RightsSetFormProps): ReactNode {
  const { tree, saved, isNew = false, disabled = false, allRights = false, onSave } = props;
  const { refresh = () => Promise.resolve(), onSaved } = props;
  const edited = useCardEdits<Draft>({
    saved,
    gone: disabled ? 'deleted' : null,
    send: (sent) => onSave({ ...saved, ...sent }, sent),
    refresh,
    ...(onSaved && { onSaved }),
  });
  const { edits, card: draft, dirty, saving, setFields, save, forget } = edited;
  const faults = faultsIn(saving.error, among(['name', 'start_page']), { rights_set_name_taken: () => 'name' });
  const raising = allRights ? [] : labelled(tree, draft.rights, 'escalates');
  const others = labelled(tree, draft.rights, 'beyond_own_schedule');

  const change = (next: Draft) => setFields(() => next);
  const labelOf = (page: string) => pages(tree, saved.rights).find(({ right }) => right === page)?.label ?? '';

  return (
    <Form creating={isNew && saving.isPending} onSubmit={save}>
      <Stack gap="md">
        <Group grow align="start">
          <TextInput
            label={labels.RightsSetChange.name}
            {...limits.RightsSetChange.name}
            autoComplete="off"
            required
            withAsterisk={false}
            disabled={disabled}
            description={theirNote(edits, saved, 'name', (theirs) => theirs)}
            value={draft.name}
            error={faults?.name}
            onChange={(event) => change({ ...draft, name: event.currentTarget.value })}
          />
          <Select
            label="Стартовая страница"
            placeholder="Нет страниц"
            allowDeselect={false}
            disabled={disabled || draft.start_page === ''}
            description={theirNote(edits, saved, 'start_page', labelOf)}
            data={pages(tree, draft.rights).map(({ right, label }) => ({ value: right, label }))}
            value={draft.start_page === '' ? null : draft.start_page}
            error={faults?.start_page}
            onChange={(page) => page !== null && change({ ...draft, start_page: page })}
          />
        </Group>
        {allRights && (
          <Alert color="gray">
            У этого набора всегда есть все права, в том числе на разделы, которые появятся позже.
          </Alert>
        )}
        <RightsTree
          tree={tree}
          rights={draft.rights}
          disabled={disabled || allRights}
          ownOnly={draft.own_schedule_only}
          onTick={(rights, on) => change(ticked(draft, tree, rights, on))}
        />
        {!allRights && (
          <Checkbox
            label={labels.RightsSetChange.own_schedule_only}
            description={
              others.length > 0
                ? `Нельзя вместе с правами, которые показывают чужие визиты: ${others.join(', ')}.`
                : 'В расписании, визитах и картах пациентов – только собственные визиты.' +
                  (draft.rights.has('patients')
                    ? ''
                    : ' Карты – только пациентов, которые к нему записаны или были у него.')
            }
            disabled={disabled || (others.length > 0 && !draft.own_schedule_only)}
            checked={draft.own_schedule_only}
            onChange={(event) => change({ ...draft, own_schedule_only: event.currentTarget.checked })}
          />
        )}
        {!allRights && draft.own_schedule_only && (
          <Checkbox
            ml="xl"
            label={labels.RightsSetChange.opens_all_patients}
            description={
              draft.rights.has('patients')
                ? 'Все карты открывает уже право «Продажи – Пациенты».'
                : 'С паспортом, СНИЛС и телефонами. Без этого чужого пациента можно только записать к себе: по полному номеру телефона или карты.'
            }
            disabled={disabled || draft.rights.has('patients')}
            checked={draft.opens_all_patients || draft.rights.has('patients')}
            onChange={(event) => change({ ...draft, opens_all_patients: event.currentTarget.checked })}
          />
        )}
        {raising.length > 0 && (
          <Alert color="orange" role="status" icon={<IconAlertTriangle size={18} aria-hidden />}>
            {raising.join(' и ')}: сотрудники с этим набором смогут менять и собственные права доступа.
          </Alert>
        )}
        <SaveBar what="Набор прав" edited={edited} faults={faults}>
          <Group gap="xs">
            <Button
              type="submit"
              loading={saving.isPending}
              disabled={disabled || draft.name.trim() === '' || draft.rights.size === 0 || !(isNew || dirty)}
            >
              {isNew ? 'Создать' : 'Сохранить'}
            </Button>
            {dirty && !isNew && (
              <Button variant="subtle" onClick={forget}>
                Отменить правки
              </Button>
            )}
          </Group>
        </SaveBar>
      </Stack>
      <UnsavedGuard when={dirty} />
    </Form>
  );
}
