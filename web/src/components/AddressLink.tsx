import { Anchor, type AnchorProps } from '@mantine/core';
import { useRouter } from '@tanstack/react-router';
import type { MouseEvent, ReactNode } from 'react';

interface AddressLinkProps extends AnchorProps {
  /** An address of our own, with its query: as the server's answers name it. */
  readonly href: string;
  readonly children: ReactNode;
  readonly replace?: boolean;
  readonly 'aria-current'?: 'true' | undefined;
}

/** A link known only as text: opens within the page, and like any link in a new tab where that is asked for. */
export function AddressLink({ href, replace = false, ...props }: AddressLinkProps): ReactNode {
  const router = useRouter();

  function open(event: MouseEvent): void {
    if (
      event.defaultPrevented ||
      event.button !== 0 ||
      event.ctrlKey ||
      event.metaKey ||
      event.shiftKey ||
      event.altKey
    )
      return;
    event.preventDefault();
    void router.navigate({ href, replace });
  }

  return <Anchor href={href} onClick={open} {...props} />;
}
