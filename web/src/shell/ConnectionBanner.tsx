import { IconPlugConnectedX, IconRefreshAlert, IconShieldLock } from '@tabler/icons-react';
import { connection } from '@/lib/api/connection';
import { useStore } from '@/lib/store';
import classes from './Shell.module.css';

/** What the page says over everything: how its line is, and `judging`: that changed rights are being looked at. */
export function ConnectionBanner({ judging }: { judging: boolean }) {
  const state = useStore(connection);
  return (
    <div className={`${classes.status ?? ''} over-veil`} role="status">
      {judging && state === 'online' && (
        <div className={classes.banner}>
          <IconShieldLock size={18} stroke={1.8} aria-hidden />
          Ваши права изменились, обновляем страницу…
        </div>
      )}
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
