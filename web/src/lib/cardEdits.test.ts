import { describe, expect, it } from 'vitest';
import {
  afterSave,
  changed,
  dropSaved,
  type Edits,
  NO_CARD_EDITS,
  setField,
  takeTheirs,
  theirValue,
  valueOf,
} from './cardEdits';

const SAVED = { name: 'Дента', step: 20, open: true };

describe('edits of a card', () => {
  it('send only what differs from what is saved', () => {
    let edits = setField(NO_CARD_EDITS, SAVED, 'name', 'Улыбка');
    edits = setField(edits, SAVED, 'step', 30);
    edits = setField(edits, SAVED, 'step', 20);
    expect(changed(edits, SAVED)).toEqual({ name: 'Улыбка' });
    expect(valueOf(edits, SAVED, 'open')).toBe(true);
  });

  it('follow others in untouched fields and show a collision in touched ones', () => {
    const edits = setField(NO_CARD_EDITS, SAVED, 'name', 'Улыбка');
    const moved = { ...SAVED, name: 'Жемчуг', step: 60 };
    expect(valueOf(edits, moved, 'step')).toBe(60);
    expect(valueOf(edits, moved, 'name')).toBe('Улыбка');
    expect(theirValue(edits, moved, 'name')).toBe('Жемчуг');
    expect(theirValue(edits, moved, 'step')).toBeUndefined();
    expect(theirValue(edits, { ...SAVED, name: 'Улыбка' }, 'name')).toBeUndefined();
  });

  it('keep what was typed while a save was on its way', () => {
    const sent = setField(NO_CARD_EDITS, SAVED, 'name', 'Улыбка');
    const later = setField(setField(sent, SAVED, 'name', 'Улыбка+'), SAVED, 'open', false);
    expect(Object.keys(afterSave(later, changed(sent, SAVED)))).toEqual(['name', 'open']);
    expect(afterSave(sent, changed(sent, SAVED))).toEqual({});
  });

  it('take what was sent for the base of what was typed meanwhile', () => {
    const sent = setField(NO_CARD_EDITS, SAVED, 'name', 'Улыбка');
    const later = afterSave(setField(sent, SAVED, 'name', 'Улыбка+'), changed(sent, SAVED));
    expect(theirValue(later, { ...SAVED, name: 'Улыбка' }, 'name')).toBeUndefined();
    expect(theirValue(later, { ...SAVED, name: 'Жемчуг' }, 'name')).toBe('Жемчуг');
  });

  it('end with a colleague who saves the same, and don’t come back with their next change', () => {
    const edits = setField(setField(NO_CARD_EDITS, SAVED, 'name', 'Улыбка'), SAVED, 'step', 30);
    const left = dropSaved(edits, { ...SAVED, name: 'Улыбка' });
    expect(Object.keys(left)).toEqual(['step']);
    expect(valueOf(left, { ...SAVED, name: 'Жемчуг' }, 'name')).toBe('Жемчуг');
    expect(dropSaved(left, SAVED)).toBe(left);
  });

  it('give way only where both changed the same', () => {
    const edits = setField(setField(NO_CARD_EDITS, SAVED, 'name', 'Улыбка'), SAVED, 'step', 30);
    const moved = { ...SAVED, name: 'Жемчуг' };
    expect(changed(takeTheirs(edits, moved), moved)).toEqual({ step: 30 });
  });
});

interface Ticked {
  readonly ticks: ReadonlySet<string>;
  readonly doctor: { id: string } | null;
}

describe('edits of sets and objects', () => {
  const saved: Ticked = { ticks: new Set(['a', 'b']), doctor: { id: 'x' } };
  const none: Edits<Ticked> = {};

  it('count each tick for itself over what others tick', () => {
    const edits = setField(none, saved, 'ticks', new Set(['a', 'c']));
    const moved = { ...saved, ticks: new Set(['b', 'd']) };
    expect([...valueOf(edits, moved, 'ticks')].sort()).toEqual(['c', 'd']);
    expect(theirValue(edits, moved, 'ticks')).toBeUndefined();
    const further = setField(edits, moved, 'ticks', new Set(['c', 'd', 'e']));
    expect([...valueOf(further, moved, 'ticks')].sort()).toEqual(['c', 'd', 'e']);
    expect(changed(setField(edits, moved, 'ticks', new Set(['d', 'b'])), moved)).toEqual({});
  });

  it('don’t bring back after a save what others take away', () => {
    const edits = setField(none, saved, 'ticks', new Set(['a', 'b', 'c']));
    const meanwhile = { ...saved, ticks: new Set(['a', 'b', 'd']) };
    expect(afterSave(edits, changed(edits, meanwhile))).toEqual({});
    const later = afterSave(setField(edits, saved, 'ticks', new Set(['a', 'b', 'c', 'e'])), changed(edits, saved));
    expect([...valueOf(later, { ...saved, ticks: new Set(['a', 'b']) }, 'ticks')].sort()).toEqual(['a', 'b', 'e']);
  });

  it('know an emptied field and an equal object', () => {
    expect(changed(setField(none, saved, 'doctor', null), saved)).toEqual({ doctor: null });
    expect(valueOf(setField(none, saved, 'doctor', null), saved, 'doctor')).toBeNull();
    expect(setField(none, saved, 'doctor', { id: 'x' })).toEqual({});
  });
});
