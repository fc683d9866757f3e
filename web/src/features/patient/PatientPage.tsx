import { Button, Skeleton, Tabs } from '@mantine/core';
import { IconCalendarPlus, IconTrash, IconUsers } from '@tabler/icons-react';
import { useQuery } from '@tanstack/react-query';
import { getRouteApi } from '@tanstack/react-router';
import { useState } from 'react';
import { HistoryView } from '@/entities/history/HistoryView';
import { ButtonLink } from '@/components/links';
import { CategoryMarks } from '@/entities/patient/CategoryMarks';
import { Loading } from '@/components/Loading';
import { Page } from '@/components/Page';
import { ProblemAlert } from '@/components/ProblemAlert';
import { useRight } from '@/lib/api/me';
import { useRecordedPrint } from '@/lib/api/accessLog';
import { patientQuery } from '@/entities/patient/queries';
import classes from './PatientPage.module.css';
import { DeleteDialog } from './DeleteDialog';
import { DeletedBanner } from './DeletedBanner';
import { MergeDialog } from './MergeDialog';
import { MergedBanner } from './MergedBanner';
import { PatientFinances } from './PatientFinances';
import { PatientForm } from './PatientForm';
import { PatientPapers } from './PatientPapers';
import { PatientPhoto } from './PatientPhoto';
import { ComingVisits, PatientVisits } from './PatientVisits';
import { isTab } from './tabs';

const route = getRouteApi('/shell/patients/$id');

export function PatientPage() {
  const { id } = route.useParams();
  const { tab = 'card', ...at } = route.useSearch();
  const navigate = route.useNavigate();
  const mayList = useRight('patients');
  const seesFinances = [useRight('patient_finances'), useRight('payments')].some(Boolean);
  const patient = useQuery(patientQuery(id));
  const card = patient.data;
  const active = card !== undefined && !card.deleted && card.merged_into === null;
  useRecordedPrint(card === undefined ? null : { objectType: 'patient', patientId: id });
  const [deleting, setDeleting] = useState(false);
  const [merging, setMerging] = useState(false);

  return (
    <Page
      title={card?.name ?? 'Карта пациента'}
      heading={patient.isPending ? <Skeleton h={26} w={280} /> : (card?.name ?? 'Карта пациента')}
      marks={card !== undefined && <CategoryMarks categories={card.categories} />}
      actions={
        <>
          {mayList && (
            <ButtonLink to="/patients" variant="default">
              К списку
            </ButtonLink>
          )}
          {mayList && active && (
            <Button
              variant="subtle"
              leftSection={<IconUsers size={17} stroke={1.6} aria-hidden />}
              onClick={() => setMerging(true)}
            >
              Объединить…
            </Button>
          )}
          {mayList && active && (
            <Button
              variant="subtle"
              color="red"
              leftSection={<IconTrash size={17} stroke={1.6} aria-hidden />}
              onClick={() => setDeleting(true)}
            >
              Удалить
            </Button>
          )}
          {(patient.isPending || active) && (
            <ButtonLink
              to="/calendar"
              search={{ patient: id }}
              leftSection={<IconCalendarPlus size={17} stroke={1.8} aria-hidden />}
            >
              Записать на приём
            </ButtonLink>
          )}
        </>
      }
    >
      {patient.isError ? (
        <ProblemAlert error={patient.error} title="Карта не открылась" />
      ) : (
        <>
          {card?.deleted === true && <DeletedBanner patient={card} />}
          {card !== undefined && <MergedBanner patient={card} />}
          <Tabs
            value={tab}
            keepMounted
            onChange={(next) => void navigate({ search: isTab(next) ? { tab: next } : {}, replace: true })}
          >
            <Tabs.List mb="md">
              <Tabs.Tab value="card">Карта</Tabs.Tab>
              <Tabs.Tab value="visits">Визиты</Tabs.Tab>
              {seesFinances && <Tabs.Tab value="finances">Финансы</Tabs.Tab>}
              <Tabs.Tab value="papers">Документы</Tabs.Tab>
              <Tabs.Tab value="history">История изменений</Tabs.Tab>
            </Tabs.List>
            <Tabs.Panel value="card">
              {/* hidden, not gone: what was typed stays while another tab is looked at */}
              <div className={classes.columns}>
                {card === undefined ? (
                  <Loading height={420} what="Карта загружается" />
                ) : (
                  <PatientForm key={card.id} patient={card} />
                )}
                <aside className={classes.aside}>
                  {card !== undefined && <PatientPhoto patient={card} />}
                  <ComingVisits id={id} />
                </aside>
              </div>
            </Tabs.Panel>
            <Tabs.Panel value="visits">{tab === 'visits' && <PatientVisits id={id} />}</Tabs.Panel>
            {seesFinances && (
              <Tabs.Panel value="finances">
                {tab === 'finances' && card !== undefined && <PatientFinances patient={card} />}
              </Tabs.Panel>
            )}
            <Tabs.Panel value="papers">{tab === 'papers' && <PatientPapers id={id} active={active} />}</Tabs.Panel>
            <Tabs.Panel value="history">
              {tab === 'history' && (
                <HistoryView
                  of={{ type: 'patient', id, inCard: true }}
                  at={at}
                  onMoment={(moment) =>
                    void navigate({
                      search: { tab: 'history', ...(moment === undefined ? {} : { moment }) },
                      replace: true,
                    })
                  }
                  linkOf={({ object }) => `/patients/${id}?tab=history&version=${object.version}`}
                />
              )}
            </Tabs.Panel>
          </Tabs>
        </>
      )}
      {merging && card !== undefined && <MergeDialog patient={card} onClose={() => setMerging(false)} />}
      {deleting && card !== undefined && <DeleteDialog patient={card} onClose={() => setDeleting(false)} />}
    </Page>
  );
}
