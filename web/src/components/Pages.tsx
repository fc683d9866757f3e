import { Pagination } from '@mantine/core';

interface PagesProps {
  readonly page: number;
  readonly of: number;
  readonly onChange: (page: number) => void;
}

/** Leads through the pages of a long list below it; on paper, which holds one of them, it says so. */
export function Pages({ page, of, onChange }: PagesProps) {
  if (of <= 1) return null;
  return (
    <>
      <Pagination mt="md" value={page} total={of} onChange={onChange} />
      <p className="only-paper">{`Здесь страница ${page} из ${of}.`}</p>
    </>
  );
}
