/** A stored phone (+79161234567) as people read it; a click calls it. */
import { Anchor, type AnchorProps } from '@mantine/core';
import type { ReactNode } from 'react';
import { formatPhone } from '@/lib/text';

interface PhoneLinkProps extends AnchorProps {
  readonly phone: string;
  readonly icon?: ReactNode;
}

export function PhoneLink({ phone, icon, ...rest }: PhoneLinkProps): ReactNode {
  return (
    <Anchor href={`tel:${phone}`} fz="sm" style={{ whiteSpace: 'nowrap' }} {...rest}>
      {icon}
      {formatPhone(phone)}
    </Anchor>
  );
}
