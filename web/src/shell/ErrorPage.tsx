import { ButtonLink } from '@/components/links';
import { Button, Center, Stack, Text, Title } from '@mantine/core';
import { type ErrorComponentProps, useRouter } from '@tanstack/react-router';
import { useEffect } from 'react';
import { ConnectionLost, Problem, sentence } from '@/lib/api/problem';

function Notice({
  code,
  title,
  text,
  children,
}: {
  code?: string;
  title: string;
  text: string;
  children?: React.ReactNode;
}) {
  useEffect(() => {
    document.title = `${title} — Дента`;
  }, [title]);
  return (
    <Center mih="60vh" p="xl">
      <Stack align="center" gap="xs" maw={440} ta="center">
        {code !== undefined && (
          <Text fz={44} fw={600} c="dimmed" lh={1} className="tabular">
            {code}
          </Text>
        )}
        <Title order={1}>{title}</Title>
        <Text c="dimmed">{text}</Text>
        {children}
      </Stack>
    </Center>
  );
}

export function NotFoundPage() {
  return (
    <Notice code="404" title="Такой страницы нет" text="Возможно, ссылка устарела или в адресе опечатка.">
      <ButtonLink to="/" mt="sm" variant="light">
        На главную
      </ButtonLink>
    </Notice>
  );
}

export function ErrorPage({ error, reset }: ErrorComponentProps) {
  const router = useRouter();
  if (error instanceof Problem && error.status === 404) return <NotFoundPage />;
  if (error instanceof Problem && error.status === 403) {
    return (
      <Notice
        code="403"
        title="Нет доступа"
        text={`${error.message} Если он нужен для работы, обратитесь к руководителю клиники.`}
      >
        <ButtonLink to="/" mt="sm" variant="light">
          На главную
        </ButtonLink>
      </Notice>
    );
  }
  const lost = error instanceof ConnectionLost;
  return (
    <Notice title={lost ? 'Нет связи с сервером' : 'Страницу не удалось показать'} text={sentence(error)}>
      <Button
        mt="sm"
        onClick={() => {
          reset();
          void router.invalidate();
        }}
      >
        Попробовать ещё раз
      </Button>
    </Notice>
  );
}

/** Outside of the shell there is no `main` around the page yet. */
export function RootNotFoundPage() {
  return (
    <main>
      <NotFoundPage />
    </main>
  );
}

export function RootErrorPage(props: ErrorComponentProps) {
  return (
    <main>
      <ErrorPage {...props} />
    </main>
  );
}
