import { getRouteApi } from '@tanstack/react-router';
import type { ReactNode } from 'react';
import { VersionView } from './VersionView';

const route = getRouteApi('/shell/settings/hours/versions/$version');

/** The window of one version. */
export function VersionPage(): ReactNode {
  const { version } = route.useParams();
  const { month, differences } = route.useSearch();
  const navigate = route.useNavigate();
  return (
    <VersionView
      key={version}
      which={{ version: Number(version) }}
      month={month}
      differences={differences === true}
      onSearch={(search) => void navigate({ search, replace: true })}
    />
  );
}
