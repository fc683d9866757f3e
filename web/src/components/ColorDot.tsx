import { Box, type BoxProps } from '@mantine/core';

/** A small round of colour beside a name; nothing where there is no colour. The name says it all: readers skip the dot. */
export function ColorDot({ color, ...props }: BoxProps & { color: string }) {
  if (color === '') return null;
  return (
    <Box component="span" aria-hidden display="inline-block" w={10} h={10} bdrs={5} bg={color} flex="none" {...props} />
  );
}
