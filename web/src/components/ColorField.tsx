import { ColorInput, type ColorInputProps } from '@mantine/core';

export const SWATCHES = ['#0b6480', '#1f7a4d', '#7a5b00', '#a13d63', '#5b4bb5', '#b4532a', '#3d6fb6', '#6b7280'];

/** One of a few colours that are easy to tell apart, or one that is typed. */
export function ColorField({ onChange, ...props }: ColorInputProps & { onChange: (color: string) => void }) {
  return (
    <ColorInput
      placeholder="Без цвета"
      format="hex"
      swatches={SWATCHES}
      swatchesPerRow={8}
      withPicker={false}
      withEyeDropper={false}
      closeOnColorSwatchClick
      onChange={(color) => onChange(color.toLowerCase())}
      {...props}
    />
  );
}
