import { Button, Menu } from '@mantine/core';
import { IconChevronDown, IconPrinter } from '@tabler/icons-react';
import type { MouseEvent, ReactNode } from 'react';
import { paperAddress } from '@/lib/api/client';

/** A paper that the server makes, by its address; opened as a PDF in a tab of its own. */
export interface PaperChoice {
  label: string;
  address: string;
}

/** Just before the browser follows the link: what was saved since the page was drawn belongs on the paper too. */
function bringUpToDate(event: MouseEvent<HTMLAnchorElement>): void {
  event.currentTarget.href = paperAddress(event.currentTarget.href);
}

const paperLink = (address: string) => ({
  component: 'a' as const,
  href: address,
  target: '_blank',
  rel: 'noopener',
  onClick: bringUpToDate,
});

/** «Печать» of what has one paper. */
export function PaperButton({ label, address }: PaperChoice) {
  return (
    <Button {...paperLink(address)} variant="default" leftSection={<IconPrinter size={17} stroke={1.6} aria-hidden />}>
      {label}
    </Button>
  );
}

/** A paper among the deeds of a menu. */
export function PaperItem({ label, address }: PaperChoice) {
  return <Menu.Item {...paperLink(address)}>{label}</Menu.Item>;
}

/** «Печать» of what has several. `target`: another button that opens the list. */
export function PaperMenu({
  papers,
  size = 'sm',
  target,
  label,
}: {
  papers: readonly PaperChoice[];
  size?: 'sm' | 'compact-sm';
  target?: ReactNode;
  label?: string;
}) {
  return (
    <Menu position="bottom-end">
      <Menu.Target>
        {target ?? (
          <Button
            size={size}
            variant="default"
            style={{ flexShrink: 0 }}
            leftSection={<IconPrinter size={15} stroke={1.7} aria-hidden />}
            rightSection={<IconChevronDown size={14} aria-hidden />}
          >
            Печать
          </Button>
        )}
      </Menu.Target>
      <Menu.Dropdown mah="70vh" style={{ overflowY: 'auto' }}>
        {label !== undefined && <Menu.Label>{label}</Menu.Label>}
        {papers.map((paper) => (
          <Menu.Item key={paper.address} {...paperLink(paper.address)}>
            {paper.label}
          </Menu.Item>
        ))}
      </Menu.Dropdown>
    </Menu>
  );
}
