import { Button } from '@mantine/core';
import { IconShoppingCart } from '@tabler/icons-react';
import { type ReactNode, useState } from 'react';
import { useRight } from '@/lib/api/me';
import { SaleDialog } from './SaleDialog';

interface SaleButtonProps {
  /** Whose card it stands in. */
  readonly patient?: { readonly id: string; readonly name: string };
  readonly variant?: string;
}

/** Goods sold at the desk, for those who take money. */
export function SaleButton({ patient, variant = 'default' }: SaleButtonProps): ReactNode {
  const maySell = useRight('payments');
  const [selling, setSelling] = useState(false);
  if (!maySell) return null;
  return (
    <>
      <Button
        variant={variant}
        leftSection={<IconShoppingCart size={17} stroke={1.7} aria-hidden />}
        onClick={() => setSelling(true)}
      >
        Продажа
      </Button>
      {selling && <SaleDialog patient={patient} onClose={() => setSelling(false)} />}
    </>
  );
}
