import type { ExcelImport } from './queries';

/** What a loading is doing, or how it ended. */
export const STATES: Record<ExcelImport['state'], string> = {
  checking: 'Файл проверяется',
  checked: 'Файл проверен, ничего ещё не изменено',
  refused: 'Файл не загружен',
  importing: 'Данные загружаются',
  imported: 'Данные загружены',
  undoing: 'Загрузка отменяется',
  undone: 'Загрузка отменена',
  failed: 'Загрузка остановлена',
};

/** To whom no catalogue's own right is given. */
export const NOTHING_SEEN =
  'Загружать и выгружать можно справочники, которые вам доступны в других разделах. Пока таких нет.';

export const MOST_BYTES = 50_000_000;
export const TOO_LARGE = 'Файл больше 50 МБ. Разделите его на несколько и загрузите по очереди.';
