import type { CSSProperties } from 'react';
import type { VisitStatus } from '@/lib/api/model';
import { STATUSES } from './status';
import classes from './StatusBadge.module.css';

function statusColours(status: VisitStatus): CSSProperties {
  return { background: `var(--status-${status}-ground)`, color: `var(--status-${status}-text)` };
}

export function StatusBadge({ status }: { status: VisitStatus }) {
  const { label, icon: Icon } = STATUSES[status];
  return (
    <span className={classes.badge} style={statusColours(status)}>
      <Icon size={15} stroke={1.8} aria-hidden />
      {label}
    </span>
  );
}
