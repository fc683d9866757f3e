import {
  IconAdjustments,
  IconBook2,
  IconBriefcase2,
  IconBuildingBank,
  IconBuildingHospital,
  IconBuildingWarehouse,
  IconCalendarEvent,
  IconCash,
  IconChartBar,
  IconChartHistogram,
  IconClipboardList,
  IconClockHour4,
  IconCoins,
  IconDoor,
  IconFileCertificate,
  IconFileExport,
  IconFileImport,
  IconFileInvoice,
  IconFileText,
  IconGift,
  IconHistory,
  IconShieldLock,
  IconId,
  IconListTree,
  IconPackage,
  IconReceipt,
  IconReceipt2,
  IconRuler2,
  IconScale,
  IconSpeakerphone,
  IconStack2,
  IconTags,
  IconTransferVertical,
  IconTruckDelivery,
  IconUsers,
  IconUserHeart,
  IconWallet,
  IconZoomMoney,
  type Icon,
} from '@tabler/icons-react';
import type { Right } from '@/lib/api/model';

export interface Section {
  title: string;
  to: string;
  right: Right;
  icon: Icon;
  /** One of several pages that the menu has one entry for; from one of them the others are reached. */
  within?: string;
}

export interface SectionGroup {
  title: string | null;
  sections: readonly Section[];
}

const STOCK = 'Остатки';
const STOCK_DOCUMENTS = 'Документы склада';
const MONEY_DOCUMENTS = 'Денежные документы';
const PAY = 'Зарплата';

/** Pages that the menu has one entry for. */
function together(within: string, icon: Icon, sections: readonly Pick<Section, 'title' | 'to' | 'right'>[]): Section[] {
  return sections.map((section) => ({ ...section, icon, within }));
}

/** The menu: what is built and what the user's rights show. */
export const SECTIONS: readonly SectionGroup[] = [
  { title: null, sections: [{ title: 'Расписание', to: '/calendar', right: 'calendar', icon: IconCalendarEvent }] },
  {
    title: 'Маркетинг',
    sections: [{ title: 'Источники', to: '/catalogues/source', right: 'sources', icon: IconSpeakerphone }],
  },
  {
    title: 'Продажи',
    sections: [
      { title: 'Пациенты', to: '/patients', right: 'patients', icon: IconUserHeart },
      { title: 'Визиты', to: '/visits', right: 'visits', icon: IconClipboardList },
      { title: 'Услуги', to: '/services', right: 'services', icon: IconBriefcase2 },
      {
        title: 'Категории пациентов',
        to: '/catalogues/patient_category',
        right: 'patient_categories',
        icon: IconTags,
      },
    ],
  },
  {
    title: 'Склад',
    sections: [
      ...together(STOCK, IconStack2, [
        { title: 'Остатки', to: '/stock', right: 'stock_balances' },
        { title: 'Что купить', to: '/stock/to-buy', right: 'stock_balances' },
        { title: 'Сроки годности', to: '/stock/expiring', right: 'stock_balances' },
      ]),
      ...together(STOCK_DOCUMENTS, IconFileInvoice, [
        { title: 'Поступления товаров', to: '/stock/stock_receipt', right: 'stock_receipts' },
        { title: 'Списания товаров', to: '/stock/stock_write_off', right: 'stock_write_offs' },
        { title: 'Перемещения товаров', to: '/stock/stock_transfer', right: 'stock_transfers' },
        { title: 'Расходные накладные', to: '/stock/goods_issue', right: 'goods_issues' },
        { title: 'Возвраты от покупателей', to: '/stock/customer_return', right: 'goods_issues' },
        { title: 'Инвентаризации', to: '/stock/stock_count', right: 'stock_counts' },
        { title: 'Возвраты поставщикам', to: '/stock/supplier_return', right: 'stock_receipts' },
        { title: 'Начальные остатки', to: '/stock/opening_stock', right: 'stock_receipts' },
      ]),
      { title: 'Товары', to: '/catalogues/goods', right: 'goods', icon: IconPackage },
      { title: 'Единицы измерения', to: '/catalogues/unit', right: 'units', icon: IconRuler2 },
      { title: 'Склады', to: '/catalogues/warehouse', right: 'warehouses', icon: IconBuildingWarehouse },
      { title: 'Контрагенты', to: '/catalogues/counterparty', right: 'counterparties', icon: IconTruckDelivery },
    ],
  },
  {
    title: 'Сотрудники',
    sections: [
      { title: 'Сотрудники', to: '/employees', right: 'employees', icon: IconUsers },
      ...together(PAY, IconCoins, [
        { title: 'Расчёт ЗП', to: '/payroll', right: 'payroll' },
        { title: 'Начисления ЗП', to: '/pay-accruals', right: 'payroll' },
        { title: 'Расчёты с сотрудниками', to: '/pay-settlements', right: 'payroll' },
        { title: 'Схемы начисления ЗП', to: '/pay-schemes', right: 'pay_schemes' },
        { title: 'Моя зарплата', to: '/own-payroll', right: 'own_payroll' },
      ]),
      { title: 'Должности', to: '/catalogues/position', right: 'positions', icon: IconId },
    ],
  },
  {
    title: 'Финансы',
    sections: [
      { title: 'Остатки в кассах', to: '/money', right: 'desk_balances', icon: IconWallet },
      ...together(MONEY_DOCUMENTS, IconReceipt2, [
        { title: 'Приход средств', to: '/money/money_income', right: 'money_incomes' },
        { title: 'Расход средств', to: '/money/money_outgo', right: 'money_outgoes' },
        { title: 'Перемещение средств', to: '/money/money_transfer', right: 'money_transfers' },
      ]),
      { title: 'Сертификаты', to: '/certificates', right: 'certificates', icon: IconGift },
      { title: 'Кассовые чеки', to: '/fiscal-receipts', right: 'fiscal_receipts', icon: IconReceipt },
      {
        title: 'Справки для налоговой',
        to: '/tax-certificates',
        right: 'tax_certificates',
        icon: IconFileCertificate,
      },
      { title: 'Счета организациям', to: '/invoices', right: 'invoices', icon: IconBuildingBank },
      { title: 'Расчёты', to: '/settlements', right: 'settlements', icon: IconScale },
      { title: 'Кассы', to: '/catalogues/cash_desk', right: 'cash_desks', icon: IconCash },
      { title: 'Статьи', to: '/articles', right: 'articles', icon: IconListTree },
    ],
  },
  {
    title: 'Отчёты',
    sections: [
      { title: 'Выручка', to: '/reports/income', right: 'income_report', icon: IconChartBar },
      { title: 'Долги и авансы', to: '/reports/debts', right: 'debt_report', icon: IconZoomMoney },
      { title: 'Загрузка', to: '/reports/load', right: 'load_report', icon: IconChartHistogram },
      { title: 'Оборот склада', to: '/reports/stock-turnover', right: 'stock_balances', icon: IconTransferVertical },
    ],
  },
  {
    title: 'Настройки',
    sections: [
      { title: 'График', to: '/settings/hours', right: 'hours', icon: IconClockHour4 },
      { title: 'Информация о клинике', to: '/settings/clinic', right: 'clinic_info', icon: IconBuildingHospital },
      { title: 'Кабинеты', to: '/catalogues/room', right: 'rooms', icon: IconDoor },
      { title: 'Настройки клиники', to: '/settings', right: 'clinic_settings', icon: IconAdjustments },
      { title: 'Права доступа', to: '/settings/rights', right: 'rights', icon: IconShieldLock },
      { title: 'Загрузка из MS Excel', to: '/settings/excel/import', right: 'excel_import', icon: IconFileImport },
      { title: 'Выгрузка в MS Excel', to: '/settings/excel/export', right: 'excel_export', icon: IconFileExport },
      { title: 'Шаблоны документов', to: '/catalogues/paper_template', right: 'paper_templates', icon: IconFileText },
      { title: 'Справочники', to: '/settings/dictionaries', right: 'dictionaries', icon: IconBook2 },
      { title: 'Журнал действий', to: '/journal', right: 'journal', icon: IconHistory },
    ],
  },
];

export function visibleGroups(rights: readonly Right[]): SectionGroup[] {
  return SECTIONS.map((group) => ({
    ...group,
    sections: group.sections.filter(({ right }) => rights.includes(right)),
  })).filter((group) => group.sections.length > 0);
}

/** Pages of stock documents. */
export function stockSections(): Section[] {
  return SECTIONS.flatMap(({ sections }) => sections).filter(({ within }) => within === STOCK_DOCUMENTS);
}

/** Pages of money documents. */
export function moneySections(): Section[] {
  return SECTIONS.flatMap(({ sections }) => sections).filter(({ within }) => within === MONEY_DOCUMENTS);
}

export interface MenuEntry extends Pick<Section, 'title' | 'to' | 'icon'> {
  /** Of the pages that it stands for, all that lies below each. */
  readonly pages: readonly string[];
}

/** What the menu shows of a group: one entry for sections that belong together. */
export function menuEntries(sections: readonly Section[]): MenuEntry[] {
  const entries = new Map<string, MenuEntry>();
  for (const { title, to, icon, within } of sections) {
    const known = within === undefined ? undefined : entries.get(within);
    if (known === undefined) entries.set(within ?? to, { title: within ?? title, to, icon, pages: [to] });
    else entries.set(within ?? to, { ...known, pages: [...known.pages, to] });
  }
  return [...entries.values()];
}

/** The page behind a right; undefined for a right without one. */
export function sectionOf(right: string): string | undefined {
  return SECTIONS.flatMap(({ sections }) => sections).find((section) => section.right === right)?.to;
}

export function firstSection(rights: readonly Right[]): string {
  return visibleGroups(rights)[0]?.sections[0]?.to ?? '/nothing';
}
