import { Button } from '@mantine/core';
import { IconDownload } from '@tabler/icons-react';
import type { ReactNode } from 'react';
import { useDownload } from '@/components/useDownload';

interface WorkbookButtonProps {
  readonly address: string;
  readonly name: string;
}

export function WorkbookButton({ address, name }: WorkbookButtonProps): ReactNode {
  const workbook = useDownload(address, `${name}.xlsx`);
  return (
    <Button
      component="a"
      {...workbook.link}
      loading={workbook.loading}
      variant="default"
      leftSection={<IconDownload size={17} stroke={1.6} aria-hidden />}
    >
      Выгрузить в Excel
    </Button>
  );
}
