import { Anchor, type AnchorProps } from '@mantine/core';
import type { ReactNode } from 'react';
import { AddressLink } from '@/components/AddressLink';
import type { ObjectType } from '@/lib/api/objectTypes';
import { useObjectPage } from './useObjectPage';

interface ObjectLinkProps extends AnchorProps {
  readonly type: ObjectType;
  readonly id: string;
  /** In a tab of its own: what is being decided here stays. */
  readonly newTab?: boolean;
  readonly children: ReactNode;
}

/** A link to an object's page where the user's rights open it, else the plain text: no link ends in a refusal. */
export function ObjectLink({ type, id, newTab = false, children, ...props }: ObjectLinkProps): ReactNode {
  const address = useObjectPage(type, id);
  if (address === null) return children;
  return newTab ? (
    <Anchor href={address} target="_blank" rel="noreferrer" {...props}>
      {children}
    </Anchor>
  ) : (
    <AddressLink href={address} {...props}>
      {children}
    </AddressLink>
  );
}
