import { Alert, Button, Checkbox, Stack, Text } from '@mantine/core';
import { Fragment, type ReactNode } from 'react';
import { NumberField } from '@/components/fields/NumberField';
import { limits } from '@/lib/api/limits';
import { fromKopecks, kopecks, rubles } from '@/lib/text';
import { CertificateField } from './CertificateField';
import { OWED, type PayingStart, type Sums } from './payingParts';
import type { settle } from './paymentDraft';
import classes from './PaymentDialog.module.css';
import type { Certificate } from './queries';

const MONEY = { decimals: 2, unit: '₽', ...limits.PaymentPart.sum };

interface PayingRowsProps {
  readonly start: PayingStart;
  readonly sums: Sums;
  readonly certificate: Certificate | null;
  /** An organisation may owe a part. */
  readonly owes: boolean;
  readonly autoFocus?: boolean;
  /** Kopecks still to be paid beside a part. */
  readonly restFor: (id: string) => number;
  readonly onType: (id: string, sum: string) => void;
  readonly onCertificate: (certificate: Certificate | null) => void;
}

/** What is paid, desk by desk, by a certificate, and what an organisation owes. */
export function PayingRows(props: PayingRowsProps): ReactNode {
  const { start, sums, certificate, owes, autoFocus = true, restFor, onType, onCertificate } = props;
  const row = (id: string, name: string, label: string, focused = false) => (
    <Fragment key={id}>
      <Text component="label" htmlFor={`desk-${id}`}>
        {name}
      </Text>
      <NumberField
        id={`desk-${id}`}
        aria-label={label}
        value={sums[id] ?? ''}
        onChange={(sum) => onType(id, sum)}
        autoFocus={focused} // the window is open before its fields are there
        data-autofocus={focused || undefined}
        {...MONEY}
      />
      <Button
        variant="default"
        size="compact-md"
        onClick={() => onType(id, fromKopecks(restFor(id)))}
        aria-label={`${name}: вся сумма`}
      >
        Вся сумма
      </Button>
    </Fragment>
  );
  return (
    <div className={classes.desks}>
      {start.desks.map(({ id, name, kind }, index) =>
        row(id, name, kind === 'cash' ? `${name}: получено` : name, autoFocus && index === 0),
      )}
      {owes && row(OWED, 'В счёт организации', 'В счёт организации')}
      {start.certificates && (
        <>
          <CertificateField value={certificate} onChange={onCertificate} day={start.moment.slice(0, 10)} />
          <NumberField
            aria-label="Сертификат: сумма"
            disabled={certificate === null}
            value={certificate === null ? '' : (sums[certificate.id] ?? '')}
            onChange={(sum) => onType(certificate?.id ?? '', sum)}
            {...MONEY}
          />
          <Button
            variant="default"
            size="compact-md"
            disabled={certificate === null}
            aria-label="Сертификат: сколько можно"
            onClick={() => {
              if (certificate === null) return;
              const most = Math.min(restFor(certificate.id), kopecks(certificate.left));
              onType(certificate.id, fromKopecks(most));
            }}
          >
            Сколько можно
          </Button>
        </>
      )}
    </div>
  );
}

interface SummaryProps {
  readonly result: ReturnType<typeof settle>;
  readonly keepsRest: boolean;
  readonly onKeep: (keeps: boolean) => void;
}

/** What is given back, kept, or still lacking. */
export function Summary({ result, keepsRest, onKeep }: SummaryProps) {
  const more = result.change + result.over;
  return (
    <Stack gap={6} role="status">
      {result.change > 0 && (
        <div className={classes.total}>
          <Text fw={600}>Сдача</Text>
          <Text fw={700} fz="lg">
            {rubles(fromKopecks(result.change))}
          </Text>
        </div>
      )}
      {(more > 0 || keepsRest) && (
        <Checkbox
          checked={keepsRest}
          onChange={({ currentTarget: { checked } }) => onKeep(checked)}
          label={
            result.over > 0 ? `Оставить авансом ${rubles(fromKopecks(result.over))}` : 'Что больше – оставить авансом'
          }
        />
      )}
      {result.over > 0 && !keepsRest && (
        <Alert color="orange" p="xs">
          Это на {rubles(fromKopecks(result.over))} больше, чем нужно. Уменьшите сумму или оставьте остаток авансом.
        </Alert>
      )}
      {result.missing > 0 && result.missing < result.toPay && (
        <Text fz="sm" c="dimmed">
          Останется долг {rubles(fromKopecks(result.missing))}
        </Text>
      )}
    </Stack>
  );
}
