import { Button, Group, Modal, Stack, TextInput } from '@mantine/core';
import { useMutation } from '@tanstack/react-query';
import { useState } from 'react';
import { Form } from '@/components/fields/Form';
import { ProblemAlert } from '@/components/ProblemAlert';
import { limits } from '@/lib/api/limits';
import { changeFile, refreshFiles, type VisitFile } from './queries';

/** Renames a file and writes under it what it shows. */
export function FileWindow({ file, onClose }: { file: VisitFile; onClose: () => void }) {
  const [name, setName] = useState(file.name);
  const [caption, setCaption] = useState(file.caption);
  const change = useMutation({
    mutationFn: () =>
      changeFile(file, {
        ...(name === file.name ? {} : { name }),
        ...(caption === file.caption ? {} : { caption }),
      }),
    onSuccess: async () => {
      await refreshFiles();
      onClose();
    },
    onError: refreshFiles,
  });
  const missing = name.trim() === '';
  return (
    <Modal opened onClose={onClose} title="Файл визита" closeOnClickOutside={false}>
      <Form onSubmit={() => !missing && change.mutate()}>
        <Stack gap="sm">
          <TextInput
            label="Название"
            data-autofocus
            {...limits.VisitFileChange.name}
            error={missing ? 'Назовите файл' : undefined}
            value={name}
            onChange={(event) => setName(event.currentTarget.value)}
          />
          <TextInput
            label="Подпись"
            placeholder="Что на снимке"
            {...limits.VisitFileChange.caption}
            value={caption}
            onChange={(event) => setCaption(event.currentTarget.value)}
          />
          <ProblemAlert error={change.error} title="Не сохранено" />
          <Group justify="flex-end">
            <Button variant="default" onClick={onClose}>
              Отмена
            </Button>
            <Button type="submit" loading={change.isPending} disabled={missing}>
              Сохранить
            </Button>
          </Group>
        </Stack>
      </Form>
    </Modal>
  );
}
