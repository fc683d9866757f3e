import { Combobox, InputBase, Loader, Text, useCombobox } from '@mantine/core';
import { useDebouncedValue } from '@mantine/hooks';
import { useQuery } from '@tanstack/react-query';
import { type ReactNode, useLayoutEffect, useState } from 'react';
import { afterPress } from '@/components/fields/afterPress';
import { useChosen } from '@/components/fields/useChosen';
import { type StockGoods, stockGoodsQuery } from '@/entities/stock/queries';
import { limits } from '@/lib/api/limits';
import { useRight } from '@/lib/api/me';
import { filled, rubles } from '@/lib/text';
import { hasTwoUnits } from './documentDraft';
import classes from './GoodsField.module.css';

interface GoodsFieldProps {
  /** null in the line that adds. */
  readonly goods: StockGoods | null;
  readonly label: string;
  readonly placeholder?: string;
  readonly disabled: boolean;
  readonly error?: boolean | undefined;
  readonly onChoose: (goods: StockGoods) => void;
}

const PAUSE_MS = 150;

function factsOf(goods: StockGoods): string {
  const { article, category, sale_unit, write_off_unit, factor, price } = goods;
  const units = hasTwoUnits(goods) ? `${sale_unit} = ${factor.replace('.', ',')} ${write_off_unit}` : sale_unit;
  return filled([article === '' ? '' : `арт. ${article}`, category, units, rubles(price)]).join(' · ');
}

/**
 * Goods by a part of their name or their article. The list opens by typing, by the arrow down or by a click; what was found first is
 * marked once it is there, and Enter takes it. Enter in a field that nothing was typed in is the table's.
 */
export function GoodsField({ goods, label, placeholder, disabled, error, onChoose }: GoodsFieldProps): ReactNode {
  const mayAdd = useRight('goods');
  const [typed, setTyped] = useState<string | null>(null);
  const [opened, setOpened] = useState(false);
  const text = (typed ?? '').trim();
  const [asked] = useDebouncedValue(text, PAUSE_MS);
  const search = useQuery({ ...stockGoodsQuery(asked), enabled: opened });
  const combobox = useCombobox({
    opened,
    onOpenedChange: setOpened,
    onDropdownClose: () => combobox.resetSelectedOption(),
  });
  const waiting = opened && (search.isFetching || asked !== text);
  const found = search.data?.items ?? [];
  const offered = waiting ? '' : found.map(({ id }) => id).join();
  const { resetSelectedOption, selectFirstOption } = combobox;
  useLayoutEffect(() => {
    // the mark is kept by place: in another list it would stand on something else
    if (offered === '' || text === '') resetSelectedOption();
    else selectFirstOption();
    // eslint-disable-next-line react-hooks/exhaustive-deps
  }, [offered, opened]);
  const field = useChosen({ typed: text, waiting });

  return (
    <Combobox
      store={combobox}
      width={460}
      position="bottom-start"
      onOptionSubmit={(id) => {
        const chosen = found.find((one) => one.id === id);
        if (chosen === undefined) return;
        setTyped(null);
        setOpened(false);
        onChoose(chosen);
      }}
    >
      <Combobox.Target withExpandedAttribute>
        <InputBase
          ref={field.ref}
          role="combobox"
          size="xs"
          aria-label={label}
          title={goods?.name}
          placeholder={placeholder}
          autoComplete="off"
          {...limits.Query.q}
          disabled={disabled}
          error={field.fault ?? error}
          rightSection={waiting && text !== '' ? <Loader size={14} /> : null}
          value={typed ?? goods?.name ?? ''}
          onFocus={(event) => event.currentTarget.select()}
          onKeyDown={field.onKeyDown}
          onInvalid={field.onInvalid}
          onClick={() => setOpened(!disabled)}
          onChange={(event) => {
            field.onType();
            setTyped(event.currentTarget.value);
            setOpened(true);
          }}
          onBlur={() => {
            setOpened(false);
            if (text === '') setTyped(null);
            else afterPress(field.onLeave);
          }}
        />
      </Combobox.Target>
      <Combobox.Dropdown>
        <Combobox.Options mah={320} className={classes.options} aria-label="Найденные товары">
          {found.map((one) => (
            <Combobox.Option key={one.id} value={one.id}>
              <Text span fz="sm" fw={500} display="block">
                {one.name}
              </Text>
              <Text span fz="xs" display="block" className={classes.facts}>
                {factsOf(one)}
              </Text>
            </Combobox.Option>
          ))}
          {found.length === 0 && (
            <Combobox.Empty>
              {waiting ? 'Ищем…' : search.isError ? 'Поиск не удался' : 'Такого товара нет'}
              {!waiting && mayAdd && (
                <>
                  {' – '}
                  <a href="/catalogues/goods/new" target="_blank" rel="noreferrer" onMouseDown={stay}>
                    добавить
                  </a>
                </>
              )}
            </Combobox.Empty>
          )}
        </Combobox.Options>
      </Combobox.Dropdown>
    </Combobox>
  );
}

/** The list closes when its field loses the focus: before a link in it could be clicked. */
const stay = (event: { preventDefault: () => void }) => event.preventDefault();
