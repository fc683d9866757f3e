import { IconPlugConnectedX, IconRefreshAlert } from '@tabler/icons-react';
import { connection } from '@/lib/api/connection';
import { useStore } from '@/lib/store';
import classes from './Shell.module.css';

export function ConnectionBanner() {
  const state = useStore(connection);
  return (
    <div className={classes.status} role="status">
      {state === 'lost' && (
        <div className={classes.banner}>
          <IconPlugConnectedX size={18} stroke={1.8} aria-hidden />
          Нет связи с сервером. Введённое не пропадёт, но на экране могут быть старые данные. Подключаемся снова…
        </div>
      )}
      {state === 'stale' && (
        <div className={classes.banner}>
          <IconRefreshAlert size={18} stroke={1.8} aria-hidden />
          Изменения коллег сейчас не приходят: на экране могут быть старые данные. Восстанавливаем соединение…
        </div>
      )}
    </div>
  );
}
