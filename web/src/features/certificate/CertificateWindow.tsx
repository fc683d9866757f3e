import { Group, Text, Textarea, TextInput } from '@mantine/core';
import { getRouteApi } from '@tanstack/react-router';
import { type ReactNode, useState } from 'react';
import { CardPage, type Leaving } from '@/components/card/CardPage';
import { CardWindow } from '@/components/card/CardWindow';
import { theirNote } from '@/components/card/theirNote';
import { useCardWindow } from '@/components/card/useCardWindow';
import { DateField } from '@/components/fields/DateField';
import { NumberField } from '@/components/fields/NumberField';
import { useToday } from '@/components/fields/useToday';
import { ChoiceSelect } from '@/entities/catalogue/ReferenceSelect';
import { useActiveChoices } from '@/entities/catalogue/useChoices';
import type { PatientChoice } from '@/entities/patient/patientChoice';
import { PatientPicker } from '@/entities/patient/PatientPicker';
import { type Certificate, returnCertificate } from '@/entities/payment/queries';
import { labels } from '@/lib/api/labels';
import { limits } from '@/lib/api/limits';
import { useMe, useRight } from '@/lib/api/me';
import { rubles } from '@/lib/text';
import { clinicNow, formatMoment } from '@/lib/time';
import {
  changeOf,
  emptyOf,
  faultsOf,
  faultsOfRefusal,
  formatField,
  newOf,
  type Typed,
  typedOf,
} from './certificateForm';
import {
  certificateQuery,
  changeCertificate,
  deleteCertificate,
  refreshCertificates,
  sellCertificate,
} from './queries';

const LABELS = { ...labels.NewCertificate, ...labels.CertificateChange };
const route = getRouteApi('/shell/certificates/$id');

export function CertificatePage(): ReactNode {
  const { id } = route.useParams();
  const navigate = route.useNavigate();
  const leave = (saved: boolean) => void navigate({ to: '/certificates', search: true, ignoreBlocker: saved });
  return (
    <CardPage id={id} query={certificateQuery} title="Сертификат" size={520} leave={leave}>
      {(certificate, leaving) => <CertificateWindow certificate={certificate} {...leaving} />}
    </CardPage>
  );
}

interface CertificateWindowProps extends Leaving {
  readonly certificate: Certificate | null;
}

function CertificateWindow({ certificate, onClose, onDone }: CertificateWindowProps): ReactNode {
  const { zone } = useMe().clinic;
  const mayRefund = useRight('refunds');
  const today = useToday();
  const desks = useActiveChoices('cash_desk');
  const [only] = desks?.length === 1 ? desks : [];
  const saved = certificate === null ? { ...emptyOf(today), desk_id: only?.id ?? '' } : typedOf(certificate);
  const deleted = certificate?.deleted === true;
  const edited = useCardWindow<Certificate, Typed>({
    stored: certificate,
    saved,
    send: (sending) =>
      certificate === null
        ? sellCertificate(newOf({ ...saved, ...sending }, clinicNow(zone)))
        : changeCertificate(certificate, changeOf(sending)),
    remove: deleteCertificate,
    bringBack: returnCertificate,
    refresh: refreshCertificates,
    notices: {
      save: ({ code }) => (certificate === null ? `Сертификат № ${code} продан` : 'Сертификат сохранён'),
      remove: 'Сертификат удалён. Вернуть можно в его карточке.',
      bringBack: 'Сертификат возвращён',
    },
    onDone,
  });
  const { edits, card: typed, saving, setField: set } = edited;
  const below = (field: keyof Typed, hint?: string) =>
    theirNote(edits, saved, field, () => formatField(certificate, field), hint);
  return (
    <CardWindow
      title={certificate === null ? 'Продажа сертификата' : `Сертификат № ${certificate.code}`}
      size={520}
      type="certificate"
      stored={certificate}
      name={certificate === null ? '' : `сертификат № ${certificate.code}`}
      what="Сертификат"
      edited={edited}
      missing={faultsOf(typed)}
      refused={faultsOfRefusal(saving.error)}
      whenDeleted={{ title: 'Сертификат удалён', means: 'Платить им нельзя, пока он не возвращён.' }}
      afterDeletion="Деньги за него уйдут из кассы, платить им будет нельзя. Сертификат можно вернуть."
      deletable={mayRefund}
      onClose={onClose}
    >
      {(faults) => (
        <>
          {certificate !== null && <Sold certificate={certificate} />}
          <TextInput
            label={LABELS.code}
            data-autofocus
            required
            {...limits.NewCertificate.code}
            disabled={deleted}
            description={below('code')}
            error={faults.code}
            value={typed.code}
            onChange={(event) => set('code', event.currentTarget.value)}
          />
          {certificate === null && (
            <>
              <Group grow align="start">
                <NumberField
                  label={LABELS.nominal}
                  required
                  decimals={2}
                  unit="₽"
                  {...limits.NewCertificate.nominal}
                  error={faults.nominal}
                  value={typed.nominal}
                  onChange={(nominal) => set('nominal', nominal)}
                />
                <NumberField
                  label={LABELS.price}
                  placeholder="Как номинал"
                  description="0 – подарок"
                  inputWrapperOrder={['label', 'input', 'description', 'error']}
                  decimals={2}
                  unit="₽"
                  {...limits.NewCertificate.price}
                  error={faults.price}
                  value={typed.price}
                  onChange={(price) => set('price', price)}
                />
              </Group>
              <Group grow align="start">
                <ChoiceSelect
                  label={LABELS.desk_id}
                  required
                  clearable={false}
                  choices={desks}
                  error={faults.desk_id}
                  value={typed.desk_id}
                  onChange={(desk) => set('desk_id', desk)}
                />
                <DateField
                  label={LABELS.moment}
                  required
                  leaning="past"
                  error={faults.day}
                  value={typed.day}
                  onChange={(day) => set('day', day)}
                />
              </Group>
            </>
          )}
          <Buyer certificate={certificate} typed={typed} deleted={deleted} onChange={(id) => set('buyer_id', id)} />
          <DateField
            label={LABELS.valid_until}
            placeholder="Бессрочный"
            leaning="coming"
            disabled={deleted}
            description={below('valid_until')}
            error={faults.valid_until}
            value={typed.valid_until}
            onChange={(day) => set('valid_until', day)}
          />
          <Textarea
            label={LABELS.comment}
            autosize
            minRows={2}
            maxRows={6}
            {...limits.NewCertificate.comment}
            disabled={deleted}
            description={below('comment')}
            error={faults.comment}
            value={typed.comment}
            onChange={(event) => set('comment', event.currentTarget.value)}
          />
        </>
      )}
    </CardWindow>
  );
}

/** What doesn't change any more. */
function Sold({ certificate }: { readonly certificate: Certificate }): ReactNode {
  const { moment, nominal, price, left, desk } = certificate;
  return (
    <div>
      <Text fw={600}>
        {`Осталось ${rubles(left)}`}
        <Text span c="dimmed" fw={400}>{` из ${rubles(nominal)}`}</Text>
      </Text>
      <Text fz="sm" c="dimmed">
        {`${Number(price) === 0 ? 'Подарен' : `Продан за ${rubles(price)}`} ${formatMoment(moment)}, ${desk.name}`}
      </Text>
    </div>
  );
}

interface BuyerProps {
  readonly certificate: Certificate | null;
  readonly typed: Typed;
  readonly deleted: boolean;
  readonly onChange: (id: string) => void;
}

function Buyer({ certificate, typed, deleted, onChange }: BuyerProps): ReactNode {
  const [found, setFound] = useState<PatientChoice | null>(null);
  const id = typed.buyer_id;
  const known = { id, name: certificate?.buyer?.name ?? 'Пациент', phone: '', card_number: '' };
  return (
    <PatientPicker
      label="Покупатель"
      value={id === '' ? null : found?.id === id ? found : known}
      disabled={deleted}
      onChange={(patient) => {
        setFound(patient);
        onChange(patient?.id ?? '');
      }}
    />
  );
}
