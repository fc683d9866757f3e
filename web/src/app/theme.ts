import {
  ActionIcon,
  Alert,
  Button,
  Checkbox,
  createTheme,
  type CSSVariablesResolver,
  Drawer,
  Input,
  InputWrapper,
  Loader,
  Menu,
  Modal,
  MultiSelect,
  type MantineColorsTuple,
  Notification,
  Pagination,
  Paper,
  PasswordInput,
  Popover,
  Select,
  Skeleton,
  Table,
  Tooltip,
} from '@mantine/core';
import { DatePicker, MonthPicker, MonthPickerInput } from '@mantine/dates';
import classes from './theme.module.css';

const sea: MantineColorsTuple = [
  '#ebf5f8',
  '#d8eaf0',
  '#b2d6e2',
  '#85bed1',
  '#5aa6bf',
  '#3a91ad',
  '#217d9b',
  '#126f8d',
  '#0b6480',
  '#064c62',
];

const gray: MantineColorsTuple = [
  '#f6f8f9',
  '#eef1f3',
  '#e3e8eb',
  '#d3dade',
  '#b8c2c9',
  '#87929d',
  '#697681',
  '#4d5964',
  '#333e48',
  '#1d262e',
];

const dark: MantineColorsTuple = [
  '#dbe1e6',
  '#b9c3cb',
  '#9aa6b1',
  '#6c7985',
  '#47535e',
  '#37424c',
  '#2a343d',
  '#1d252c',
  '#171e24',
  '#11171c',
];

const dateLabels = {
  previousMonth: 'Предыдущий месяц',
  nextMonth: 'Следующий месяц',
  previousYear: 'Предыдущий год',
  nextYear: 'Следующий год',
  previousDecade: 'Предыдущее десятилетие',
  nextDecade: 'Следующее десятилетие',
};
// Days of the neighbouring months would be too pale to read; the level button is named by what it shows.
const dated = { ariaLabels: dateLabels, hideOutsideDates: true };
const monthly = { ariaLabels: dateLabels };
const pageButton = {
  next: 'Следующая страница',
  previous: 'Предыдущая страница',
  first: 'Первая страница',
  last: 'Последняя страница',
};
const closing = { closeButtonProps: { 'aria-label': 'Закрыть' } };
const clearing = { clearButtonProps: { 'aria-label': 'Очистить' } };

export const theme = createTheme({
  primaryColor: 'sea',
  primaryShade: 8,
  colors: { sea, gray, dark },
  black: '#1b242c',
  fontFamily: "'Golos Text Variable', system-ui, -apple-system, 'Segoe UI', Roboto, sans-serif",
  fontFamilyMonospace: "ui-monospace, 'Cascadia Mono', 'DejaVu Sans Mono', monospace",
  fontSizes: { xs: '0.75rem', sm: '0.8125rem', md: '0.875rem', lg: '1rem', xl: '1.125rem' },
  lineHeights: { xs: '1.35', sm: '1.4', md: '1.45', lg: '1.5', xl: '1.5' },
  headings: {
    fontWeight: '600',
    sizes: {
      h1: { fontSize: '1.25rem', lineHeight: '1.3' },
      h2: { fontSize: '1.0625rem', lineHeight: '1.35' },
      h3: { fontSize: '0.9375rem', lineHeight: '1.4' },
      h4: { fontSize: '0.875rem', lineHeight: '1.4' },
    },
  },
  defaultRadius: 'md',
  radius: { xs: '3px', sm: '5px', md: '7px', lg: '10px', xl: '16px' },
  spacing: { xs: '0.5rem', sm: '0.75rem', md: '1rem', lg: '1.25rem', xl: '1.75rem' },
  shadows: {
    xs: '0 1px 2px rgb(16 32 44 / 0.06)',
    sm: '0 1px 3px rgb(16 32 44 / 0.1)',
    md: '0 4px 16px rgb(16 32 44 / 0.12)',
    lg: '0 10px 32px rgb(16 32 44 / 0.16)',
    xl: '0 18px 48px rgb(16 32 44 / 0.2)',
  },
  cursorType: 'pointer',
  respectReducedMotion: true,
  components: {
    ActionIcon: ActionIcon.extend({ defaultProps: { variant: 'subtle', color: 'gray' } }),
    Alert: Alert.extend({ classNames: { label: classes.alertTitle }, defaultProps: { variant: 'light' } }),
    Button: Button.extend({ defaultProps: { loaderProps: { type: 'dots' } } }),
    Checkbox: Checkbox.extend({ defaultProps: { size: 'sm' } }),
    DatePicker: DatePicker.extend({ defaultProps: dated }),
    Drawer: Drawer.extend({ defaultProps: closing }),
    Input: Input.extend({ classNames: { input: classes.input } }),
    // What is said about a field stands under it, so that the fields of a row are level.
    InputWrapper: InputWrapper.extend({
      defaultProps: { inputWrapperOrder: ['label', 'input', 'description', 'error'] },
    }),
    Loader: Loader.extend({ defaultProps: { size: 'sm' } }),
    // The placeholder that would take the first focus is no item of a menu to a screen reader.
    Menu: Menu.extend({ defaultProps: { shadow: 'md', withInitialFocusPlaceholder: false } }),
    Modal: Modal.extend({
      defaultProps: { ...closing, centered: true, transitionProps: { transition: 'fade', duration: 120 } },
    }),
    MonthPicker: MonthPicker.extend({ defaultProps: monthly }),
    MonthPickerInput: MonthPickerInput.extend({ defaultProps: { ...monthly, ...clearing } }),
    MultiSelect: MultiSelect.extend({ defaultProps: { ...clearing, nothingFoundMessage: 'Ничего не найдено' } }),
    Notification: Notification.extend({ defaultProps: closing }),
    Pagination: Pagination.extend({
      defaultProps: {
        getControlProps: (control) => ({ 'aria-label': pageButton[control] }),
        getItemProps: (page) => ({ 'aria-label': `Страница ${page}` }),
      },
    }),
    Paper: Paper.extend({ defaultProps: { radius: 'lg' } }),
    PasswordInput: PasswordInput.extend({
      defaultProps: { visibilityToggleButtonProps: { 'aria-label': 'Показать пароль' } },
    }),
    Popover: Popover.extend({ defaultProps: { shadow: 'md' } }),
    Select: Select.extend({
      defaultProps: { ...clearing, checkIconPosition: 'right', nothingFoundMessage: 'Ничего не найдено' },
    }),
    Skeleton: Skeleton.extend({ defaultProps: { radius: 'sm' } }),
    // Links stay readable in the row under the pointer, in the dark too.
    Table: Table.extend({
      defaultProps: { verticalSpacing: 7, horizontalSpacing: 'sm', highlightOnHoverColor: 'var(--denta-hover)' },
    }),
    Tooltip: Tooltip.extend({
      defaultProps: { openDelay: 350, withArrow: true, events: { hover: true, focus: true, touch: false } },
    }),
  },
});

/** Contrast of quiet texts and borders beyond the library's own (WCAG AA on body and on panels). */
export const cssVariables: CSSVariablesResolver = () => ({
  variables: {},
  light: {
    '--mantine-color-body': '#ffffff',
    '--mantine-color-dimmed': '#5a6671',
    '--mantine-color-placeholder': '#66727d',
    '--mantine-color-default-border': 'var(--mantine-color-gray-3)',
    '--mantine-color-error': '#b42332',
    '--denta-canvas': 'var(--mantine-color-gray-0)',
    '--denta-panel': '#ffffff',
    '--denta-line': 'var(--mantine-color-gray-2)',
    '--denta-line-strong': 'var(--mantine-color-gray-3)',
    '--denta-input-line': 'var(--mantine-color-gray-5)',
    '--denta-hover': 'var(--mantine-color-gray-1)',
    '--denta-accent-soft': 'var(--mantine-color-sea-0)',
    '--denta-accent-text': 'var(--mantine-color-sea-8)',
  },
  dark: {
    '--mantine-color-body': 'var(--mantine-color-dark-7)',
    '--mantine-color-text': '#dbe1e6',
    '--mantine-color-dimmed': '#a3aeb8',
    '--mantine-color-placeholder': '#97a3ae',
    '--mantine-color-default-border': 'var(--mantine-color-dark-5)',
    '--mantine-color-error': '#ff9aa2',
    '--denta-canvas': 'var(--mantine-color-dark-8)',
    '--denta-panel': 'var(--mantine-color-dark-7)',
    '--denta-line': 'var(--mantine-color-dark-6)',
    '--denta-line-strong': 'var(--mantine-color-dark-5)',
    '--denta-input-line': 'var(--mantine-color-dark-3)',
    '--denta-hover': 'var(--mantine-color-dark-6)',
    '--mantine-color-sea-light': 'rgb(58 145 173 / 0.2)',
    '--mantine-color-sea-light-hover': 'rgb(58 145 173 / 0.28)',
    '--mantine-color-sea-light-color': 'var(--mantine-color-sea-2)',
    '--denta-accent-soft': '#123744',
    '--denta-accent-text': 'var(--mantine-color-sea-3)',
  },
});
