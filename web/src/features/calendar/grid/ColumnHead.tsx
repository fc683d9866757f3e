import { Link } from '@tanstack/react-router';
import { occupies } from '@/entities/visit/status';
import { employeePhotoAddress } from '@/lib/api/photos';
import { counted, plural, shortName } from '@/lib/text';
import { clock, formatDayShort } from '@/lib/time';
import classes from './ColumnHead.module.css';
import type { Column } from '../model/columns';

interface ColumnHeadProps {
  column: Column;
  /** `doctor`: a day's columns; `date`: one doctor's week; `both`: everybody's week, under bands of days. */
  shows: 'doctor' | 'date' | 'both';
}

/** The doctor's photo in a ring of their colour; without one, and where columns are narrow, the colour alone. */
function Face({ column: { doctorId, color, photo }, shows }: ColumnHeadProps) {
  const pictured = doctorId !== null && photo !== null && shows === 'doctor';
  const ground = color === '' ? undefined : { background: color };
  return (
    <>
      {pictured && <img className={classes.face} style={ground} src={employeePhotoAddress(doctorId, photo)} alt="" />}
      {color !== '' && (
        <span className={classes.dot} style={ground} data-photo={pictured || undefined} aria-hidden="true" />
      )}
    </>
  );
}

/** Whose column it is, and how much stands in it. */
export function ColumnHead({ column, shows }: ColumnHeadProps) {
  const count = column.visits.filter((visit) => occupies(visit.status)).length;
  const visits = count === 0 ? 'нет визитов' : counted(count, 'визит', 'визита', 'визитов');
  const pill = (
    <span className={classes.count} title={visits} data-none={count === 0 || undefined}>
      {count}
      <span className={classes.heard}>{` ${plural(count, 'визит', 'визита', 'визитов')}`}</span>
    </span>
  );
  const hours = column.hours.map(([from, to]) => `${clock(from)}–${clock(to)}`).join(', ');
  const brief = hours.replaceAll(':00', '');
  if (shows === 'date') {
    return (
      <>
        <div className={classes.line}>
          <Link
            to="/calendar"
            search={(now) => ({ ...now, date: column.date, view: undefined, doctor: undefined })}
            className={classes.name}
          >
            {formatDayShort(column.date)}
          </Link>
          {pill}
        </div>
        <span className={classes.detail}>{hours === '' ? 'не работает' : hours}</span>
      </>
    );
  }
  return (
    <>
      <div className={classes.line}>
        <Face column={column} shows={shows} />
        {column.doctorId === null || shows === 'both' ? (
          // no links in everybody's week: the router looks at each one again whenever the address changes
          <span className={classes.name} title={column.name}>
            {column.doctorId === null ? column.name : shortName(column.name)}
          </span>
        ) : (
          <Link
            to="/calendar"
            search={(now) => ({ ...now, view: 'week', doctor: column.doctorId ?? undefined })}
            className={classes.name}
            title={`${column.name}: открыть неделю`}
            data-deleted={column.deleted || undefined}
          >
            {shortName(column.name)}
          </Link>
        )}
      </div>
      <div className={classes.line}>
        {pill}
        <span className={classes.detail} title={shows === 'both' ? hours : column.position}>
          {column.doctorId === null ? 'врача выберут позже' : shows === 'both' ? brief : column.position}
        </span>
      </div>
    </>
  );
}
