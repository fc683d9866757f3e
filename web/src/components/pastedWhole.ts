import { notifications } from '@mantine/notifications';
import { counted } from '@/lib/text';

/** Once, at the start: a field cuts what is pasted at its limit without a word; the person has to know that the rest is missing. */
export function followPasting(): void {
  window.addEventListener(
    'paste',
    (event) => {
      const field = event.target;
      if (!(field instanceof HTMLInputElement || field instanceof HTMLTextAreaElement) || field.maxLength < 0) return;
      const pasted = event.clipboardData?.getData('text/plain').replaceAll('\r\n', '\n') ?? '';
      const replaced = (field.selectionEnd ?? 0) - (field.selectionStart ?? 0);
      const missing = field.value.length - replaced + pasted.length - field.maxLength;
      if (missing <= 0) return;
      const limit = counted(field.maxLength, 'знак', 'знака', 'знаков');
      notifications.show({
        color: 'orange',
        title: 'Вставлено не всё',
        message: `В поле помещается ${limit}, последние ${missing.toLocaleString('ru-RU')} отрезаны.`,
        autoClose: 9000,
        role: 'alert',
      });
    },
    { capture: true },
  );
}
