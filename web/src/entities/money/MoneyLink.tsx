import type { AnchorProps } from '@mantine/core';
import type { ReactNode } from 'react';
import { TextLink } from '@/components/links';
import { ObjectLink } from '@/entities/object/ObjectLink';
import { allows, CARDS, useMe } from '@/lib/api/me';
import type { ObjectType } from '@/lib/api/objectTypes';

/** Money of patients, which has no document of its own. */
export const ofPatient = (kind: string): boolean => ['payment', 'refund', 'certificate'].includes(kind);

interface MoneyLinkProps extends AnchorProps {
  /** A money document, a payment, a refund or a certificate. */
  readonly kind: string;
  readonly id: string;
  /** Who paid or got the money. */
  readonly patient: string | null;
  readonly children: ReactNode;
}

/** Where money is worked with: its document, the certificate, or the patient's finances; plain text without the rights. */
export function MoneyLink({ kind, id, patient, children, ...look }: MoneyLinkProps): ReactNode {
  const { rights } = useMe();
  if (kind !== 'payment' && kind !== 'refund') {
    return (
      <ObjectLink type={kind as ObjectType} id={id} {...look}>
        {children}
      </ObjectLink>
    );
  }
  if (patient === null || !allows(rights, CARDS) || !allows(rights, ['patient_finances', 'payments'])) return children;
  return (
    <TextLink to="/patients/$id" params={{ id: patient }} search={{ tab: 'finances' }} {...look}>
      {children}
    </TextLink>
  );
}
