import { createContext } from 'react';

/** Of which goods are counted and taken: '' where it isn't chosen (yet). */
export interface StockPlace {
  readonly warehouse: string;
  /** «2026-12-01T10:30» */
  readonly moment: string;
}

/** For the choice of goods, in every line. */
export const StockPlaceContext = createContext<StockPlace>({ warehouse: '', moment: '' });
