import { type ChangeEvent, type KeyboardEvent, type RefObject, useLayoutEffect, useRef, useState } from 'react';
import { type Read, refused } from '@/lib/typed/read';
import { afterPress } from './afterPress';

interface Typed<V> {
  readonly value: V;
  /** The value as people write it. */
  readonly format: (value: V) => string;
  readonly read: (text: string) => Read<V>;
  /** What the form holds while the text is not understood, or may still become something else. */
  readonly raw: (text: string) => V;
  /** The value of a field without text. */
  readonly empty: V;
  /** Why a field without text can't be taken, where it can't. */
  readonly needed?: string;
  readonly onChange: (value: V) => void;
}

interface Field {
  readonly text: string;
  /** Why the text can't be taken, once the field was left. */
  readonly fault: string | null;
  /** Forgets what was typed: the value was chosen otherwise. */
  readonly reset: () => void;
  readonly props: {
    readonly ref: RefObject<HTMLInputElement | null>;
    readonly value: string;
    readonly autoComplete: 'off';
    readonly onChange: (event: ChangeEvent<HTMLInputElement>) => void;
    readonly onBlur: () => void;
    readonly onKeyDown: (event: KeyboardEvent<HTMLInputElement>) => void;
    readonly onInvalid: (event: { preventDefault: () => void }) => void;
  };
}

/**
 * A text field over a value of some kind. The text is read when the field is left or Enter is pressed, earlier only where nothing
 * typed after it could change its meaning: the form never holds half a value. What isn't understood stays in the field with the
 * reason, and `Form` doesn't send it (the reason is the input's custom validity).
 */
export function useTyped<V>({ value, format, read, raw, empty, needed, onChange }: Typed<V>): Field {
  const ref = useRef<HTMLInputElement>(null);
  const [typing, setTyping] = useState<{ text: string; value: V; left: boolean } | null>(null);
  const own = typing !== null && Object.is(typing.value, value) ? typing : null; // else it was set from elsewhere meanwhile
  const text = own === null ? format(value) : own.text;
  const blank = text.trim() === '' ? (needed === undefined ? null : refused(needed)) : undefined;
  const meant = own === null ? null : blank === undefined ? read(text) : blank;
  const fault = meant !== null && !meant.ok ? meant.reason : null;

  useLayoutEffect(() => {
    ref.current?.setCustomValidity(fault ?? '');
  });

  const settle = () => {
    if (own === null) return;
    if (meant !== null && !meant.ok) {
      setTyping({ ...own, left: true });
      return;
    }
    setTyping(null);
    if (meant !== null && !Object.is(meant.value, value)) onChange(meant.value);
  };

  return {
    text,
    fault: own?.left === true ? fault : null,
    reset: () => setTyping(null),
    props: {
      ref,
      value: text,
      autoComplete: 'off',
      onChange: (event) => {
        const next = event.currentTarget.value;
        const known = next.trim() === '' ? null : read(next);
        const taken = known === null ? empty : known.ok && known.whole ? known.value : raw(next);
        setTyping({ text: next, value: taken, left: false });
        if (!Object.is(taken, value)) onChange(taken);
      },
      onBlur: () => afterPress(settle),
      onKeyDown: (event) => {
        if (event.key === 'Enter') settle();
      },
      onInvalid: (event) => {
        event.preventDefault();
        if (own !== null) setTyping({ ...own, left: true });
      },
    },
  };
}
