import { useNavigate } from '@remix-run/react';
import { createContext, useCallback, useContext } from 'react';
import { withInstrument } from '../instrument.ts';

/** The instrument that links of this window keep; null where nobody chose one. */
export const InstrumentContext = createContext<string | null>(null);

/** How to go somewhere: in place of the entry of the history, without a jump to the top. */
interface GoOptions {
  readonly replace?: boolean;
  readonly preventScrollReset?: boolean;
}

/** Returns an address of this app as this window goes there: with the instrument it shows. */
export function useKept(to: string): string {
  return withInstrument(to, useContext(InstrumentContext));
}

/** Returns how to go to another page of this app; the instrument that is shown stays. */
export function useGo(): (to: string, options?: GoOptions) => void {
  const navigate = useNavigate();
  const instrument = useContext(InstrumentContext);
  return useCallback(
    (to, options) => navigate(withInstrument(to, instrument), options),
    [navigate, instrument],
  );
}
