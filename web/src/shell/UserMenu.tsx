import { Avatar, Menu, Text, UnstyledButton, useMantineColorScheme, VisuallyHidden } from '@mantine/core';
import { IconCheck, IconDeviceDesktop, IconLogout, IconMoon, IconShieldLock, IconSun } from '@tabler/icons-react';
import { Link, useNavigate } from '@tanstack/react-router';
import { useState } from 'react';
import { api } from '@/lib/api/client';
import { useMe } from '@/lib/api/me';
import { queryClient } from '@/lib/api/queries';
import { sessionEstablished } from '@/lib/api/session';
import { initials, shortName } from '@/lib/text';
import { reportProblem } from '@/components/notices';
import classes from './Shell.module.css';

const SCHEMES = [
  { scheme: 'light', label: 'Светлое оформление', icon: IconSun },
  { scheme: 'dark', label: 'Тёмное оформление', icon: IconMoon },
  { scheme: 'auto', label: 'Как в системе', icon: IconDeviceDesktop },
] as const;

export function UserMenu({ narrow }: { narrow: boolean }) {
  const me = useMe();
  const navigate = useNavigate();
  const { colorScheme, setColorScheme } = useMantineColorScheme();
  const [leaving, setLeaving] = useState(false);

  const signOut = async () => {
    setLeaving(true);
    sessionEstablished(false); // what still runs meets 401 from here on, and nobody is to be asked to come back
    try {
      await api.DELETE('/api/session');
      await navigate({ to: '/signin', search: {} });
      queryClient.clear();
    } catch (error) {
      sessionEstablished(true);
      reportProblem(error);
    } finally {
      setLeaving(false);
    }
  };

  return (
    <Menu position="right-end" width={240}>
      <Menu.Target>
        <UnstyledButton className={classes.user}>
          <Avatar size={30} radius="xl" color="sea" variant="light" aria-hidden>
            {initials(me.name)}
          </Avatar>
          {narrow ? (
            <VisuallyHidden>{`Меню пользователя: ${me.name}`}</VisuallyHidden>
          ) : (
            <span className={classes.userName}>
              <Text span fz="sm" fw={500}>
                {shortName(me.name)}
              </Text>
              <Text span fz="xs" c="dimmed">
                {me.rights_set.name}
              </Text>
            </span>
          )}
        </UnstyledButton>
      </Menu.Target>
      <Menu.Dropdown>
        <Menu.Label>
          {me.name}
          <br />
          {me.email}
        </Menu.Label>
        <Menu.Divider />
        <Menu.Item
          leftSection={<IconShieldLock size={17} stroke={1.6} />}
          renderRoot={(props) => <Link {...props} to="/profile" />}
        >
          Профиль и безопасность
        </Menu.Item>
        <Menu.Divider />
        {SCHEMES.map(({ scheme, label, icon: Icon }) => (
          <Menu.Item
            key={scheme}
            closeMenuOnClick={false}
            leftSection={<Icon size={17} stroke={1.6} />}
            rightSection={colorScheme === scheme ? <IconCheck size={16} aria-label="выбрано" /> : null}
            onClick={() => setColorScheme(scheme)}
          >
            {label}
          </Menu.Item>
        ))}
        <Menu.Divider />
        <Menu.Item
          leftSection={<IconLogout size={17} stroke={1.6} />}
          disabled={leaving}
          onClick={() => void signOut()}
        >
          Выйти
        </Menu.Item>
      </Menu.Dropdown>
    </Menu>
  );
}
