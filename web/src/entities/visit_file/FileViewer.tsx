import { ActionIcon, Button, Group, Modal, Text, Tooltip } from '@mantine/core';
import {
  IconChevronLeft,
  IconChevronRight,
  IconDownload,
  IconZoomIn,
  IconZoomOut,
  IconZoomReset,
} from '@tabler/icons-react';
import { type KeyboardEvent, type PointerEvent, type SyntheticEvent, useRef, useState } from 'react';
import { useDownload } from '@/components/useDownload';
import classes from './files.module.css';
import { contentOf, type VisitFile } from './queries';

const CLOSEST = 8;
const STEP = 1.5;

interface FileViewerProps {
  readonly files: readonly VisitFile[];
  /** The id of the one that is shown first. */
  readonly first: string;
  readonly onClose: () => void;
}

/** Pictures one by one over the whole window: arrow keys lead on, + and − bring closer, 0 shows all of it. */
export function FileViewer({ files, first, onClose }: FileViewerProps) {
  const [shown, setShown] = useState(first);
  const [zoom, setZoom] = useState(1);
  const [failed, setFailed] = useState(false);
  const at = files.findIndex(({ id }) => id === shown);
  const file = files[at];

  const lead = (by: number) => {
    const next = files[at + by];
    if (next === undefined) return;
    setShown(next.id);
    setZoom(1);
    setFailed(false);
  };
  const bring = (by: number) => setZoom((now) => Math.min(CLOSEST, Math.max(1, now * by)));
  const onKeyDown = (event: KeyboardEvent) => {
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    if (event.key === 'ArrowLeft' && zoom === 1) lead(-1);
    else if (event.key === 'ArrowRight' && zoom === 1) lead(1);
    else if (event.key === '+' || event.key === '=') bring(STEP);
    else if (event.key === '-') bring(1 / STEP);
    else if (event.key === '0') setZoom(1);
    else return;
    event.preventDefault();
  };

  if (file === undefined) return null; // deleted by a colleague meanwhile
  return (
    <Modal
      opened
      fullScreen
      onClose={onClose}
      onKeyDown={onKeyDown}
      title={
        <Text span fw={600} lineClamp={1}>
          {file.name}
          {file.caption !== '' && ` – ${file.caption}`}
        </Text>
      }
    >
      <Group justify="space-between" mb="xs" gap="xs">
        <Group gap={4}>
          <Button
            size="compact-sm"
            variant="default"
            leftSection={<IconChevronLeft size={16} aria-hidden />}
            disabled={at === 0}
            onClick={() => lead(-1)}
          >
            Назад
          </Button>
          <Text fz="sm" role="status" px={6}>
            {`${String(at + 1)} из ${String(files.length)}`}
          </Text>
          <Button
            size="compact-sm"
            variant="default"
            rightSection={<IconChevronRight size={16} aria-hidden />}
            disabled={at === files.length - 1}
            onClick={() => lead(1)}
          >
            Вперёд
          </Button>
        </Group>
        <Group gap={4}>
          <Tool label="Мельче" icon={IconZoomOut} disabled={zoom === 1} onClick={() => bring(1 / STEP)} />
          <Text fz="sm" w={48} ta="center">{`${String(Math.round(zoom * 100))} %`}</Text>
          <Tool label="Крупнее" icon={IconZoomIn} disabled={zoom === CLOSEST} onClick={() => bring(STEP)} />
          <Tool label="Целиком" icon={IconZoomReset} disabled={zoom === 1} onClick={() => setZoom(1)} />
          <Download file={file} />
        </Group>
      </Group>
      {failed ? (
        <Text c="dimmed" ta="center" py={48} role="alert">
          Снимок не открылся. Скачайте файл или повторите позже.
        </Text>
      ) : (
        <Picture key={file.id} file={file} zoom={zoom} onFailed={() => setFailed(true)} />
      )}
    </Modal>
  );
}

/** All of it at 1; what is larger than the place is moved by wheel, keys or the mouse. */
function Picture({ file, zoom, onFailed }: { file: VisitFile; zoom: number; onFailed: () => void }) {
  const place = useRef<HTMLDivElement>(null);
  const [width, setWidth] = useState<number | null>(null);
  const measure = ({ currentTarget: image }: SyntheticEvent<HTMLImageElement>) => {
    if (place.current === null) return;
    const { clientWidth, clientHeight } = place.current;
    const { naturalWidth, naturalHeight } = image;
    setWidth(naturalWidth * Math.min(clientWidth / naturalWidth, clientHeight / naturalHeight, 1));
  };
  const pull = (event: PointerEvent<HTMLDivElement>) => {
    if (event.buttons === 1 && event.pointerType === 'mouse') {
      event.currentTarget.scrollBy(-event.movementX, -event.movementY);
    }
  };
  return (
    <div
      ref={place}
      className={classes.viewer}
      // it scrolls by the arrow keys, so it takes the focus
      // eslint-disable-next-line jsx-a11y/no-noninteractive-tabindex
      tabIndex={0}
      role="group"
      aria-label="Снимок"
      data-autofocus
      onPointerMove={pull}
    >
      <img
        className={classes.shown}
        src={contentOf(file)}
        alt={file.caption === '' ? file.name : file.caption}
        draggable={false}
        style={width === null ? { maxWidth: '100%', maxHeight: '100%' } : { width: width * zoom }}
        onLoad={measure}
        onError={onFailed}
      />
    </div>
  );
}

function Download({ file }: { file: VisitFile }) {
  const { link, loading } = useDownload(contentOf(file), file.name);
  return (
    <Tooltip label="Скачать">
      <ActionIcon component="a" variant="default" aria-label={`Скачать ${file.name}`} loading={loading} {...link}>
        <IconDownload size={17} stroke={1.7} aria-hidden />
      </ActionIcon>
    </Tooltip>
  );
}

interface ToolProps {
  readonly label: string;
  readonly icon: typeof IconZoomIn;
  readonly disabled: boolean;
  readonly onClick: () => void;
}

function Tool({ label, icon: Icon, disabled, onClick }: ToolProps) {
  return (
    <Tooltip label={label}>
      <ActionIcon variant="default" aria-label={label} disabled={disabled} onClick={onClick}>
        <Icon size={17} stroke={1.7} aria-hidden />
      </ActionIcon>
    </Tooltip>
  );
}
