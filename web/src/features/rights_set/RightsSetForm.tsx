/** Name, start page and rights of a set; what others save meanwhile is taken tick by tick, never undone. */
import { Alert, Button, Checkbox, Group, Select, Stack, TextInput } from '@mantine/core';
import { IconAlertTriangle } from '@tabler/icons-react';
import { useMutation } from '@tanstack/react-query';
import { useState, type ReactNode } from 'react';
import { Form } from '@/components/fields/Form';
import { OthersSaved } from '@/components/OthersSaved';
import { ProblemAlert } from '@/components/ProblemAlert';
import { UnsavedGuard } from '@/components/UnsavedGuard';
import { limits } from '@/lib/api/limits';
import { isProblem } from '@/lib/api/problem';
import type { TreeNode } from '@/lib/api/rightsSets';
import { changed, type Edits, othersValue, typed, without } from '@/lib/cardEdits';
import { labelled, pages, ticked, type Draft } from './draft';
import { RightsTree } from './RightsTree';

interface RightsSetFormProps {
  readonly tree: readonly TreeNode[];
  readonly saved: Draft;
  readonly isNew?: boolean;
  readonly disabled?: boolean;
  /** The set gives everything; only its name and start page are changed. */
  readonly allRights?: boolean;
  /** Resolves when what is saved has been fetched again. */
  readonly onSave: (draft: Draft, differing: Partial<Draft>) => Promise<void>;
}

const ORDER = ['label', 'input', 'description', 'error'] satisfies ('label' | 'input' | 'description' | 'error')[];

export function RightsSetForm(props: RightsSetFormProps): ReactNode {
  const { tree, saved, isNew = false, disabled = false, allRights = false, onSave } = props;
  const [edits, setEdits] = useState<Edits<Draft>>({});
  const differing = changed(edits, saved);
  const draft = { ...saved, ...differing };
  const dirty = Object.keys(differing).length > 0;
  const saving = useMutation({
    mutationFn: (sent: Partial<Draft>) => onSave(draft, sent),
    onSuccess: (_, sent) => setEdits((now) => without(now, sent)),
  });
  const wrong = isProblem(saving.error, 'wrong_value', 'rights_set_name_taken') ? saving.error : null;
  const fault = (field: string) => (wrong?.facts.field === field ? wrong.message : undefined);
  const known = wrong !== null && ['name', 'start_page'].includes(String(wrong.facts.field));
  const raising = allRights ? [] : labelled(tree, draft.rights, 'raises');
  const others = labelled(tree, draft.rights, 'others');

  function change(next: Draft): void {
    setEdits((now) => {
      const named = typed(typed(now, saved, 'name', next.name), saved, 'start_page', next.start_page);
      const ticked = typed(
        typed(named, saved, 'rights', next.rights),
        saved,
        'own_schedule_only',
        next.own_schedule_only,
      );
      return typed(ticked, saved, 'opens_all_patients', next.opens_all_patients);
    });
    if (saving.isError) saving.reset();
  }
  const othersName = othersValue(edits, saved, 'name');
  const othersPage = othersValue(edits, saved, 'start_page');
  const labelOf = (page: string) => pages(tree, saved.rights).find(({ right }) => right === page)?.label ?? '';

  return (
    <Form
      onSubmit={() => {
        saving.mutate(differing);
      }}
    >
      <Stack gap="md">
        <Group grow align="start">
          <TextInput
            label="Название"
            {...limits.RightsSetChange.name}
            autoComplete="off"
            required
            withAsterisk={false}
            disabled={disabled}
            inputWrapperOrder={ORDER}
            description={othersName !== undefined && <OthersSaved value={othersName} />}
            value={draft.name}
            error={fault('name')}
            onChange={(event) => change({ ...draft, name: event.currentTarget.value })}
          />
          <Select
            label="Стартовая страница"
            placeholder="Нет страниц"
            allowDeselect={false}
            disabled={disabled || draft.start_page === ''}
            inputWrapperOrder={ORDER}
            description={othersPage !== undefined && <OthersSaved value={labelOf(othersPage)} />}
            data={pages(tree, draft.rights).map(({ right, label }) => ({ value: right, label }))}
            value={draft.start_page === '' ? null : draft.start_page}
            error={fault('start_page')}
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
            label="Видит только своё расписание"
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
            label="Открывает карты всех пациентов"
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
        {saving.isError && !known && <ProblemAlert error={saving.error} />}
        <Group gap="xs">
          <Button
            type="submit"
            loading={saving.isPending}
            disabled={disabled || draft.name.trim() === '' || draft.rights.size === 0 || !(isNew || dirty)}
          >
            {isNew ? 'Создать' : 'Сохранить'}
          </Button>
          {dirty && !isNew && (
            <Button
              variant="subtle"
              onClick={() => {
                setEdits({});
                saving.reset();
              }}
            >
              Отменить изменения
            </Button>
          )}
        </Group>
      </Stack>
      <UnsavedGuard when={dirty} />
    </Form>
  );
}
