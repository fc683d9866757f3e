import { Badge, Button, Menu, Text } from '@mantine/core';
import { IconDotsVertical, IconFile, IconFileTypePdf, IconPhoto } from '@tabler/icons-react';
import { type ReactNode, useState } from 'react';
import { useDownload } from '@/components/useDownload';
import { useMe } from '@/lib/api/me';
import { shortName } from '@/lib/text';
import { formatMoment, toClinic } from '@/lib/time';
import classes from './files.module.css';
import { fileSize } from './fileSize';
import { FileViewer } from './FileViewer';
import { contentOf, previewOf, type VisitFile } from './queries';

const KINDS: Readonly<Record<string, string>> = {
  'application/pdf': 'PDF',
  'application/dicom': 'DICOM',
  'image/tiff': 'TIFF',
};

interface FileTilesProps<F extends VisitFile> {
  readonly label: string;
  readonly files: readonly F[];
  /** What else can be done with a file: items of its menu. */
  readonly deeds?: (file: F) => ReactNode;
  /** Brings a deleted file back; absent where it can't be. */
  readonly onReturn?: (file: F) => void;
}

/** Files side by side: pictures are opened in the viewer, others downloaded. */
export function FileTiles<F extends VisitFile>({ label, files, deeds, onReturn }: FileTilesProps<F>) {
  const [opened, setOpened] = useState<string | null>(null);
  const pictures = files.filter(({ has_preview: picture, deleted }) => picture && !deleted);
  return (
    <>
      <ul className={classes.tiles} aria-label={label}>
        {files.map((file) => (
          <li key={file.id} className={classes.tile} data-deleted={file.deleted || undefined}>
            <Look file={file} onOpen={() => setOpened(file.id)} />
            <div className={classes.foot}>
              <Text fz="sm" className={classes.name} lineClamp={2} title={file.name}>
                {file.name}
              </Text>
              {!file.deleted && <Deeds file={file}>{deeds?.(file)}</Deeds>}
            </div>
            {file.caption !== '' && (
              <Text fz="sm" lineClamp={3} title={file.caption}>
                {file.caption}
              </Text>
            )}
            <Facts file={file} />
            {file.deleted && (
              <div>
                <Badge color="gray">Удалён</Badge>{' '}
                {onReturn !== undefined && (
                  <Button
                    size="compact-sm"
                    variant="subtle"
                    aria-label={`Вернуть ${file.name}`}
                    onClick={() => onReturn(file)}
                  >
                    Вернуть
                  </Button>
                )}
              </div>
            )}
          </li>
        ))}
      </ul>
      {opened !== null && <FileViewer files={pictures} first={opened} onClose={() => setOpened(null)} />}
    </>
  );
}

/** Its size, who attached it and when. */
function Facts({ file }: { file: VisitFile }) {
  const { clinic } = useMe();
  const who = shortName(file.attached_by?.name ?? '');
  const when = formatMoment(toClinic(file.attached_on, clinic.zone));
  return (
    <Text fz="xs" c="dimmed">
      {`${fileSize(file.size)} · ${when}${who === '' ? '' : ` · ${who}`}`}
    </Text>
  );
}

function Look({ file, onOpen }: { file: VisitFile; onOpen: () => void }) {
  const { link } = useDownload(contentOf(file), file.name);
  if (file.has_preview) {
    return (
      <button
        type="button"
        className={classes.look}
        aria-label={`Посмотреть ${file.name}`}
        disabled={file.deleted}
        onClick={onOpen}
      >
        <img className={classes.picture} src={previewOf(file)} alt="" loading="lazy" />
      </button>
    );
  }
  const Icon = file.media === 'application/pdf' ? IconFileTypePdf : file.media === 'image/tiff' ? IconPhoto : IconFile;
  return (
    <a className={classes.look} {...link} aria-label={`Скачать ${file.name}`}>
      <Icon size={36} stroke={1.3} aria-hidden />
      <Text span fz="xs" fw={600}>
        {KINDS[file.media] ?? 'Файл'}
      </Text>
    </a>
  );
}

function Deeds({ file, children }: { file: VisitFile; children: ReactNode }) {
  const { link } = useDownload(contentOf(file), file.name);
  return (
    <Menu position="bottom-end">
      <Menu.Target>
        <Button
          variant="subtle"
          color="gray"
          size="compact-xs"
          style={{ flexShrink: 0 }}
          aria-label={`${file.name}: действия`}
        >
          <IconDotsVertical size={15} aria-hidden />
        </Button>
      </Menu.Target>
      <Menu.Dropdown>
        <Menu.Item component="a" {...link}>
          Скачать
        </Menu.Item>
        {children}
      </Menu.Dropdown>
    </Menu>
  );
}
