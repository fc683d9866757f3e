import { ActionIcon, Tooltip, VisuallyHidden } from '@mantine/core';
import { IconLayoutSidebarLeftCollapse, IconLayoutSidebarLeftExpand, IconListCheck } from '@tabler/icons-react';
import { Link, Outlet, useLocation } from '@tanstack/react-router';
import { useEffect, useRef } from 'react';
import { followChanges } from '@/lib/api/live';
import { useMe } from '@/lib/api/me';
import { sessionEstablished } from '@/lib/api/session';
import { ConnectionBanner } from './ConnectionBanner';
import { FirstStepsBar, useFirstSteps } from './FirstSteps';
import { Logo } from '@/components/Logo';
import { UnsavedQuestion } from '@/components/UnsavedGuard';
import { SearchButton } from './SearchButton';
import { menuEntries, visibleGroups } from './sections';
import classes from './Shell.module.css';
import { SignInAgain } from './SignInAgain';
import { useClockNotice } from './useClockNotice';
import { useGrants } from './useGrants';
import { useMenu } from './useMenu';
import { UserMenu } from './UserMenu';

/** Sections with others below their address. */
const EXACT: ReadonlySet<string> = new Set(['/settings', '/stock', '/money']);
const CURRENT = { 'data-status': 'active', 'aria-current': 'page' } as const;

function isWithin(path: string, page: string): boolean {
  return path === page || path.startsWith(`${page}/`);
}

export function Shell() {
  const me = useMe();
  const { narrow, toggle } = useMenu();
  const steps = useFirstSteps();

  useEffect(() => {
    sessionEstablished(true);
    const stop = followChanges();
    return () => {
      sessionEstablished(false);
      stop();
    };
  }, []);

  const judging = useGrants();
  useClockNotice();

  // A low screen doesn't hold the whole menu: the section that one is in stays in sight.
  const menu = useRef<HTMLElement>(null);
  const path = useLocation({ select: ({ pathname }) => pathname });
  useEffect(() => {
    menu.current?.querySelector('[data-status="active"]')?.scrollIntoView({ block: 'nearest' });
  }, [path]);

  const toggleLabel = narrow ? 'Развернуть меню' : 'Свернуть меню';
  return (
    <div className={classes.frame} data-narrow={narrow || undefined}>
      <a className="skip-link" href="#main">
        К содержанию
      </a>
      <aside className={classes.side}>
        <Link to="/" className={classes.brand} aria-label={`${me.clinic.name}: на главную`}>
          <Logo />
          {!narrow && <span className={classes.clinic}>{me.clinic.name}</span>}
        </Link>
        <div className={classes.search}>
          <SearchButton narrow={narrow} />
        </div>
        <nav ref={menu} className={classes.nav} aria-label="Разделы">
          {steps !== null && (
            <Tooltip label="Первые шаги" position="right" disabled={!narrow}>
              <Link to="/first-steps" className={classes.link}>
                <IconListCheck size={19} stroke={1.6} aria-hidden />
                {narrow ? <VisuallyHidden>Первые шаги</VisuallyHidden> : `Первые шаги: ${steps.done} из ${steps.of}`}
              </Link>
            </Tooltip>
          )}
          {visibleGroups(me.rights).map((group) => (
            <div key={group.sections[0]?.to}>
              {group.title === null ? (
                <div className={classes.gap} />
              ) : (
                <div className={classes.heading}>{group.title}</div>
              )}
              <ul className={classes.group}>
                {menuEntries(group.sections).map(({ to, title, icon: Icon, pages }) => (
                  <li key={to}>
                    <Tooltip label={title} position="right" disabled={!narrow}>
                      <Link
                        to={to}
                        className={classes.link}
                        activeOptions={{ exact: EXACT.has(to), includeSearch: false }}
                        {...(pages.some((page) => page !== to && isWithin(path, page)) ? CURRENT : {})}
                      >
                        <Icon size={19} stroke={1.6} aria-hidden />
                        {narrow ? <VisuallyHidden>{title}</VisuallyHidden> : title}
                      </Link>
                    </Tooltip>
                  </li>
                ))}
              </ul>
            </div>
          ))}
        </nav>
        <div className={classes.foot}>
          <UserMenu narrow={narrow} />
          <Tooltip label={toggleLabel} position="right">
            <ActionIcon aria-label={toggleLabel} size="lg" mx={narrow ? 'auto' : 4} onClick={toggle}>
              {narrow ? (
                <IconLayoutSidebarLeftExpand size={19} stroke={1.6} />
              ) : (
                <IconLayoutSidebarLeftCollapse size={19} stroke={1.6} />
              )}
            </ActionIcon>
          </Tooltip>
        </div>
      </aside>
      <main id="main" className={classes.main} tabIndex={-1}>
        <FirstStepsBar />
        <Outlet />
      </main>
      <ConnectionBanner judging={judging} />
      <SignInAgain />
      <UnsavedQuestion />
    </div>
  );
}
