import { Alert } from '@mantine/core';
import { DeleteDialog as Dialog } from '@/components/card/DeleteDialog';
import { StandingVisits } from '@/components/StandingVisits';
import { patientVisitsIn } from '@/lib/api/conflicts';
import type { Patient } from '@/lib/api/model';
import { deletePatient, refreshPatients } from '@/lib/api/patients';

export function DeleteDialog({ patient, onClose }: { patient: Patient; onClose: () => void }) {
  return (
    <Dialog
      title={`Удалить карту: ${patient.name}?`}
      means="Карта исчезнет из списка и из поиска при записи. Визиты и история останутся, карту можно вернуть."
      remove={() => deletePatient(patient)}
      refresh={refreshPatients}
      said={`${patient.name}: карта удалена. Вернуть можно на её странице.`}
      inTheWay={(error) => {
        const visits = patientVisitsIn(error);
        return (
          visits && (
            <>
              <Alert color="red" role="alert">
                {(error as Error).message}
              </Alert>
              {visits.length > 0 && <StandingVisits visits={visits} label="Предстоящие визиты пациента" />}
            </>
          )
        );
      }}
      onClose={onClose}
    />
  );
}
