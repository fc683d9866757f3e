import type { ReactNode } from 'react';
import { ButtonLink } from '@/components/links';
import { Page } from '@/components/Page';
import { useRight } from '@/lib/api/me';
import { SettingsForm } from './SettingsForm';

/** «Информация о клинике»: what printed forms tell of it; its hours are a step away. */
export function ClinicInformationPage(): ReactNode {
  const editsHours = useRight('hours');
  return (
    <Page
      title="Информация о клинике"
      actions={
        <>
          {editsHours && (
            <ButtonLink to="/settings/hours" variant="default">
              Редактировать график
            </ButtonLink>
          )}
          <ButtonLink to="/settings/clinic/history" variant="default">
            История изменений
          </ButtonLink>
        </>
      }
    >
      <SettingsForm part="information" notice="Информация о клинике сохранена." />
    </Page>
  );
}
