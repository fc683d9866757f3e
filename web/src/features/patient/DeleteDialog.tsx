import { DeleteDialog as Dialog } from '@/entities/visit/DeleteDialog';
import type { Patient } from '@/lib/api/model';
import { deletePatient, refreshPatients } from '@/entities/patient/queries';

export function DeleteDialog({ patient, onClose }: { patient: Patient; onClose: () => void }) {
  return (
    <Dialog
      title={`Удалить карту: ${patient.name}?`}
      means="Карта исчезнет из списка и из поиска при записи. Визиты и история останутся, карту можно вернуть."
      remove={() => deletePatient(patient)}
      refresh={refreshPatients}
      notice={`${patient.name}: карта удалена. Вернуть можно на её странице.`}
      whom={{ kind: 'patient', id: patient.id }}
      free="Теперь карту можно удалить."
      onClose={onClose}
    />
  );
}
