import { ActionIcon, Input, Text } from '@mantine/core';
import { IconPlus, IconX } from '@tabler/icons-react';
import { useQuery } from '@tanstack/react-query';
import { Choice } from '@/components/fields/Choice';
import { NumberField } from '@/components/fields/NumberField';
import { limits } from '@/lib/api/limits';
import { materialsQuery } from '@/entities/service/queries';
import classes from './NormLines.module.css';
import type { UsedMaterial } from './serviceForm';

interface NormLinesProps {
  norms: readonly UsedMaterial[];
  error: string | undefined;
  disabled: boolean;
  onChange: (norms: readonly UsedMaterial[]) => void;
}

/** What one service uses up, in the units in which the goods are written off. */
export function NormLines({ norms, error, disabled, onChange }: NormLinesProps) {
  const materials = useQuery(materialsQuery);
  const free = (materials.data?.items ?? []).filter(({ id }) => !norms.some(({ goods }) => goods.id === id));
  return (
    <div role="group" aria-label="Нормы расхода материалов">
      {norms.length > 0 && (
        <ul className={classes.lines} aria-label="Материалы">
          {norms.map((norm) => (
            <li key={norm.goods.id} className={classes.line}>
              <span className={classes.name}>{norm.goods.name}</span>
              <NumberField
                aria-label={`Количество: ${norm.goods.name}`}
                size="xs"
                w={90}
                decimals={6}
                {...limits.Norm.quantity}
                disabled={disabled}
                error={error !== undefined && norm.quantity.trim() === ''}
                value={norm.quantity}
                onChange={(quantity) => {
                  onChange(norms.map((other) => (other === norm ? { ...norm, quantity } : other)));
                }}
              />
              <Text fz="sm" c="dimmed" className={classes.unit}>
                {norm.unit}
              </Text>
              <ActionIcon
                aria-label={`Убрать материал: ${norm.goods.name}`}
                disabled={disabled}
                onClick={() => onChange(norms.filter((other) => other !== norm))}
              >
                <IconX size={16} stroke={1.7} />
              </ActionIcon>
            </li>
          ))}
        </ul>
      )}
      {error !== undefined && <Input.Error mb={6}>{error}</Input.Error>}
      <Choice
        aria-label="Добавить материал"
        placeholder="Добавить материал"
        disabled={disabled || materials.data === undefined}
        leftSection={<IconPlus size={16} stroke={1.7} aria-hidden />}
        nothingFoundMessage={materials.data?.items.length === 0 ? 'Товаров пока нет' : 'Ничего не найдено'}
        data={free.map(({ id, name }) => ({ value: id, label: name }))}
        value={null}
        onChange={(id) => {
          const material = free.find((one) => one.id === id);
          if (material === undefined) return;
          onChange([...norms, { goods: { id: material.id, name: material.name }, unit: material.unit, quantity: '1' }]);
        }}
      />
    </div>
  );
}
