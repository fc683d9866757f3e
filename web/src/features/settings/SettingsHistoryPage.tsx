/** Settings as they were at a moment beside what they are now, and the changes of each (CLN-3). */
import { Anchor, Paper, Table, Text } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { useNavigate, useSearch } from '@tanstack/react-router';
import { Fragment, useId, useState, type ReactNode } from 'react';
import { Loading } from '@/components/Loading';
import { ButtonLink } from '@/components/links';
import { Mark } from '@/components/Mark';
import { MomentChoice } from '@/entities/history/MomentChoice';
import { Page } from '@/components/Page';
import { ProblemAlert } from '@/components/ProblemAlert';
import { useMe } from '@/lib/api/me';
import { counted } from '@/lib/text';
import { formatMoment, toClinic } from '@/lib/time';
import { settingsHistoryQuery, type SettingsPart, type SettingHistory } from './queries';
import classes from './SettingsHistoryPage.module.css';

export function SettingsHistoryPage(): ReactNode {
  return <History part="settings" title="История настроек" back="/settings" />;
}

export function InformationHistoryPage(): ReactNode {
  return <History part="information" title="История информации о клинике" back="/settings/clinic" />;
}

interface HistoryProps {
  readonly part: SettingsPart;
  readonly title: string;
  readonly back: '/settings' | '/settings/clinic';
}

function History({ part, title, back }: HistoryProps): ReactNode {
  const { moment } = useSearch({ strict: false });
  const navigate = useNavigate();
  const history = useQuery(settingsHistoryQuery(part, moment));
  return (
    <Page
      title={title}
      actions={
        <ButtonLink to={back} variant="default">
          К настройкам
        </ButtonLink>
      }
    >
      <Paper withBorder p="lg" className={classes.paper}>
        <MomentChoice
          key={moment}
          moment={moment}
          onMoment={(chosen) =>
            void navigate({
              to: `${back}/history`,
              search: chosen === undefined ? {} : { moment: chosen },
              replace: true,
            })
          }
        />
        {history.isError && <ProblemAlert error={history.error} />}
        {history.isPending && <Loading height={420} what="История загружается" />}
        {history.data && (
          <Table aria-label={title} verticalSpacing="sm">
            <Table.Thead>
              <Table.Tr>
                <Table.Th>Настройка</Table.Th>
                {moment !== undefined && <Table.Th>{formatMoment(moment)}</Table.Th>}
                <Table.Th>Сейчас</Table.Th>
                <Table.Th>Изменения</Table.Th>
              </Table.Tr>
            </Table.Thead>
            <Table.Tbody>
              {history.data.items.map((item) => (
                <SettingRows key={item.name} item={item} withThen={moment !== undefined} />
              ))}
            </Table.Tbody>
          </Table>
        )}
      </Paper>
    </Page>
  );
}

function SettingRows({ item, withThen }: { readonly item: SettingHistory; readonly withThen: boolean }): ReactNode {
  const { zone } = useMe().clinic;
  const [unfolded, setUnfolded] = useState(false);
  const list = useId();
  const { changes } = item;
  const differs = withThen && item.then !== item.now;
  return (
    <Fragment>
      <Table.Tr>
        <Table.Td className={classes.name}>{item.label}</Table.Td>
        {withThen && (
          <Table.Td>
            {item.then ?? '–'}
            {differs && (
              <Mark like="arrived" ml={8}>
                иначе
              </Mark>
            )}
          </Table.Td>
        )}
        <Table.Td>{item.now ?? '–'}</Table.Td>
        <Table.Td className={classes.changes}>
          {changes.length === 0 ? (
            <Text span c="dimmed" size="sm">
              не менялась
            </Text>
          ) : (
            <Anchor
              component="button"
              type="button"
              size="sm"
              aria-expanded={unfolded}
              aria-controls={list}
              aria-label={`${counted(changes.length, 'изменение', 'изменения', 'изменений')}: ${item.label}`}
              onClick={() => setUnfolded(!unfolded)}
            >
              {unfolded ? 'Свернуть' : counted(changes.length, 'изменение', 'изменения', 'изменений')}
            </Anchor>
          )}
        </Table.Td>
      </Table.Tr>
      {unfolded && (
        <Table.Tr id={list}>
          <Table.Td colSpan={withThen ? 4 : 3} className={classes.unfolded}>
            <ol className={classes.list}>
              {changes.map((change, index) => (
                <li key={index}>
                  <Text span size="sm" c="dimmed">
                    {formatMoment(toClinic(change.moment, zone))}, {change.author?.name ?? 'Система'}
                  </Text>
                  <br />
                  {change.old ?? 'пусто'} → <b>{change.new ?? 'пусто'}</b>
                </li>
              ))}
            </ol>
          </Table.Td>
        </Table.Tr>
      )}
    </Fragment>
  );
}
