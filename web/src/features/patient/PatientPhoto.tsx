import { Paper } from '@mantine/core';
import { PhotoPanel } from '@/components/PhotoPanel';
import type { Patient } from '@/lib/api/model';
import { photoAddress, refreshPatients, removePhoto, setPhoto } from '@/entities/patient/queries';

export function PatientPhoto({ patient }: { patient: Patient }) {
  return (
    <Paper withBorder p="md" component="section" aria-label="Фотография">
      <PhotoPanel
        name={patient.name}
        address={patient.photo === null ? null : photoAddress(patient.id, patient.photo)}
        size={96}
        changeable={!patient.deleted && patient.merged_into === null}
        onChange={(file) => (file === null ? removePhoto(patient) : setPhoto(patient, file))}
        onDone={refreshPatients}
      />
    </Paper>
  );
}
