/** One form of settings, saved by its button; what others changed meanwhile is told beside the field. */
import { Alert, Button, Group, Paper, Stack, Title } from '@mantine/core';
import { Form } from '@/components/fields/Form';
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { useState, type ReactNode } from 'react';
import { Loading } from '@/components/Loading';
import { reportDone } from '@/components/notices';
import { ProblemAlert } from '@/components/ProblemAlert';
import { UnsavedGuard } from '@/components/UnsavedGuard';
import { isProblem } from '@/lib/api/problem';
import { changed, NO_CARD_EDITS, othersValue, typed, valueOf, without, type Card, type Value } from '@/lib/cardEdits';
import { changeSettings, settingsQuery, type SettingsPart } from './queries';
import { SettingField, say } from './SettingField';
import classes from './SettingsForm.module.css';

export function SettingsForm({
  part,
  saidSaved,
}: {
  readonly part: SettingsPart;
  readonly saidSaved: string;
}): ReactNode {
  const queries = useQueryClient();
  const settings = useQuery(settingsQuery(part));
  const [edits, setEdits] = useState(NO_CARD_EDITS);
  const data = settings.data;
  const saved: Card = Object.fromEntries(data?.settings.map(({ name, value }) => [name, value]) ?? []);
  const sending = changed(edits, saved);
  const count = Object.keys(sending).length;

  const saving = useMutation({
    mutationFn: ({ version, values }: { version: number; values: Record<string, Value> }) =>
      changeSettings(part, version, values),
    onSuccess: async (_, { values }) => {
      await queries.invalidateQueries({ queryKey: ['settings'] });
      await queries.invalidateQueries({ queryKey: ['me'] });
      setEdits((now) => without(now, values));
      reportDone(saidSaved);
    },
    onError: (error) => {
      if (isProblem(error, 'version_moved')) void settings.refetch();
    },
  });
  const wrong = isProblem(saving.error, 'wrong_value') ? saving.error : null;
  const moved = isProblem(saving.error, 'version_moved');
  const shown = data?.settings.filter(
    ({ only_with: needed }) => needed === null || valueOf(edits, saved, needed.name) === needed.value,
  );

  return (
    <>
      {settings.isError && <ProblemAlert error={settings.error} />}
      {settings.isPending && <Loading height={420} what="Настройки загружаются" />}
      {data && shown && (
        <Form
          className={classes.form}
          onSubmit={() => {
            if (count > 0) saving.mutate({ version: data.version, values: sending });
          }}
        >
          {data.groups.map((group) => (
            <Paper key={group.key} withBorder p="lg" component="section" aria-label={group.title}>
              {data.groups.length > 1 && (
                <Title order={2} mb="md">
                  {group.title}
                </Title>
              )}
              <Stack gap="lg">
                {shown
                  .filter((setting) => setting.group === group.key)
                  .map((setting) => {
                    const others = othersValue(edits, saved, setting.name);
                    return (
                      <SettingField
                        key={setting.name}
                        setting={setting}
                        value={valueOf(edits, saved, setting.name)}
                        changed={setting.name in sending}
                        others={others === undefined ? null : say(setting, others)}
                        fault={wrong?.facts.field === setting.name ? wrong.message : null}
                        onChange={(value) => {
                          setEdits((before) => typed(before, saved, setting.name, value));
                          if (wrong) saving.reset();
                        }}
                      />
                    );
                  })}
              </Stack>
            </Paper>
          ))}
          {moved && (
            <Alert color="orange" role="alert">
              Пока вы правили, настройки изменил кто-то ещё. Введённое на месте: проверьте отмеченные поля и сохраните
              снова.
            </Alert>
          )}
          {saving.isError && !moved && !wrong && <ProblemAlert error={saving.error} />}
          <Group gap="xs" className={classes.bar}>
            <Button type="submit" disabled={count === 0} loading={saving.isPending}>
              Сохранить
            </Button>
            <Button
              variant="subtle"
              disabled={count === 0}
              onClick={() => {
                setEdits(NO_CARD_EDITS);
                saving.reset();
              }}
            >
              Отменить изменения
            </Button>
          </Group>
        </Form>
      )}
      <UnsavedGuard when={count > 0} />
    </>
  );
}
