import { Badge, Button, Group, Paper, Skeleton, Stack, Table, Text, Title } from '@mantine/core';
import { IconFileText } from '@tabler/icons-react';
import { useMutation, useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { askFirst } from '@/components/askFirst';
import { Empty } from '@/components/Empty';
import { Choice } from '@/components/fields/Choice';
import { reportProblem } from '@/components/notices';
import { PaperButton } from '@/components/papers';
import { ProblemAlert } from '@/components/ProblemAlert';
import { ReferenceSelect } from '@/entities/catalogue/ReferenceSelect';
import {
  deletePaper,
  makePaper,
  paperFile,
  type PatientPaper,
  patientPapersQuery,
  refreshPapers,
  returnPaper,
} from '@/entities/patient/papers';
import { PatientFiles } from '@/entities/visit_file/PatientFiles';
import { patientVisitsQuery } from '@/entities/visit/queries';
import { useMe } from '@/lib/api/me';
import { formatMoment, toClinic } from '@/lib/time';

const VISITS_OFFERED = 20;

/** The tab «Документы»: papers of the clinic's templates, made here and stored as they were. */
export function PatientPapers({ id, active }: { id: string; active: boolean }) {
  const papers = useQuery(patientPapersQuery(id));
  const items = papers.data?.items ?? [];
  return (
    <Stack gap="md" maw={860}>
      {active && <NewPaper id={id} />}
      <Paper withBorder p="lg" component="section" aria-label="Документы">
        <Title order={2} mb="xs">
          Документы
        </Title>
        {papers.isPending ? (
          <Skeleton h={120} />
        ) : items.length === 0 ? (
          <Empty icon={IconFileText} title="Документов ещё нет" />
        ) : (
          <Papers items={items} />
        )}
        <ProblemAlert error={papers.error} title="Документы не загрузились" />
      </Paper>
      <PatientFiles id={id} />
    </Stack>
  );
}

function Papers({ items }: { items: readonly PatientPaper[] }) {
  const { clinic } = useMe();
  const change = useMutation({
    mutationFn: (paper: PatientPaper) => (paper.deleted ? returnPaper(paper) : deletePaper(paper)),
    onError: (error) => reportProblem(error, 'Документ не изменён'),
    onSettled: refreshPapers,
  });
  const remove = (paper: PatientPaper) =>
    askFirst({
      title: 'Удалить документ?',
      means: `«${paper.title}» исчезнет из списка. Вернуть его можно, пока настройки показывают удалённое.`,
      confirm: 'Удалить',
      onConfirm: () => change.mutate(paper),
    });
  return (
    <Table aria-label="Документы пациента">
      <Table.Thead>
        <Table.Tr>
          <Table.Th>Документ</Table.Th>
          <Table.Th>Создан</Table.Th>
          <Table.Th>Визит</Table.Th>
          <Table.Th aria-label="Действия" />
        </Table.Tr>
      </Table.Thead>
      <Table.Tbody>
        {items.map((paper) => (
          <Table.Tr key={paper.id}>
            <Table.Td>
              {paper.title} {paper.deleted && <Badge color="gray">Удалён</Badge>}
            </Table.Td>
            <Table.Td>{formatMoment(toClinic(paper.made_on, clinic.zone))}</Table.Td>
            <Table.Td>{paper.visit_number === null ? '' : `№ ${paper.visit_number}`}</Table.Td>
            <Table.Td>
              <Group gap="xs" justify="flex-end" wrap="nowrap">
                <PaperButton label="Печать" address={paperFile(paper.id)} />
                <Button
                  variant="subtle"
                  color={paper.deleted ? undefined : 'red'}
                  aria-label={`${paper.deleted ? 'Вернуть' : 'Удалить'} ${paper.title}`}
                  disabled={change.isPending}
                  onClick={() => (paper.deleted ? change.mutate(paper) : remove(paper))}
                >
                  {paper.deleted ? 'Вернуть' : 'Удалить'}
                </Button>
              </Group>
            </Table.Td>
          </Table.Tr>
        ))}
      </Table.Tbody>
    </Table>
  );
}

function NewPaper({ id }: { id: string }) {
  const [template, setTemplate] = useState('');
  const [visit, setVisit] = useState<string | null>(null);
  const visits = useQuery(patientVisitsQuery(id, 1, VISITS_OFFERED));
  const make = useMutation({
    mutationFn: () => makePaper(id, template, visit),
    onSuccess: refreshPapers,
    onError: (error) => reportProblem(error, 'Документ не создан'),
  });
  return (
    <Paper withBorder p="lg" component="section" aria-label="Новый документ">
      <Group align="flex-end" gap="sm">
        <ReferenceSelect
          label="Шаблон"
          catalogue="paper_template"
          style={{ flex: 2, minWidth: 220 }}
          value={template}
          onChange={setTemplate}
        />
        <Choice
          label="О визите"
          placeholder="Без визита"
          clearable
          style={{ flex: 1, minWidth: 200 }}
          data={(visits.data?.items ?? []).map(({ id: value, number, starts_at: at }) => ({
            value,
            label: `№ ${number}, ${formatMoment(at)}`,
          }))}
          value={visit}
          onChange={setVisit}
        />
        <Button disabled={template === ''} loading={make.isPending} onClick={() => make.mutate()}>
          Создать
        </Button>
      </Group>
      <Text fz="sm" c="dimmed" mt="xs">
        Документ сохранится таким, каким создан, даже если шаблон или карта потом изменятся.
      </Text>
    </Paper>
  );
}
