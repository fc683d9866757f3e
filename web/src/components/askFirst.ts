import { modals } from '@mantine/modals';

interface Question {
  readonly title: string;
  /** What becomes of it. */
  readonly means: string;
  readonly confirm?: string;
  readonly cancel?: string;
  readonly onConfirm: () => void;
}

/** Asks before something is deleted, or is done that can't be taken back by the same button. */
export function askFirst({ title, means, confirm = 'Удалить', cancel = 'Не удалять', onConfirm }: Question): void {
  modals.openConfirmModal({
    title,
    children: means,
    labels: { confirm, cancel },
    confirmProps: { color: 'red' },
    onConfirm,
  });
}
