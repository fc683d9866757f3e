import { Radio, Stack, Table, Text } from '@mantine/core';
import type { Difference, MergeChoice } from '@/entities/patient/queries';
import classes from './MergeQuestions.module.css';

interface MergeQuestionsProps {
  /** What the columns are called: «Карта № 12». */
  readonly own: string;
  readonly other: string;
  readonly differences: readonly Difference[];
  readonly choices: Readonly<Record<string, MergeChoice>>;
  readonly onChoose: (group: string, choice: MergeChoice) => void;
}

/** Both cards side by side: of each field that differs or that only the other card has, which value stays. */
export function MergeQuestions({ own, other, differences, choices, onChoose }: MergeQuestionsProps) {
  if (differences.length === 0) {
    return <Text fz="sm">Во второй карте нет ничего, чего не было бы в основной.</Text>;
  }
  return (
    <Stack gap={6}>
      <Text fz="sm">Отметьте, что останется в основной карте. Вторая карта сохранится целиком.</Text>
      <Table className={classes.table} verticalSpacing={6}>
        <Table.Thead>
          <Table.Tr>
            <Table.Th scope="col" w={130}>
              Поле
            </Table.Th>
            <Table.Th scope="col">{own}, основная</Table.Th>
            <Table.Th scope="col">{other}</Table.Th>
            <Table.Th scope="col" w={80}>
              Оба
            </Table.Th>
          </Table.Tr>
        </Table.Thead>
        <Table.Tbody>
          {differences.map((one) => {
            const choice = (value: MergeChoice, label: React.ReactNode, name: string) => (
              <Radio
                name={`merge-${one.group}`}
                value={value}
                checked={(choices[one.group] ?? one.default) === value}
                onChange={() => onChoose(one.group, value)}
                label={label}
                aria-label={`${one.title}: ${name}`}
              />
            );
            return (
              <Table.Tr key={one.group}>
                <Table.Th scope="row">{one.title}</Table.Th>
                <Table.Td data-card={own}>{choice('own', <Values known={one.own} />, own)}</Table.Td>
                <Table.Td data-card={other}>{choice('other', <Values known={one.other} />, other)}</Table.Td>
                <Table.Td>{one.options.includes('both') && choice('both', 'оба', 'оба')}</Table.Td>
              </Table.Tr>
            );
          })}
        </Table.Tbody>
      </Table>
    </Stack>
  );
}

function Values({ known }: { readonly known: Difference['own'] }) {
  if (known.length === 0)
    return (
      <Text span fz="sm" c="dimmed">
        не указано
      </Text>
    );
  return (
    <span className={classes.values}>
      {known.map(({ label, value }, index) => (
        <span key={index}>
          {label !== '' && <Text span fz="xs" c="dimmed">{`${label}: `}</Text>}
          {value}
        </span>
      ))}
    </span>
  );
}
