import type { AnchorProps } from '@mantine/core';
import type { ReactNode } from 'react';
import { AddressLink } from '@/components/AddressLink';
import type { ObjectType } from '@/lib/api/objectTypes';
import { useObjectPage } from './useObjectPage';

interface ObjectLinkProps extends AnchorProps {
  readonly type: ObjectType;
  readonly id: string;
  readonly children: ReactNode;
}

/** A link to an object's page where the user's rights open it, else the plain text: no link ends in a refusal. */
export function ObjectLink({ type, id, children, ...props }: ObjectLinkProps): ReactNode {
  const address = useObjectPage(type, id);
  return address === null ? (
    children
  ) : (
    <AddressLink href={address} {...props}>
      {children}
    </AddressLink>
  );
}
