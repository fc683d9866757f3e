import { Button, Code, Collapse, Text } from '@mantine/core';
import { useId, useState } from 'react';
import { useQuery } from '@tanstack/react-query';
import { signInPageQuery } from '@/lib/api/signInPage';

/** Who gives a new password: the same words for everybody, so that they tell nothing of whose address was typed. */
export function ForgottenPassword() {
  const id = useId();
  const [open, setOpen] = useState(false);
  const signInPage = useQuery({ ...signInPageQuery, enabled: open });
  return (
    <div>
      <Button
        variant="subtle"
        size="compact-sm"
        aria-expanded={open}
        aria-controls={id}
        onClick={() => setOpen((before) => !before)}
      >
        Забыли пароль?
      </Button>
      <Collapse expanded={open} id={id}>
        <Text size="sm" mt={6}>
          Новый пароль задаёт руководитель: «Сотрудники» – ваша карточка – «Доступ к системе». Он действует сразу, даже
          если вход закрыт после неверных попыток.
        </Text>
        <Text size="sm" mt={6}>
          Если пароль забыл сам руководитель, его задаёт тот, кто обслуживает сервер, командой{' '}
          <Code>{signInPage.data?.program ?? 'denta'} users reset ваш@адрес</Code>.
        </Text>
        <Text size="sm" mt={6}>
          Потеряли телефон с кодами? Вместо кода введите резервный; если нет и его, вход с кодом отключит руководитель.
        </Text>
      </Collapse>
    </div>
  );
}
