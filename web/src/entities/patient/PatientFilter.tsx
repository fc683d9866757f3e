/** A list's filter by one patient, who is found as elsewhere. */
import { Button, CloseButton, Group, Modal } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { allows, CARDS, useMe } from '@/lib/api/me';
import { PatientPicker } from './PatientPicker';
import { patientQuery } from './queries';
import classes from './PatientFilter.module.css';

interface PatientFilterProps {
  /** The id that stands in the address. */
  value: string | undefined;
  onChange: (id: string | undefined) => void;
}

export function PatientFilter({ value, onChange }: PatientFilterProps) {
  const me = useMe();
  const opensCards = allows(me.rights, CARDS);
  const [opened, setOpened] = useState(false);
  const { data } = useQuery({ ...patientQuery(value ?? ''), enabled: value !== undefined && opensCards });
  if (!opensCards && !me.rights.includes('calendar')) return null;
  const name = [data?.family_name, data?.given_name].filter(Boolean).join(' ');
  return (
    <Group gap={2} wrap="nowrap">
      <Button
        variant="default"
        className={classes.target}
        data-empty={value === undefined || undefined}
        aria-label={value === undefined ? 'Пациент' : `Пациент: ${name || 'выбран'}`}
        aria-haspopup="dialog"
        onClick={() => setOpened(true)}
      >
        {value === undefined ? 'Пациент' : name || 'Выбранный пациент'}
      </Button>
      <Modal opened={opened} onClose={() => setOpened(false)} title="Документы пациента" size={420}>
        <PatientPicker
          value={null}
          autoFocus
          onChange={(patient) => {
            setOpened(false);
            if (patient !== null) onChange(patient.id);
          }}
        />
      </Modal>
      {value !== undefined && <CloseButton aria-label="Все пациенты" onClick={() => onChange(undefined)} />}
    </Group>
  );
}
