import type { ReactNode } from 'react';
import { ButtonLink } from '@/components/links';
import { Page } from '@/components/Page';
import { SettingsForm } from './SettingsForm';

/** «Настройки клиники». */
export function SettingsPage(): ReactNode {
  return (
    <Page
      title="Настройки клиники"
      actions={
        <ButtonLink to="/settings/history" variant="default">
          История настроек
        </ButtonLink>
      }
    >
      <SettingsForm part="settings" notice="Настройки сохранены." />
    </Page>
  );
}
