import { Button, Checkbox, Group, Modal, Select, Skeleton, Stack, Text } from '@mantine/core';
import { useMutation, useQuery } from '@tanstack/react-query';
import { type ReactNode, useState } from 'react';
import { useToday } from '@/components/fields/useToday';
import { allRows } from '@/components/list/listSearch';
import { reportDone } from '@/components/notices';
import { ProblemAlert } from '@/components/ProblemAlert';
import { useReturnFocus } from '@/components/useReturnFocus';
import { queryClient } from '@/lib/api/queries';
import { saveFile } from '@/lib/saveFile';
import { formatDate } from '@/lib/time';
import { electronicForm, handOver, refreshTaxCertificates, taxCertificatesQuery } from './queries';
import { likelyYear, yearsUntil } from './search';
import { inCodes } from './Sums';

/** The file for the tax office: certificates of a year that weren't sent yet, then the note that they were. */
export function ElectronicFormDialog({ onClose }: { readonly onClose: () => void }): ReactNode {
  useReturnFocus();
  const today = useToday();
  const years = yearsUntil(today);
  const [year, setYear] = useState(likelyYear(today));
  const [left, setLeft] = useState<ReadonlySet<string>>(new Set());
  const [downloaded, setDownloaded] = useState<readonly string[]>([]);
  const found = useQuery({
    queryKey: ['tax-certificates', 'unsent', year],
    queryFn: () => allRows((page, size) => queryClient.query(taxCertificatesQuery({ year: Number(year), page, size }))),
    meta: { models: ['tax_certificates', 'payments', 'certificates', 'calendar', 'services', 'patients', 'settings'] },
  });
  const unsent = (found.data ?? []).filter(
    ({ handed, correction, deleted }) =>
      !deleted && !handed.some((one) => one.correction === correction && one.way === 'electronic'),
  );
  const chosen = unsent.map(({ id }) => id).filter((id) => !left.has(id));
  const making = useMutation({
    mutationFn: () => electronicForm(chosen),
    onSuccess: ({ name, content }) => {
      saveFile(name, content);
      setDownloaded(chosen);
    },
  });
  const noting = useMutation({
    mutationFn: () => handOver(downloaded, 'electronic'),
    onSuccess: async () => {
      await refreshTaxCertificates();
      reportDone('Отмечено: справки отправлены');
      onClose();
    },
  });
  const toggle = (id: string) =>
    setLeft((now) => {
      const next = new Set(now);
      if (!next.delete(id)) next.add(id);
      return next;
    });
  return (
    <Modal opened onClose={onClose} size={640} title="Файл для налоговой">
      <Stack gap="sm">
        <Group align="end" justify="space-between">
          <Select
            label="Год оплаты"
            w={140}
            allowDeselect={false}
            data={years}
            value={year}
            onChange={(next) => {
              setYear(next ?? year);
              setDownloaded([]);
            }}
          />
          <Text fz="sm" c="dimmed">
            В файл входят последние выпуски справок.
          </Text>
        </Group>
        <ProblemAlert error={found.error} />
        {found.isPending && <Skeleton h={120} />}
        {found.data !== undefined && unsent.length === 0 && (
          <Text c="dimmed">{`За ${year} год неотправленных справок нет.`}</Text>
        )}
        <Stack gap={6} mah="45vh" style={{ overflowY: 'auto' }}>
          {unsent.map((one) => (
            <Checkbox
              key={one.id}
              label={`№ ${one.number} от ${formatDate(one.issued_on)}, ${one.payer_name} – ${inCodes(one)}`}
              checked={!left.has(one.id)}
              onChange={() => toggle(one.id)}
            />
          ))}
        </Stack>
        <ProblemAlert error={making.error} title="Файл не сделан" />
        <ProblemAlert error={noting.error} title="Не отмечено" />
        {downloaded.length > 0 && (
          <Text fz="sm">Отправьте файл оператору или в личный кабинет налоговой, затем отметьте справки.</Text>
        )}
        <Group justify="end" gap="sm">
          <Button variant="default" onClick={onClose}>
            Закрыть
          </Button>
          {downloaded.length > 0 && (
            <Button variant="default" loading={noting.isPending} onClick={() => noting.mutate()}>
              Отметить отправленными
            </Button>
          )}
          <Button disabled={chosen.length === 0} loading={making.isPending} onClick={() => making.mutate()}>
            Скачать файл
          </Button>
        </Group>
      </Stack>
    </Modal>
  );
}
