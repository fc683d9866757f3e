import { Text } from '@mantine/core';
import { Fragment } from 'react';
import { Problem, sentence } from '@/lib/api/problem';
import { formatDate, formatTime } from '@/lib/time';

interface VisitInTheWay {
  id: string;
  number: number;
  starts_at: string;
  ends_at: string;
  patient?: { name: string };
}

function isVisit(fact: unknown): fact is VisitInTheWay {
  return (
    typeof fact === 'object' &&
    fact !== null &&
    'id' in fact &&
    'number' in fact &&
    'starts_at' in fact &&
    'ends_at' in fact
  );
}

function isPerson(fact: unknown): fact is { id: string; name: string } {
  return typeof fact === 'object' && fact !== null && 'id' in fact && 'name' in fact;
}

/**
 * The sentence of a refusal, followed by what it names. Plain links, since notices are drawn outside the router's tree; they open
 * in a tab of their own, so that what was typed stays.
 */
export function ProblemText({ error }: { error: unknown }) {
  const { by, into, employees, correlation_id } = error instanceof Problem ? error.facts : {};
  const people = Array.isArray(employees) ? employees.filter(isPerson) : [];
  return (
    <Text span inherit>
      {sentence(error)}
      {typeof correlation_id === 'string' && ` Номер запроса: ${correlation_id}`}
      {typeof into === 'string' && (
        <>
          {' '}
          <a href={`/patients/${into}`} target="_blank" rel="noreferrer">
            Основная карта
          </a>
        </>
      )}
      {isVisit(by) && (
        <>
          {' '}
          <a href={`/visits/${by.id}`} target="_blank" rel="noreferrer">
            {by.patient?.name ? `${by.patient.name}, ` : `Визит № ${by.number}, `}
            {formatDate(by.starts_at)} {formatTime(by.starts_at)}–{formatTime(by.ends_at)}
          </a>
        </>
      )}
      {people.map(({ id, name }, index) => (
        <Fragment key={id}>
          {index === 0 ? ' ' : ', '}
          <a href={`/employees/${id}`} target="_blank" rel="noreferrer">
            {name}
          </a>
        </Fragment>
      ))}
    </Text>
  );
}
