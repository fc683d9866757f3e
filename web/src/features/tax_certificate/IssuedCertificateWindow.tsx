import { Alert, Button, Group, Modal, Stack, Table, Text } from '@mantine/core';
import { IconBan, IconHistory, IconTrash } from '@tabler/icons-react';
import { useMutation } from '@tanstack/react-query';
import { type ReactNode, useState } from 'react';
import { askFirst } from '@/components/askFirst';
import type { Leaving } from '@/components/card/CardPage';
import { ButtonLink } from '@/components/links';
import { reportDone, reportProblem } from '@/components/notices';
import { PaperButton } from '@/components/papers';
import { ObjectLink } from '@/entities/object/ObjectLink';
import { useRight } from '@/lib/api/me';
import { rubles } from '@/lib/text';
import { formatDate } from '@/lib/time';
import { CorrectionForm } from './CorrectionForm';
import {
  annulTaxCertificate,
  deleteTaxCertificate,
  handOver,
  paperAddress,
  refreshTaxCertificates,
  returnTaxCertificate,
  type TaxCertificate,
} from './queries';
import { handedIn, isAnnulled, paperName } from './states';
import { inCodes, LeftOut } from './Sums';

interface IssuedCertificateWindowProps extends Leaving {
  readonly certificate: TaxCertificate;
}

/** A certificate with its papers: nothing in them changes, what is otherwise now becomes a further paper. */
export function IssuedCertificateWindow({ certificate, onClose, onDone }: IssuedCertificateWindowProps): ReactNode {
  const { number, year, payer, patient, papers, now, changed, deleted } = certificate;
  const [correcting, setCorrecting] = useState(false);
  const annulled = isAnnulled(certificate);
  const open = !deleted && !annulled;
  return (
    <Modal
      opened
      onClose={onClose}
      size={860}
      title={`Справка для налоговой № ${number}`}
      closeOnClickOutside={!correcting}
    >
      <Stack gap="md">
        {deleted && <Alert color="gray" title="Справка удалена" />}
        {annulled && !deleted && (
          <Alert color="gray" title="Справка аннулирована">
            Для этого плательщика, пациента и года можно выписать новую.
          </Alert>
        )}
        <div>
          <Text>{`Оплаты за ${year} год`}</Text>
          <Text>
            {'Плательщик: '}
            <ObjectLink type="patient" id={payer.id} inherit>
              {payer.name}
            </ObjectLink>
          </Text>
          <Text>
            {'Пациент: '}
            <ObjectLink type="patient" id={patient.id} inherit>
              {patient.name}
            </ObjectLink>
          </Text>
        </div>
        {changed && !correcting && (
          <Alert color="yellow" title="Оплаты изменились после выдачи">
            <Group justify="space-between" gap="sm">
              <Text fz="sm">{`Теперь – ${inCodes(now)}.`}</Text>
              <Button size="compact-sm" onClick={() => setCorrecting(true)}>
                Выпустить корректировку
              </Button>
            </Group>
          </Alert>
        )}
        <LeftOut sums={now} />
        <Table aria-label="Выпуски справки">
          <Table.Thead>
            <Table.Tr>
              <Table.Th>Выпуск</Table.Th>
              <Table.Th>Дата</Table.Th>
              <Table.Th ta="right">Код 1</Table.Th>
              <Table.Th ta="right">Код 2</Table.Th>
              <Table.Th>Выдача</Table.Th>
              <Table.Th aria-label="Печать" />
            </Table.Tr>
          </Table.Thead>
          <Table.Tbody>
            {papers.toReversed().map((paper) => (
              <Table.Tr key={paper.correction}>
                <Table.Td>{paperName(paper.correction)}</Table.Td>
                <Table.Td>{formatDate(paper.card.issued_on)}</Table.Td>
                <Table.Td ta="right">{rubles(paper.code_1)}</Table.Td>
                <Table.Td ta="right">{rubles(paper.code_2)}</Table.Td>
                <Table.Td>{handedIn(certificate.handed, paper.correction)}</Table.Td>
                <Table.Td>
                  <PaperButton label="Печать" address={paperAddress(certificate.id, paper.correction)} />
                </Table.Td>
              </Table.Tr>
            ))}
          </Table.Tbody>
        </Table>
        {correcting ? (
          <CorrectionForm certificate={certificate} onClose={() => setCorrecting(false)} />
        ) : (
          <Actions
            certificate={certificate}
            open={open}
            onCorrect={() => setCorrecting(true)}
            onClose={onClose}
            onDone={onDone}
          />
        )}
      </Stack>
    </Modal>
  );
}

interface ActionsProps extends IssuedCertificateWindowProps {
  readonly open: boolean;
  readonly onCorrect: () => void;
}

function Actions({ certificate, open, onCorrect, onClose, onDone }: ActionsProps): ReactNode {
  const { id, number, deleted, handed, correction } = certificate;
  const mayRead = useRight('journal');
  const handing = useChange(() => handOver([id], 'paper'), 'Отмечено: справка выдана');
  const annulling = useChange(() => annulTaxCertificate(certificate), 'Справка аннулирована');
  const removing = useChange(() => deleteTaxCertificate(certificate), 'Справка удалена', onDone);
  const returning = useChange(() => returnTaxCertificate(certificate), 'Справка возвращена');
  const given = handed.some((one) => one.correction === correction && one.way === 'paper');
  return (
    <Group justify="space-between" gap="sm">
      <Group gap="xs">
        {open && handed.length === 0 && (
          <Button
            variant="subtle"
            color="red"
            leftSection={<IconTrash size={16} stroke={1.7} aria-hidden />}
            loading={removing.isPending}
            onClick={() =>
              askFirst({
                title: `Удалить справку № ${number}?`,
                means:
                  'Её ещё никому не выдавали, поэтому можно удалить. Номер снова не используется, справку можно вернуть.',
                onConfirm: () => removing.mutate(),
              })
            }
          >
            Удалить
          </Button>
        )}
        {open && handed.length > 0 && (
          <Button
            variant="subtle"
            color="red"
            leftSection={<IconBan size={16} stroke={1.7} aria-hidden />}
            loading={annulling.isPending}
            onClick={() =>
              askFirst({
                title: `Аннулировать справку № ${number}?`,
                means:
                  'Появится выпуск с номером корректировки 999. Отменить аннулирование нельзя, можно выписать новую справку.',
                confirm: 'Аннулировать',
                cancel: 'Не аннулировать',
                onConfirm: () => annulling.mutate(),
              })
            }
          >
            Аннулировать
          </Button>
        )}
        {mayRead && (
          <ButtonLink
            to="/history/$type/$id"
            params={{ type: 'tax_certificate', id }}
            variant="subtle"
            color="gray"
            leftSection={<IconHistory size={16} stroke={1.7} aria-hidden />}
          >
            История
          </ButtonLink>
        )}
      </Group>
      <Group gap="sm">
        {deleted && (
          <Button loading={returning.isPending} onClick={() => returning.mutate()}>
            Вернуть
          </Button>
        )}
        {open && (
          <Button variant="default" onClick={onCorrect}>
            Корректировка
          </Button>
        )}
        {!deleted && !given && (
          <Button variant="default" loading={handing.isPending} onClick={() => handing.mutate()}>
            Отметить выданной
          </Button>
        )}
        <Button variant="default" onClick={onClose}>
          Закрыть
        </Button>
      </Group>
    </Group>
  );
}

function useChange(change: () => Promise<unknown>, done: string, after?: () => void) {
  return useMutation({
    mutationFn: change,
    onSuccess: async () => {
      await refreshTaxCertificates();
      reportDone(done);
      after?.();
    },
    onError: (error) => {
      reportProblem(error, 'Не получилось');
      void refreshTaxCertificates();
    },
  });
}
