/** What a table says of each of its lines, the same object as long as it says the same: a line is drawn again when it changes. */
import { useRef } from 'react';
import { type Amount, inRubles } from './visitMoney';
import type { LineAmount, LineFaults } from './LineRow';

interface LineFacts {
  readonly amount: LineAmount;
  readonly faults: LineFaults;
}

/** `of`: «lines» or «goods», as the server begins the names of their fields. */
export function useLineFacts(
  of: string,
  amounts: readonly Amount[],
  faults: Readonly<Record<string, string>>,
): readonly LineFacts[] {
  const before = useRef<readonly LineFacts[]>([]);
  const facts = amounts.map(({ gross, net }, at): LineFacts => {
    const start = `${of}.${at}.`;
    const own = Object.entries(faults).filter(([field]) => field.startsWith(start));
    const now = {
      amount: { gross: inRubles(gross), net: inRubles(net) },
      faults: Object.fromEntries(own.map(([field, reason]) => [field.slice(start.length), reason])),
    };
    const known = before.current[at];
    return known !== undefined && JSON.stringify(known) === JSON.stringify(now) ? known : now;
  });
  before.current = facts;
  return facts;
}
