import { Logo } from '@/components/Logo';
import { PagePending } from './PagePending';
import classes from './Shell.module.css';
import { useMenu } from './useMenu';

/** The shell's frame while it isn't known yet who has signed in: what comes takes its place, and nothing jumps. */
export function ShellPending() {
  const { narrow } = useMenu();
  return (
    <div className={classes.frame} data-narrow={narrow || undefined}>
      <div className={classes.side}>
        <div className={classes.brand}>
          <Logo />
        </div>
      </div>
      <main className={classes.main}>
        <PagePending />
      </main>
    </div>
  );
}
