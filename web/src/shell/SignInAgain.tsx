import { Button, Group, Modal, Text } from '@mantine/core';
import { useNavigate } from '@tanstack/react-router';
import { SignInForm } from '@/components/SignInForm';
import { meQuery, useMe } from '@/lib/api/me';
import type { Me } from '@/lib/api/model';
import { queryClient } from '@/lib/api/queries';
import { endWaiting, sessionEnded } from '@/lib/api/session';
import { useStore } from '@/lib/store';

/** The session ended while the page was open: sign in over the page, then what was asked is repeated. */
export function SignInAgain() {
  const open = useStore(sessionEnded);
  const me = useMe();
  const navigate = useNavigate();

  const done = (now: Me) => {
    if (now.user_id !== me.user_id) {
      // another person at the same desk: nothing of the first one's page may stay
      window.location.assign('/');
      return;
    }
    queryClient.setQueryData(meQuery.queryKey, now);
    endWaiting(true);
  };

  const leave = () => {
    endWaiting(false);
    void navigate({ to: '/signin', search: {} });
  };

  return (
    <Modal
      opened={open}
      onClose={leave}
      withCloseButton={false}
      closeOnClickOutside={false}
      closeOnEscape={false}
      size="sm"
      zIndex={1200}
      title="Сеанс завершён"
      className="over-veil"
    >
      <Text fz="sm" c="dimmed" mb="md">
        Войдите снова: страница и всё введённое останутся на месте.
      </Text>
      <SignInForm email={me.email} onSignedIn={done} />
      <Group justify="center" mt="xs">
        <Button variant="subtle" size="compact-sm" onClick={leave}>
          Выйти совсем
        </Button>
      </Group>
    </Modal>
  );
}
