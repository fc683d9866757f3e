import {
  ActionIcon,
  Badge,
  Button,
  FileButton,
  Group,
  Menu,
  Progress,
  Skeleton,
  Stack,
  Text,
  Title,
} from '@mantine/core';
import { IconPaperclip, IconX } from '@tabler/icons-react';
import { useMutation, useQuery } from '@tanstack/react-query';
import { useRef, useState } from 'react';
import { askFirst } from '@/components/askFirst';
import { reportProblem } from '@/components/notices';
import { ProblemAlert } from '@/components/ProblemAlert';
import { UnsavedGuard } from '@/components/UnsavedGuard';
import { allows, CARDS, useMe } from '@/lib/api/me';
import type { VisitCard } from '@/lib/api/model';
import classes from './files.module.css';
import { fileSize } from './fileSize';
import { FileTiles } from './FileTiles';
import { FileWindow } from './FileWindow';
import { deleteFile, refreshFiles, returnFile, type VisitFile, visitFilesQuery } from './queries';
import { useGivenFiles } from './useGivenFiles';
import { VISIT_FILES } from './VisitFilesLink';
import { type Upload, useUploads } from './useUploads';

/** What file dialogs offer first; the server decides by the content. DICOM files often have no ending. */
const OFFERED = 'image/jpeg,image/png,image/webp,image/tiff,application/pdf,application/dicom,.dcm,.tif,.tiff';

/** «Файлы» of a visit, for those to whom patients' cards are open. `window`: as of the editor beside it. */
export function VisitFiles({ visit, window }: { visit: VisitCard; window?: string }) {
  const { rights } = useMe();
  return allows(rights, CARDS) ? <Files visit={visit} window={window} /> : null;
}

function Files({ visit, window }: { visit: VisitCard; window?: string | undefined }) {
  const files = useQuery(visitFilesQuery(visit.id));
  const { uploads, busy, add, repeat, leave } = useUploads(visit.id, files.data?.most_bytes ?? Infinity);
  const active = !visit.deleted;
  const section = useRef<HTMLElement>(null);
  const take = (given: readonly File[]) => {
    add(given);
    section.current?.scrollIntoView({ block: 'nearest' });
  };
  const dragged = useGivenFiles(active && files.data !== undefined, take);
  const [edited, setEdited] = useState<string | null>(null);
  const change = useMutation({
    mutationFn: (file: VisitFile) => (file.deleted ? returnFile(file) : deleteFile(file)),
    onError: (error) => reportProblem(error, 'Файл не изменён'),
    onSettled: refreshFiles,
  });
  const items = files.data?.items ?? [];
  const count = items.filter(({ deleted }) => !deleted).length;
  const inWindow = items.find(({ id }) => id === edited);
  return (
    <section ref={section} id={VISIT_FILES} aria-label="Файлы">
      {dragged && <div className={classes.place}>Отпустите файлы, чтобы прикрепить к визиту</div>}
      <Group justify="space-between" mb="xs" gap="xs">
        <Group gap={6}>
          <Title order={2}>Файлы</Title>
          {count > 0 && (
            <Badge variant="light" circle={count < 10} aria-label={`Файлов: ${String(count)}`}>
              {count}
            </Badge>
          )}
        </Group>
        {active && (
          <FileButton multiple accept={OFFERED} onChange={add}>
            {(props) => (
              <Button
                {...props}
                size="compact-sm"
                variant="light"
                disabled={files.data === undefined}
                leftSection={<IconPaperclip size={15} stroke={1.7} aria-hidden />}
              >
                Прикрепить
              </Button>
            )}
          </FileButton>
        )}
      </Group>
      <Stack gap="sm">
        {files.isPending && <Skeleton h={60} />}
        {files.data !== undefined && items.length === 0 && uploads.length === 0 && (
          <Text fz="sm" c="dimmed">
            {active ? 'Перетащите сюда снимки, фото, PDF или вставьте из буфера' : 'Файлов нет'}
          </Text>
        )}
        {items.length > 0 && (
          <FileTiles
            label="Файлы визита"
            files={items}
            {...(active && {
              onReturn: (file) => change.mutate(file),
              deeds: (file) => (
                <>
                  <Menu.Item onClick={() => setEdited(file.id)}>Название и подпись…</Menu.Item>
                  <Menu.Item
                    c="var(--mantine-color-error)"
                    onClick={() =>
                      askFirst({
                        title: 'Удалить файл?',
                        means: `«${file.name}» исчезнет из визита. Вернуть его можно, пока настройки показывают удалённое.`,
                        onConfirm: () => change.mutate(file),
                      })
                    }
                  >
                    Удалить…
                  </Menu.Item>
                </>
              ),
            })}
          />
        )}
        <ProblemAlert error={files.error} title="Файлы не загрузились" />
        {uploads.map((one) => (
          <Uploaded key={one.key} upload={one} onRepeat={() => repeat(one.key)} onLeave={() => leave(one.key)} />
        ))}
      </Stack>
      {inWindow !== undefined && <FileWindow file={inWindow} onClose={() => setEdited(null)} />}
      <UnsavedGuard when={busy} window={window} />
    </section>
  );
}

function Uploaded({ upload, onRepeat, onLeave }: { upload: Upload; onRepeat: () => void; onLeave: () => void }) {
  const { file, share, refusal } = upload;
  const percent = Math.round(share * 100);
  const state = share === 0 ? 'ждёт' : share === 1 ? 'обрабатывается' : `${String(percent)} %`;
  return (
    <div>
      <Group gap="xs" wrap="nowrap" justify="space-between">
        <Text fz="sm" lineClamp={1} style={{ overflowWrap: 'anywhere' }}>
          {file.name}
        </Text>
        {refusal === null ? (
          <Text fz="sm" c="dimmed" style={{ whiteSpace: 'nowrap' }}>
            {`${fileSize(file.size)} · ${state}`}
          </Text>
        ) : (
          <Group gap={4} wrap="nowrap">
            {upload.repeatable && (
              <Button size="compact-sm" variant="light" onClick={onRepeat}>
                Повторить
              </Button>
            )}
            <ActionIcon variant="subtle" color="gray" aria-label={`Убрать ${file.name} из списка`} onClick={onLeave}>
              <IconX size={16} aria-hidden />
            </ActionIcon>
          </Group>
        )}
      </Group>
      {refusal === null ? (
        <Progress value={percent} animated={share === 1} aria-label={`Загрузка ${file.name}`} />
      ) : (
        <Text fz="sm" c="red" role="alert">
          {refusal}
        </Text>
      )}
    </div>
  );
}
