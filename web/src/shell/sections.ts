import {
  IconAdjustments,
  IconBook2,
  IconBriefcase2,
  IconBuildingHospital,
  IconBuildingWarehouse,
  IconCalendarEvent,
  IconCash,
  IconClipboardList,
  IconClockHour4,
  IconDoor,
  IconFileExport,
  IconFileImport,
  IconHistory,
  IconShieldLock,
  IconId,
  IconListTree,
  IconPackage,
  IconRuler2,
  IconSpeakerphone,
  IconTags,
  IconTruckDelivery,
  IconUsers,
  IconUserHeart,
  type Icon,
} from '@tabler/icons-react';
import type { Right } from '@/lib/api/model';

export interface Section {
  title: string;
  to: string;
  right: Right;
  icon: Icon;
}

export interface SectionGroup {
  title: string | null;
  sections: readonly Section[];
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
      { title: 'Должности', to: '/catalogues/position', right: 'positions', icon: IconId },
    ],
  },
  {
    title: 'Финансы',
    sections: [
      { title: 'Кассы', to: '/catalogues/cash_desk', right: 'cash_desks', icon: IconCash },
      { title: 'Статьи', to: '/articles', right: 'articles', icon: IconListTree },
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

/** The page behind a right; undefined for a right without one. */
export function sectionOf(right: string): string | undefined {
  return SECTIONS.flatMap(({ sections }) => sections).find((section) => section.right === right)?.to;
}

export function firstSection(rights: readonly Right[]): string {
  return visibleGroups(rights)[0]?.sections[0]?.to ?? '/nothing';
}
