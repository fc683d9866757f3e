import { IconAlertTriangle } from '@tabler/icons-react';
import { useQuery } from '@tanstack/react-query';
import type { ReactNode } from 'react';
import { TextLink } from '@/components/links';
import { counted } from '@/lib/text';
import classes from './ExpiringMark.module.css';
import { expiringQuery } from './queries';

const SOON = 30;

/** Beside a heading, where nothing moves when it comes: that batches expire within a month, or have. */
export function ExpiringMark(): ReactNode {
  const count = useQuery(expiringQuery(SOON)).data?.items.length ?? 0;
  if (count === 0) return null;
  return (
    <TextLink to="/stock/expiring" search={{ days: SOON }} className={`${classes.mark} no-paper`}>
      <IconAlertTriangle size={16} stroke={1.7} aria-hidden />
      Истекает срок годности: {counted(count, 'партия', 'партии', 'партий')}
    </TextLink>
  );
}
