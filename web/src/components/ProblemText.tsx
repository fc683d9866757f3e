import { Text } from '@mantine/core';
import { Fragment } from 'react';
import { list } from '@/lib/api/facts';
import { isProblem, Problem, sentence } from '@/lib/api/problem';
import { formatDate, formatTime } from '@/lib/time';

interface ConflictingVisit {
  id: string;
  number: number;
  starts_at: string;
  ends_at: string;
  patient?: { name: string };
}

function isVisit(fact: unknown): fact is ConflictingVisit {
  return (
    typeof fact === 'object' &&
    fact !== null &&
    'id' in fact &&
    'number' in fact &&
    'starts_at' in fact &&
    'ends_at' in fact
  );
}

interface Person {
  id: string;
  name: string;
}

interface Card extends Person {
  card_number: string;
}

function isPerson(fact: unknown): fact is Person {
  return typeof fact === 'object' && fact !== null && 'id' in fact && 'name' in fact;
}

function isCard(fact: unknown): fact is Card {
  return isPerson(fact) && 'card_number' in fact;
}

interface Link {
  readonly href: string;
  readonly text: string;
}

/** What a refusal names, as far as the user may open it. */
function linksIn(error: unknown): Link[] {
  const { by, into, employee, employees } = error instanceof Problem ? error.facts : {};
  const owner = isProblem(error, 'internal_number_taken') ? [employee] : []; // who types one may open employees' cards
  return [
    ...[by, into]
      .filter(isCard)
      .map(({ id, name, card_number }) => ({ href: `/patients/${id}`, text: `Карта № ${card_number}, ${name}` })),
    ...[by].filter(isVisit).map(({ id, number, patient, starts_at, ends_at }) => ({
      href: `/visits/${id}`,
      text: `${patient?.name || `Визит № ${number}`}, ${formatDate(starts_at)} ${formatTime(starts_at)}–${formatTime(ends_at)}`,
    })),
    ...[...owner, ...list(employees)]
      .filter(isPerson)
      .map(({ id, name }) => ({ href: `/employees/${id}`, text: name })),
  ];
}

/** Plain links, since notices are drawn outside the router's tree; they open in a tab of their own, so that what was typed stays. */
function Links({ links }: { readonly links: readonly Link[] }) {
  return links.map(({ href, text }, index) => (
    <Fragment key={href}>
      {index === 0 ? '' : ', '}
      <a href={href} target="_blank" rel="noreferrer">
        {text}
      </a>
    </Fragment>
  ));
}

/** The links, if there are any: where the sentence stands elsewhere, such as at a field. `withSentence`: out of sight of that. */
export function ProblemLinks({ error, withSentence = false }: { error: unknown; withSentence?: boolean }) {
  const links = linksIn(error);
  return links.length === 0 ? null : (
    <Text size="sm">{withSentence ? <ProblemText error={error} /> : <Links links={links} />}</Text>
  );
}

/** The sentence of a refusal, followed by what it names. */
export function ProblemText({ error }: { error: unknown }) {
  const { correlation_id } = error instanceof Problem ? error.facts : {};
  const links = linksIn(error);
  return (
    <Text span inherit>
      {sentence(error)}
      {typeof correlation_id === 'string' && ` Номер запроса: ${correlation_id}`}
      {links.length > 0 && ' '}
      <Links links={links} />
    </Text>
  );
}
