import { describe, expect, it } from 'vitest';
import { changed, type Edits, NO_CARD_EDITS, othersValue, typed, valueOf, without, yielded } from './cardEdits';

const SAVED = { name: 'Дента', step: 20, open: true };

describe('edits of a card', () => {
  it('send only what differs from what is saved', () => {
    let edits = typed(NO_CARD_EDITS, SAVED, 'name', 'Улыбка');
    edits = typed(edits, SAVED, 'step', 30);
    edits = typed(edits, SAVED, 'step', 20);
    expect(changed(edits, SAVED)).toEqual({ name: 'Улыбка' });
    expect(valueOf(edits, SAVED, 'open')).toBe(true);
  });

  it('follow others in untouched fields and tell a collision in touched ones', () => {
    const edits = typed(NO_CARD_EDITS, SAVED, 'name', 'Улыбка');
    const moved = { ...SAVED, name: 'Жемчуг', step: 60 };
    expect(valueOf(edits, moved, 'step')).toBe(60);
    expect(valueOf(edits, moved, 'name')).toBe('Улыбка');
    expect(othersValue(edits, moved, 'name')).toBe('Жемчуг');
    expect(othersValue(edits, moved, 'step')).toBeUndefined();
    expect(othersValue(edits, { ...SAVED, name: 'Улыбка' }, 'name')).toBeUndefined();
  });

  it('keep what was typed while a save was on its way', () => {
    const sent = typed(NO_CARD_EDITS, SAVED, 'name', 'Улыбка');
    const later = typed(typed(sent, SAVED, 'name', 'Улыбка+'), SAVED, 'open', false);
    expect(Object.keys(without(later, changed(sent, SAVED)))).toEqual(['name', 'open']);
    expect(without(sent, changed(sent, SAVED))).toEqual({});
  });

  it('take what was sent for the base of what was typed meanwhile', () => {
    const sent = typed(NO_CARD_EDITS, SAVED, 'name', 'Улыбка');
    const later = without(typed(sent, SAVED, 'name', 'Улыбка+'), changed(sent, SAVED));
    expect(othersValue(later, { ...SAVED, name: 'Улыбка' }, 'name')).toBeUndefined();
    expect(othersValue(later, { ...SAVED, name: 'Жемчуг' }, 'name')).toBe('Жемчуг');
  });

  it('give way only where both changed the same', () => {
    const edits = typed(typed(NO_CARD_EDITS, SAVED, 'name', 'Улыбка'), SAVED, 'step', 30);
    const moved = { ...SAVED, name: 'Жемчуг' };
    expect(changed(yielded(edits, moved), moved)).toEqual({ step: 30 });
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
    const edits = typed(none, saved, 'ticks', new Set(['a', 'c']));
    const moved = { ...saved, ticks: new Set(['b', 'd']) };
    expect([...valueOf(edits, moved, 'ticks')].sort()).toEqual(['c', 'd']);
    expect(othersValue(edits, moved, 'ticks')).toBeUndefined();
    const further = typed(edits, moved, 'ticks', new Set(['c', 'd', 'e']));
    expect([...valueOf(further, moved, 'ticks')].sort()).toEqual(['c', 'd', 'e']);
    expect(changed(typed(edits, moved, 'ticks', new Set(['d', 'b'])), moved)).toEqual({});
  });

  it('don’t bring back after a save what others take away', () => {
    const edits = typed(none, saved, 'ticks', new Set(['a', 'b', 'c']));
    const meanwhile = { ...saved, ticks: new Set(['a', 'b', 'd']) };
    expect(without(edits, changed(edits, meanwhile))).toEqual({});
    const later = without(typed(edits, saved, 'ticks', new Set(['a', 'b', 'c', 'e'])), changed(edits, saved));
    expect([...valueOf(later, { ...saved, ticks: new Set(['a', 'b']) }, 'ticks')].sort()).toEqual(['a', 'b', 'e']);
  });

  it('know an emptied field and an equal object', () => {
    expect(changed(typed(none, saved, 'doctor', null), saved)).toEqual({ doctor: null });
    expect(valueOf(typed(none, saved, 'doctor', null), saved, 'doctor')).toBeNull();
    expect(typed(none, saved, 'doctor', { id: 'x' })).toEqual({});
  });
});
