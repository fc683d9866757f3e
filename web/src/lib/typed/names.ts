/** A full name as people type it, as its parts; `services/excel/full_names.py` reads files so, and asks where it isn't sure. */

import { HYPHENS } from './read';

export interface NameParts {
  readonly family_name: string;
  readonly given_name: string;
  readonly patronymic: string;
}

const PATRONYMIC = /^.{3,}(?:ич|вна|чна|шна)$/i;
const OF_FATHER = /^(?:оглы|оглу|огли|углы|углу|угли|улы|уулу|кызы|гызы|кизи|кизы|къызы|кзы|заде|зода)$/i;
/** Words that begin a family name. */
const BEFORE_FAMILY = /^(?:де|ди|да|дю|ла|ле|фон|ван|дер|ден|цу|тер|эль|аль|бен|ибн)$/i;

/** In the usual order, family name first; with the patronymic in the middle, the other way round. */
export function readName(text: string): NameParts {
  const words = joined(
    text
      .replaceAll(',', ' ')
      .trim()
      .replace(HYPHENS, '-')
      .replace(/\s*-\s*/g, '-')
      .split(/\s+/),
  );
  const [first = '', second = '', third = ''] = words;
  if (words.length === 3 && isPatronymic(second) && !isPatronymic(third)) {
    return { family_name: third, given_name: first, patronymic: second };
  }
  return { family_name: first, given_name: second, patronymic: words.slice(2).join(' ') };
}

function isPatronymic(word: string): boolean {
  return PATRONYMIC.test(word) || OF_FATHER.test(word.split(/[\s-]/).at(-1) ?? '');
}

/** Words with those that belong together in one: «Гасан оглы», «фон Берг». */
function joined(words: readonly string[]): string[] {
  const found: string[] = [];
  for (const word of words) {
    const before = found.at(-1);
    const begins = found.length === 1 && before !== undefined && BEFORE_FAMILY.test(before.split(' ').at(-1) ?? '');
    if (before !== undefined && (begins || OF_FATHER.test(word))) found[found.length - 1] = `${before} ${word}`;
    else found.push(word);
  }
  return found;
}
