import { describe, expect, it } from 'vitest';
import { among, faultsIn } from './faults';
import { Problem, readProblem } from './problem';

const FIELDS = among(['email', 'snils', 'source_id']);
const refusal = (code: string, facts: Record<string, unknown>) => new Problem(409, code, 'Не сходится.', facts);

describe('what a refusal says of a form', () => {
  it('stands at the field that it names', () => {
    expect(faultsIn(refusal('wrong_value', { field: 'snils', reason: 'Не сходится.' }), FIELDS)).toEqual({
      snils: 'Не сходится.',
    });
  });

  it('stands at every field where there are several, each with its own reason', () => {
    const fields = [
      { field: 'snils', reason: 'Не сходится.' },
      { field: 'email', reason: 'Проверьте адрес.' },
      { field: 'unknown', reason: 'Чего-то нет.' },
    ];
    expect(faultsIn(refusal('wrong_value', { field: 'snils', reason: '', fields }), FIELDS)).toEqual({
      snils: 'Не сходится.',
      email: 'Проверьте адрес.',
    });
  });

  it('stands at the field that its code is about', () => {
    const byCode = { entry_deleted: ({ facts }: Problem) => (facts.catalogue === 'source' ? 'source_id' : undefined) };
    expect(faultsIn(refusal('entry_deleted', { catalogue: 'source' }), FIELDS, byCode)).toEqual({
      source_id: 'Не сходится.',
    });
    expect(faultsIn(refusal('entry_deleted', { catalogue: 'unit' }), FIELDS, byCode)).toBeNull();
  });

  it('is none where it names no field of the form', () => {
    expect(faultsIn(refusal('patient_deleted', {}), FIELDS)).toBeNull();
    expect(faultsIn(new Error('lost'), FIELDS)).toBeNull();
  });

  it('of a malformed request stands at all its fields', async () => {
    const fields = [
      { field: 'values.email', reason: 'Текст длиннее 254 символов.' },
      { field: 'lines.0.snils', reason: 'Здесь только цифры' },
    ];
    const body = JSON.stringify({ code: 'body_malformed', title: 'Запрос заполнен неверно.', facts: { fields } });
    expect(faultsIn(await readProblem(new Response(body, { status: 422 })), FIELDS)).toEqual({
      email: 'Текст длиннее 254 символов.',
      snils: 'Здесь только цифры',
    });
  });
});
