import { Skeleton } from '@mantine/core';
import classes from '@/components/Page.module.css';

/** Heading and content where the page will have them. */
export function PagePending() {
  return (
    <div className={classes.page} role="status" aria-busy="true" aria-label="Загрузка страницы">
      <div className={classes.head}>
        <Skeleton h={28} w={220} />
      </div>
      <Skeleton h={36} mb="sm" />
      <Skeleton h={320} />
    </div>
  );
}
