import {
  ActionIcon,
  type ActionIconProps,
  Anchor,
  type AnchorProps,
  Button,
  type ButtonProps,
  Menu,
  type MenuItemProps,
} from '@mantine/core';
import { createLink } from '@tanstack/react-router';
import type { AnchorHTMLAttributes, Ref } from 'react';

/* The library's looks with the router's types: a wrong address or parameter doesn't compile. */

type Plain<Props> = Props &
  Omit<AnchorHTMLAttributes<HTMLAnchorElement>, keyof Props> & { ref?: Ref<HTMLAnchorElement> };

export const TextLink = createLink((props: Plain<AnchorProps>) => <Anchor inherit {...props} />);
export const ButtonLink = createLink((props: Plain<ButtonProps>) => <Button component="a" {...props} />);
export const IconLink = createLink((props: Plain<ActionIconProps>) => <ActionIcon component="a" {...props} />);
export const MenuLink = createLink((props: Plain<MenuItemProps>) => <Menu.Item component="a" {...props} />);
