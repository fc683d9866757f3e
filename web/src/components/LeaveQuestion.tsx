import { Button, Group, Modal, Text } from '@mantine/core';
import { useEffect, useRef, useState } from 'react';

export interface Blocker {
  status: 'blocked' | 'idle';
  proceed?: (() => void) | undefined;
  reset?: (() => void) | undefined;
}

/** For a window that no address tells of: closes it, after the question where something was typed. */
export function useClosing(asks: boolean, onClose: () => void): { close: () => void; blocker: Blocker } {
  const [asked, setAsked] = useState(false);
  const answered = asked && !asks; // a save under way has left nothing to ask about
  const close = useRef(onClose);
  close.current = onClose;
  useEffect(() => {
    if (answered) close.current();
  }, [answered]);
  return {
    close: () => {
      if (asks) setAsked(true);
      else onClose();
    },
    blocker: { status: asked ? 'blocked' : 'idle', proceed: onClose, reset: () => setAsked(false) },
  };
}

/** Asks before unsaved changes are left; `blocker` is what useClosing or useBlocker({withResolver: true}) gives. */
export function LeaveQuestion({ blocker }: { blocker: Blocker }) {
  return (
    <Modal
      zIndex={210} // above the windows that it is about, which were opened later than its own place in the page was made
      opened={blocker.status === 'blocked'}
      onClose={() => blocker.reset?.()}
      title="Уйти без сохранения?"
      size="sm"
      closeOnEscape={false} // the very Esc that asks to leave a window would be taken for the answer
      closeButtonProps={{ 'aria-label': 'Закрыть' }}
    >
      <Text mb="md">Есть несохранённые правки.</Text>
      <Group justify="end" gap="sm">
        <Button variant="default" data-autofocus onClick={() => blocker.reset?.()}>
          Остаться
        </Button>
        <Button color="red" onClick={() => blocker.proceed?.()}>
          Уйти
        </Button>
      </Group>
    </Modal>
  );
}
