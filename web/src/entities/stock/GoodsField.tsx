import { Combobox, Group, InputBase, Loader, Text, useCombobox } from '@mantine/core';
import { useDebouncedValue } from '@mantine/hooks';
import { useQuery } from '@tanstack/react-query';
import { type ReactNode, useContext, useLayoutEffect, useState } from 'react';
import { afterPress } from '@/components/fields/afterPress';
import { useChosen } from '@/components/fields/useChosen';
import { type StockGoods, stockGoodsQuery } from './queries';
import { limits } from '@/lib/api/limits';
import { useRight } from '@/lib/api/me';
import { filled, nameKey, rubles } from '@/lib/text';
import { hasTwoUnits, quantity, unitName } from './units';
import classes from './GoodsField.module.css';
import { StockPlaceContext } from './stockPlace';

interface GoodsFieldProps {
  /** null in the line that adds. */
  readonly goods: StockGoods | null;
  readonly label: string;
  readonly placeholder?: string;
  readonly disabled: boolean;
  readonly error?: boolean | undefined;
  readonly onChoose: (goods: StockGoods) => void;
  /** Makes goods of a name that none has; absent: only what there is can be chosen. */
  readonly onCreate?: ((name: string) => void) | undefined;
}

const CREATES = 'creates';

const PAUSE_MS = 150;

function factsOf(goods: StockGoods): string {
  const { article, category, sale_unit, write_off_unit, factor, price } = goods;
  const units = hasTwoUnits(goods) ? `${sale_unit} = ${quantity(factor, write_off_unit)}` : sale_unit;
  return filled([article === '' ? '' : `арт. ${article}`, category, units, rubles(price)]).join(' · ');
}

/**
 * Goods by a part of their name or their article. The list opens by typing, by the arrow down or by a click; what was found first is
 * marked once it is there, and Enter takes it. Enter in a field that nothing was typed in is the table's.
 */
export function GoodsField({
  goods,
  label,
  placeholder,
  disabled,
  error,
  onChoose,
  onCreate,
}: GoodsFieldProps): ReactNode {
  const mayAdd = useRight('goods');
  const [typed, setTyped] = useState<string | null>(null);
  const [opened, setOpened] = useState(false);
  const text = (typed ?? '').trim();
  const [asked] = useDebouncedValue(text, PAUSE_MS);
  const { warehouse, moment } = useContext(StockPlaceContext);
  const place = { ...(warehouse === '' ? {} : { warehouse_id: warehouse }), ...(moment === '' ? {} : { moment }) };
  const search = useQuery({ ...stockGoodsQuery({ q: asked, ...place }), enabled: opened });
  const combobox = useCombobox({
    opened,
    onOpenedChange: setOpened,
    onDropdownClose: () => combobox.resetSelectedOption(),
  });
  const waiting = opened && (search.isFetching || asked !== text);
  const found = search.data?.items ?? [];
  const creates =
    onCreate !== undefined && !waiting && text !== '' && found.every(({ name }) => nameKey(name) !== nameKey(text));
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
        if (chosen === undefined && id !== CREATES) return;
        setTyped(null);
        setOpened(false);
        if (chosen === undefined) onCreate?.(text.replace(/\s+/g, ' '));
        else onChoose(ofLine(chosen));
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
              <Group component="span" justify="space-between" wrap="nowrap" gap="sm" align="baseline">
                <Text span fz="sm" fw={500}>
                  {one.name}
                </Text>
                {one.balance !== null && (
                  <Text span fz="xs" className={classes.balance} data-none={/^(0$|-)/.test(one.balance)}>
                    {one.balance === '0' ? 'нет на складе' : quantity(one.balance, unitName(one, 'write_off'))}
                  </Text>
                )}
              </Group>
              <Text span fz="xs" display="block" className={classes.facts}>
                {factsOf(one)}
              </Text>
            </Combobox.Option>
          ))}
          {creates && (
            <Combobox.Option value={CREATES}>
              <Text span fz="sm" fw={500}>
                Создать товар «{text}»
              </Text>
            </Combobox.Option>
          )}
          {found.length === 0 && !creates && (
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

/** Without what is only of the moment: a line is the same whichever way its goods came. */
function ofLine(chosen: StockGoods): StockGoods {
  const { id, name, article, category, sale_unit, write_off_unit, factor, price, deleted } = chosen;
  return { id, name, article, category, sale_unit, write_off_unit, factor, price, deleted };
}

/** The list closes when its field loses the focus: before a link in it could be clicked. */
const stay = (event: { preventDefault: () => void }) => event.preventDefault();
