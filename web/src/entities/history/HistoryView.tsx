/** All versions of an object with old and new values, and the object as it was at one of them or at a moment (AUD-3). */
import { Box, Paper, Skeleton, Text, Title } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import type { ReactNode } from 'react';
import { AddressLink } from '@/components/AddressLink';
import { ChangesList } from '@/components/ChangesList';
import { Loading } from '@/components/Loading';
import { Mark } from '@/components/Mark';
import { ProblemAlert } from '@/components/ProblemAlert';
import { type At, historyQuery, type HistoryItem, type HistoryOf, stateQuery } from './queries';
import { useMe } from '@/lib/api/me';
import { formatMoment, toClinic } from '@/lib/time';
import { MomentChoice } from './MomentChoice';
import classes from './HistoryView.module.css';

interface HistoryViewProps {
  readonly of: HistoryOf;
  readonly at: At;
  readonly onMoment: (moment: string | undefined) => void;
  /** Where a version is shown. */
  readonly linkOf: (item: HistoryItem) => string;
}

export function HistoryView({ of, at, onMoment, linkOf }: HistoryViewProps): ReactNode {
  const { zone } = useMe().clinic;
  const history = useQuery(historyQuery(of));
  const state = useQuery({ ...stateQuery(of, at), enabled: history.isSuccess });
  const shown = state.data?.object.version;

  return (
    <>
      {history.isError && <ProblemAlert error={history.error} />}
      {history.isPending && <Loading height={360} what="История загружается" />}
      {history.data && (
        <div className={classes.columns}>
          <section aria-label="Версии">
            <ol className={classes.versions}>
              {history.data.items.map((item) => (
                <li key={item.position}>
                  <VersionCard
                    item={item}
                    link={linkOf(item)}
                    moment={formatMoment(toClinic(item.moment, zone))}
                    current={item.object.version === shown}
                  />
                </li>
              ))}
            </ol>
          </section>
          <Paper withBorder p="lg" className={classes.state} component="section" aria-label="Состояние">
            <MomentChoice moment={at.moment} onMoment={onMoment} />
            {state.isError && <ProblemAlert error={state.error} />}
            {state.isPending && <Skeleton h={220} />}
            {state.data && (
              <>
                <Title order={2} mb={2}>
                  {state.data.object.title}
                </Title>
                <Text size="sm" c="dimmed" mb="sm" role="status">
                  Версия {state.data.object.version} из {state.data.current_version},{' '}
                  {formatMoment(toClinic(state.data.moment, zone))}
                  {state.data.author ? `, ${state.data.author.name}` : ''}
                  {state.data.object.version === state.data.current_version && (
                    <Mark like="completed" ml={8}>
                      сейчас
                    </Mark>
                  )}
                </Text>
                <dl className={classes.fields}>
                  {state.data.fields.map((field, place) => (
                    // several may have one label: «Категория»
                    <Box key={`${place} ${field.label}`} className={classes.field}>
                      <dt>{field.label}</dt>
                      <dd>{field.value || '–'}</dd>
                    </Box>
                  ))}
                </dl>
              </>
            )}
          </Paper>
        </div>
      )}
    </>
  );
}

interface VersionCardProps {
  readonly item: HistoryItem;
  readonly link: string;
  readonly moment: string;
  readonly current: boolean;
}

function VersionCard({ item, link, moment, current }: VersionCardProps): ReactNode {
  const schedule = item.object.type === 'schedule';
  return (
    <div className={classes.card} data-current={current || undefined}>
      <Text size="sm">
        <AddressLink
          href={link}
          replace={!schedule}
          underline="always"
          size="sm"
          fw={500}
          aria-current={current ? 'true' : undefined}
        >
          {moment}
        </AddressLink>{' '}
        <Text span c="dimmed" size="sm">
          {item.author?.name ?? 'Система'}
          {item.address === '' ? '' : `, ${item.address}`}
        </Text>
      </Text>
      <Text size="sm">{item.text}</Text>
      <Text size="sm" component="div">
        <ChangesList changes={item.changes} />
      </Text>
    </div>
  );
}
