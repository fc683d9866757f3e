import { Button, Checkbox, Divider, Group, Modal, Skeleton, Stack, Text, TextInput } from '@mantine/core';
import { useMutation, useQuery } from '@tanstack/react-query';
import { type ReactNode, useMemo, useState } from 'react';
import { Form } from '@/components/fields/Form';
import { LeaveQuestion, useClosing } from '@/components/LeaveQuestion';
import { reportDone } from '@/components/notices';
import { useStillHere } from '@/components/ownPage';
import { ProblemAlert } from '@/components/ProblemAlert';
import { useReturnFocus } from '@/components/useReturnFocus';
import { ReferenceSelect } from '@/entities/catalogue/ReferenceSelect';
import type { PatientChoice } from '@/entities/patient/patientChoice';
import { PatientPicker } from '@/entities/patient/PatientPicker';
import { PayingRows } from '@/entities/payment/PayingRows';
import { sentPart, typedParts } from '@/entities/payment/payingParts';
import { type Draft, restFor, settle } from '@/entities/payment/paymentDraft';
import type { Certificate } from '@/entities/payment/queries';
import { askPast } from '@/entities/stock/askPast';
import { StockPlaceContext } from '@/entities/stock/stockPlace';
import { GoodsTable } from '@/entities/visit/GoodsTable';
import { Totals } from '@/entities/visit/Totals';
import { type GoodsDraft, linesFaults, sentGoods, type VisitDiscount } from '@/entities/visit/visitLines';
import { amountsOf, inRubles } from '@/entities/visit/visitMoney';
import { faultsIn } from '@/lib/api/faults';
import { limits } from '@/lib/api/limits';
import { useRight } from '@/lib/api/me';
import { fromKopecks, kopecks, rubles } from '@/lib/text';
import classes from '../payment/PaymentDialog.module.css';
import { refreshSales, type SaleStart, saleStartQuery, sell } from './queries';

interface SaleDialogProps {
  /** The buyer, where the window is opened from a card. */
  readonly patient?: { readonly id: string; readonly name: string } | undefined;
  readonly onClose: () => void;
}

/** Sells goods without a visit: to a patient, or to somebody at the desk who pays at once. */
export function SaleDialog({ patient, onClose }: SaleDialogProps): ReactNode {
  useReturnFocus();
  const [buyer, setBuyer] = useState<PatientChoice | null>(
    patient === undefined ? null : { ...patient, phone: '', card_number: '' },
  );
  const start = useQuery(saleStartQuery(buyer?.id));
  const [typed, setTyped] = useState(false);
  const { close, blocker } = useClosing(typed, onClose);
  return (
    <>
      <Modal
        opened
        onClose={close}
        size={860}
        closeOnClickOutside={false}
        title={patient === undefined ? 'Продажа товаров' : `Продажа товаров: ${patient.name}`}
      >
        <ProblemAlert error={start.error} title="Продажу не начать" />
        {start.data === undefined ? (
          start.error === null && <Skeleton h={360} />
        ) : (
          <div onInput={() => setTyped(true)}>
            <Window
              start={start.data}
              buyer={buyer}
              onBuyer={patient === undefined ? setBuyer : undefined}
              onChanged={() => setTyped(true)}
              onSold={onClose}
              onCancel={close}
            />
          </div>
        )}
      </Modal>
      <LeaveQuestion blocker={blocker} />
    </>
  );
}

interface WindowProps {
  readonly start: SaleStart;
  readonly buyer: PatientChoice | null;
  /** Absent where the buyer is given. */
  readonly onBuyer: ((buyer: PatientChoice | null) => void) | undefined;
  readonly onChanged: () => void;
  readonly onSold: () => void;
  readonly onCancel: () => void;
}

function Window({ start, buyer, onBuyer, onChanged, onSold, onCancel }: WindowProps): ReactNode {
  const isStillHere = useStillHere();
  const mayPrice = useRight('visit_prices');
  const [warehouse, setWarehouse] = useState(start.warehouse?.id ?? '');
  const [goods, setGoods] = useState<readonly GoodsDraft[]>([]);
  const [discount, setDiscount] = useState<VisitDiscount | null>(null);
  const [sums, setSums] = useState<Readonly<Record<string, string>>>({});
  const [certificate, setCertificate] = useState<Certificate | null>(null);
  const [usesPrepayment, setUsesPrepayment] = useState(true);
  const [contact, setContact] = useState<string | null>(null);
  const [checked, setChecked] = useState(false);

  const amounts = amountsOf(goods, discount);
  const total = inRubles(amounts.net);
  const draft: Draft = {
    parts: typedParts(start, sums, certificate, false),
    visits: amounts.net > 0n ? [{ id: 'sale', due: total }] : [],
    prepayments: usesPrepayment ? start.prepayments : [],
    keepsRest: false,
  };
  const result = settle(draft);
  const prepaid = start.prepayments.reduce((sum, { rest }) => sum + kopecks(rest), 0);
  const place = useMemo(() => ({ warehouse, moment: start.moment }), [warehouse, start.moment]);

  const selling = useMutation({
    mutationFn: () =>
      askPast(
        (accepted) =>
          sell(
            {
              moment: start.moment,
              warehouse_id: warehouse,
              ...(buyer === null ? {} : { patient_id: buyer.id }),
              goods: goods.map((line) => {
                const { goods_id, quantity, unit, price, discount: own } = sentGoods(line, [], mayPrice);
                return { goods_id: goods_id ?? '', quantity, unit, discount: own ?? null, ...(price ? { price } : {}) };
              }),
              discount,
              parts: result.parts.map(sentPart),
              prepayments: result.prepayments.map(({ id, sum }) => ({ payment_id: id, sum: fromKopecks(sum) })),
              receipt_to: contact ?? start.receipt_to,
              comment: '',
            },
            accepted,
          ),
        'Всё равно продать',
        isStillHere,
      ),
    onSuccess: async ({ number }) => {
      await refreshSales();
      const change = result.change > 0 ? ` Сдача: ${rubles(fromKopecks(result.change))}` : '';
      reportDone(`Продано на ${rubles(total)}, накладная № ${number}.${change}`);
      if (isStillHere()) onSold();
    },
    onError: () => void refreshSales(),
  });

  const typedFaults = linesFaults([], goods, discount, null);
  const refused = faultsIn(selling.error, (field) => (/^(goods\.|discount|warehouse_id)/.test(field) ? field : undefined));
  const faults: Readonly<Record<string, string>> = { ...(refused as Record<string, string> | null), ...(checked ? typedFaults : {}) };
  const paidWhole = result.missing === 0;
  const submit = () => {
    setChecked(true);
    if (goods.length > 0 && warehouse !== '' && Object.keys(typedFaults).length === 0) selling.mutate();
  };

  return (
    <Form onSubmit={submit} aria-label="Продажа">
      <Stack gap="sm">
        <Group grow align="start">
          {onBuyer !== undefined && (
            <PatientPicker
              label="Пациент (необязательно)"
              value={buyer}
              onChange={(next) => {
                onBuyer(next);
                onChanged();
                setContact(null);
              }}
            />
          )}
          <ReferenceSelect
            label="Склад"
            catalogue="warehouse"
            required
            openOnFocus={false}
            clearable={false}
            value={warehouse}
            known={start.warehouse}
            error={checked && warehouse === '' ? 'Выберите склад' : faults.warehouse_id}
            onChange={setWarehouse}
          />
        </Group>
        <StockPlaceContext.Provider value={place}>
          <GoodsTable
            label="Товары продажи"
            goods={goods}
            amounts={amounts.lines}
            disabled={false}
            faults={faults}
            onChange={(change) => {
              onChanged();
              setGoods((now) => change({ goods: now }).goods);
            }}
          />
        </StockPlaceContext.Provider>
        {checked && goods.length === 0 && (
          <Text fz="sm" c="var(--mantine-color-error)" role="alert">
            Добавьте хотя бы один товар.
          </Text>
        )}
        <Totals
          label="Скидка на всё"
          discount={discount}
          amounts={amounts}
          disabled={false}
          faults={faults}
          onDiscount={setDiscount}
        />
        <Divider />
        {prepaid > 0 && result.due > 0 && (
          <Checkbox
            checked={usesPrepayment}
            onChange={({ currentTarget }) => setUsesPrepayment(currentTarget.checked)}
            label={`Зачесть аванс: есть ${rubles(fromKopecks(prepaid))}`}
          />
        )}
        <PayingRows
          start={start}
          sums={sums}
          certificate={certificate}
          owes={false}
          autoFocus={false}
          restFor={(id) => restFor(id, draft)}
          onType={(id, sum) => {
            onChanged();
            setSums((now) => ({ ...now, [id]: sum }));
          }}
          onCertificate={setCertificate}
        />
        <Stack gap={6} role="status">
          {result.change > 0 && <Line label="Сдача" sum={result.change} />}
          {result.over > 0 && (
            <Text fz="sm" c="var(--mantine-color-error)">
              {`Это на ${rubles(fromKopecks(result.over))} больше, чем нужно. Уменьшите сумму.`}
            </Text>
          )}
          {result.missing > 0 && buyer !== null && (
            <Text fz="sm" c="dimmed">{`Останется долг ${rubles(fromKopecks(result.missing))}`}</Text>
          )}
          {result.missing > 0 && buyer === null && (
            <Text fz="sm" c="dimmed">
              {`Осталось заплатить ${rubles(fromKopecks(result.missing))}. Без пациента в долг не продают.`}
            </Text>
          )}
        </Stack>
        <TextInput
          label="Электронный чек"
          placeholder="Почта или телефон"
          {...limits.NewSale.receipt_to}
          value={contact ?? start.receipt_to}
          onChange={({ currentTarget: { value } }) => setContact(value)}
        />
        {refused === null && <ProblemAlert error={selling.error} title="Товары не проданы" />}
        <Group justify="end" gap="sm">
          <Button variant="default" onClick={onCancel}>
            Отмена
          </Button>
          <Button
            type="submit"
            loading={selling.isPending}
            disabled={result.over > 0 || (goods.length > 0 && buyer === null && !paidWhole)}
          >
            Продать
          </Button>
        </Group>
      </Stack>
    </Form>
  );
}

function Line({ label, sum }: { readonly label: string; readonly sum: number }): ReactNode {
  return (
    <div className={classes.total}>
      <Text fw={600}>{label}</Text>
      <Text fw={700} fz="lg">
        {rubles(fromKopecks(sum))}
      </Text>
    </div>
  );
}
