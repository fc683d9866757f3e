import { describe, expect, it } from 'vitest';
import { changed, NO_CARD_EDITS, othersValue, typed, valueOf, without } from './cardEdits';

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
});
