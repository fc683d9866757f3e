import type { ReactNode } from 'react';
import { DeleteDialog as Dialog } from '@/entities/visit/DeleteDialog';
import { deleteEmployee, type EmployeeItem } from './queries';

interface DeleteDialogProps {
  readonly employee: EmployeeItem;
  readonly onDone: () => Promise<void>;
  readonly onClose: () => void;
}

export function DeleteDialog({ employee, onDone, onClose }: DeleteDialogProps): ReactNode {
  return (
    <Dialog
      title={`Удалить: ${employee.name}?`}
      means="Сотрудник исчезнет из графика и календаря, доступ к системе закроется. Карточка и история останутся, сотрудника можно вернуть."
      remove={() => deleteEmployee(employee.id, employee.version)}
      refresh={onDone}
      notice={`${employee.name}: удалён. Вернуть можно в карточке.`}
      whom={{ kind: 'employee', id: employee.id }}
      free="Теперь сотрудника можно удалить."
      onClose={onClose}
    />
  );
}
