import { Alert, Button, Group, Modal, Stack, Text, TextInput } from '@mantine/core';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useState, type ReactNode } from 'react';
import { Form } from '@/components/fields/Form';
import { reportDone } from '@/components/notices';
import { ProblemAlert } from '@/components/ProblemAlert';
import { useReturnFocus } from '@/components/useReturnFocus';
import { limits } from '@/lib/api/limits';
import { isProblem } from '@/lib/api/problem';
import { faultOf } from './fault';
import { confirmSecondFactor, securityQuery, type Enrolment } from './queries';
import classes from './ProfilePage.module.css';

interface EnrolmentWindowProps {
  readonly enrolment: Enrolment;
  readonly onClose: () => void;
}

/** First the picture for the app and its first code; then the recovery codes, which are shown this once. */
export function EnrolmentWindow({ enrolment, onClose }: EnrolmentWindowProps): ReactNode {
  useReturnFocus();
  const queries = useQueryClient();
  const [code, setCode] = useState('');
  const confirming = useMutation({ mutationFn: () => confirmSecondFactor(code) });
  const codes = confirming.data?.recovery_codes;

  async function finish(): Promise<void> {
    onClose();
    await queries.invalidateQueries({ queryKey: securityQuery.queryKey });
    reportDone('Вход с кодом включён, другие сеансы завершены.');
  }

  async function copy(text: string): Promise<void> {
    await navigator.clipboard.writeText(text);
    reportDone('Коды скопированы.');
  }

  if (codes !== undefined) {
    return (
      <Modal
        opened
        onClose={() => void finish()}
        withCloseButton={false}
        closeOnClickOutside={false}
        closeOnEscape={false}
        title="Резервные коды"
      >
        <Stack gap="sm">
          <Alert color="orange">
            Сохраните коды сейчас: больше они не показываются. Каждый один раз заменит код из приложения, если телефона
            не будет под рукой.
          </Alert>
          <ul className={classes.codes} aria-label="Резервные коды">
            {codes.map((each) => (
              <li key={each}>{each}</li>
            ))}
          </ul>
          <Group justify="flex-end" gap="xs">
            {window.isSecureContext && (
              <Button variant="default" onClick={() => void copy(codes.join('\n'))}>
                Скопировать
              </Button>
            )}
            <Button data-autofocus onClick={() => void finish()}>
              Коды сохранены
            </Button>
          </Group>
        </Stack>
      </Modal>
    );
  }
  return (
    <Modal opened onClose={onClose} closeOnClickOutside={false} title="Вход с кодом">
      <Form
        onSubmit={() => {
          confirming.mutate();
        }}
      >
        <Stack gap="sm">
          <Text size="sm">Отсканируйте картинку приложением для кодов или введите в него ключ.</Text>
          <Group align="start" wrap="nowrap" gap="md">
            <img className={classes.qr} src={enrolment.qr_code} alt="QR-код для приложения" />
            <div>
              <Text size="sm" c="dimmed">
                Ключ
              </Text>
              <div className={classes.secret} aria-label="Ключ" role="group">
                {enrolment.secret.replace(/(.{4})(?=.)/g, '$1 ')}
              </div>
            </div>
          </Group>
          <TextInput
            label="Код из приложения"
            data-autofocus
            autoComplete="one-time-code"
            inputMode="numeric"
            {...limits.Confirmation.code}
            value={code}
            error={faultOf(confirming.error, 'code')}
            onChange={(event) => setCode(event.currentTarget.value)}
          />
          {confirming.isError && !isProblem(confirming.error, 'wrong_value') && (
            <ProblemAlert error={confirming.error} />
          )}
          <Group justify="flex-end" gap="xs">
            <Button variant="default" onClick={onClose}>
              Отмена
            </Button>
            <Button type="submit" disabled={code.trim() === ''} loading={confirming.isPending}>
              Подтвердить
            </Button>
          </Group>
        </Stack>
      </Form>
    </Modal>
  );
}
