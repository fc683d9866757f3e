import { localStorageColorSchemeManager, MantineProvider } from '@mantine/core';
import { DatesProvider } from '@mantine/dates';
import { ModalsProvider } from '@mantine/modals';
import { QueryClientProvider } from '@tanstack/react-query';
import { RouterContextProvider, RouterProvider } from '@tanstack/react-router';
import { NoticeArea } from '@/components/NoticeArea';
import { queryClient } from '@/lib/api/queries';
import { styleNonce } from '@/lib/styleNonce';
import { router } from './router';
import { cssVariables, theme } from './theme';

const colourScheme = localStorageColorSchemeManager({ key: 'denta-colour-scheme' });

export function App() {
  return (
    <MantineProvider
      theme={theme}
      getStyleNonce={() => styleNonce}
      cssVariablesResolver={cssVariables}
      colorSchemeManager={colourScheme}
      defaultColorScheme="auto"
    >
      <DatesProvider settings={{ locale: 'ru', firstDayOfWeek: 1, weekendDays: [0, 6] }}>
        <QueryClientProvider client={queryClient}>
          <RouterContextProvider router={router}>
            <ModalsProvider labels={{ confirm: 'Подтвердить', cancel: 'Отмена' }}>
              <NoticeArea />
              <RouterProvider router={router} />
            </ModalsProvider>
          </RouterContextProvider>
        </QueryClientProvider>
      </DatesProvider>
    </MantineProvider>
  );
}
