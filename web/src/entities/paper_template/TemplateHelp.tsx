import { Code, Stack, Text } from '@mantine/core';
import { queryOptions, useQuery } from '@tanstack/react-query';
import { PaperButton } from '@/components/papers';
import { answer, api } from '@/lib/api/client';

const fieldsQuery = queryOptions({
  queryKey: ['paper-template-fields'],
  queryFn: ({ signal }) => answer(api.GET('/api/paper-template-fields', { signal })),
  staleTime: Infinity,
  meta: { models: [] },
});

/** Under a template's text: what may stand in it, and how the saved one looks. `id`: null of a new one. */
export function TemplateHelp({ id }: { id: string | null }) {
  const { data } = useQuery(fieldsQuery);
  return (
    <Stack gap="xs" align="flex-start">
      {id !== null && (
        <PaperButton label="Предпросмотр сохранённого" address={`/api/paper-templates/${id}/preview.pdf`} />
      )}
      <Text fz="sm" c="dimmed">
        Строка с # – заголовок, с дефисом – пункт списка, **так** – жирный. Поля, которых у пациента нет, останутся
        пустой линией. Поля:
      </Text>
      <Text fz="sm" component="div">
        {data?.items.map(({ name, meaning }, index) => (
          <span key={name}>
            {index > 0 && ', '}
            <Code>{`{${name}}`}</Code>
            {meaning !== '' && <Text span c="dimmed">{` ${meaning}`}</Text>}
          </span>
        ))}
      </Text>
    </Stack>
  );
}
