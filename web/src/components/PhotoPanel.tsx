import { Avatar, Button, FileButton, Group } from '@mantine/core';
import { useMutation } from '@tanstack/react-query';
import { askFirst } from '@/components/askFirst';
import { reportProblem } from '@/components/notices';
import { isProblem } from '@/lib/api/problem';
import { initials } from '@/lib/text';

const KINDS = 'image/jpeg,image/png,image/webp';

interface PhotoPanelProps {
  /** Whose photo it is. */
  readonly name: string;
  /** Where it is shown from; null without one. */
  readonly address: string | null;
  readonly size: number;
  readonly changeable: boolean;
  /** Puts a file in its place, or with null takes it off. */
  readonly onChange: (file: File | null) => Promise<unknown>;
  /** Fetches what shows the photo, after a change or a refused one. */
  readonly onDone: () => Promise<void>;
}

/** A person's photo, changed at once and apart from the form around it. */
export function PhotoPanel({ name, address, size, changeable, onChange, onDone }: PhotoPanelProps) {
  const change = useMutation({
    mutationFn: onChange,
    onSuccess: onDone,
    onError: (error, file) => {
      void onDone();
      const busy = isProblem(error) && error.status === 503;
      reportProblem(error, 'Фотография не сохранена', busy ? { again: () => change.mutate(file) } : {});
    },
  });
  return (
    <Group gap="md" wrap="nowrap">
      <Avatar src={address} alt={`Фотография: ${name}`} size={size} radius="md" color="sea">
        {initials(name)}
      </Avatar>
      {changeable && (
        <Group gap={6}>
          <FileButton accept={KINDS} onChange={(file) => file !== null && change.mutate(file)}>
            {(props) => (
              <Button {...props} size="compact-sm" variant="light" loading={change.isPending}>
                {address === null ? 'Загрузить фото' : 'Заменить фото'}
              </Button>
            )}
          </FileButton>
          {address !== null && (
            <Button
              size="compact-sm"
              variant="subtle"
              disabled={change.isPending}
              onClick={() =>
                askFirst({
                  title: `Удалить фотографию: ${name}?`,
                  means: 'Вернуть её можно, только загрузив файл снова.',
                  onConfirm: () => change.mutate(null),
                })
              }
            >
              Убрать
            </Button>
          )}
        </Group>
      )}
    </Group>
  );
}
