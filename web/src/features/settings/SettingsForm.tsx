/** One form of settings, saved by its button; what others changed meanwhile is shown beside the field. */
import { Button, Group, Paper, Stack, Title } from '@mantine/core';
import { SaveBar } from '@/components/card/SaveBar';
import { theirNote } from '@/components/card/theirNote';
import { useCardEdits } from '@/components/card/useCardEdits';
import { Form } from '@/components/fields/Form';
import { useQuery, useQueryClient } from '@tanstack/react-query';
import type { ReactNode } from 'react';
import { Loading } from '@/components/Loading';
import { reportDone } from '@/components/notices';
import { ProblemAlert } from '@/components/ProblemAlert';
import { UnsavedGuard } from '@/components/UnsavedGuard';
import { among, faultsIn } from '@/lib/api/faults';
import type { Card, Value } from '@/lib/cardEdits';
import { changeSettings, settingsQuery, type SettingsPart } from './queries';
import { SettingField, formatValue } from './SettingField';
import classes from './SettingsForm.module.css';

export function SettingsForm({ part, notice }: { readonly part: SettingsPart; readonly notice: string }): ReactNode {
  const queries = useQueryClient();
  const settings = useQuery(settingsQuery(part));
  const data = settings.data;
  const saved: Card = Object.fromEntries(data?.settings.map(({ name, value }) => [name, value]) ?? []);
  const edited = useCardEdits<Card>({
    saved,
    send: (values) => changeSettings(part, data?.version ?? 0, values),
    refresh: () => Promise.all(['settings', 'me'].map((key) => queries.invalidateQueries({ queryKey: [key] }))),
    onSaved: () => reportDone(notice),
  });
  const { edits, card, sending, dirty, saving, setField, save, forget } = edited;
  const faults = faultsIn(saving.error, among(Object.keys(saved)));
  const shown = data?.settings.filter(({ only_with: needed }) => needed === null || card[needed.name] === needed.value);

  return (
    <>
      {settings.isError && <ProblemAlert error={settings.error} />}
      {settings.isPending && <Loading height={420} what="Настройки загружаются" />}
      {data && shown && (
        <Form className={classes.form} onSubmit={save}>
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
                    const inWords = (stored: Value) => formatValue(setting, stored);
                    const before = setting.name in sending ? inWords(setting.value) : '';
                    return (
                      <SettingField
                        key={setting.name}
                        setting={setting}
                        value={card[setting.name] ?? ''}
                        note={theirNote(edits, saved, setting.name, inWords, before && `Сохранено: ${before}.`)}
                        fault={faults?.[setting.name] ?? null}
                        onChange={(value) => setField(setting.name, value)}
                      />
                    );
                  })}
              </Stack>
            </Paper>
          ))}
          <SaveBar what="Настройки" edited={edited} faults={faults}>
            <Group gap="xs">
              <Button type="submit" disabled={!dirty} loading={saving.isPending}>
                Сохранить
              </Button>
              <Button variant="subtle" disabled={!dirty} onClick={forget}>
                Отменить правки
              </Button>
            </Group>
          </SaveBar>
        </Form>
      )}
      <UnsavedGuard when={dirty} />
    </>
  );
}
