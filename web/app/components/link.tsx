import {
  type FormProps,
  type LinkProps,
  type NavLinkProps,
  Form as RemixForm,
  Link as RemixLink,
  NavLink as RemixNavLink,
} from '@remix-run/react';
import { type ReactNode, useContext } from 'react';
import { InstrumentContext, useKept } from '../client/use-instrument.ts';

type WithText<P> = Omit<P, 'to'> & { readonly to: string };

/** A link to a page of this app, which goes on showing the instrument of this window. */
export function Link({ to, ...more }: WithText<LinkProps>) {
  return <RemixLink to={useKept(to)} {...more} />;
}

/** The same, marked where it leads to the page one is on. */
export function NavLink({ to, ...more }: WithText<NavLinkProps>) {
  return <RemixNavLink to={useKept(to)} {...more} />;
}

/** A form that asks a page of this app; its fields take the place of the address, so the instrument is one of them. */
export function Form({ children, ...more }: FormProps & { readonly children: ReactNode }) {
  const instrument = useContext(InstrumentContext);
  return (
    <RemixForm {...more}>
      {instrument === null ? null : <input type="hidden" name="instrument" value={instrument} />}
      {children}
    </RemixForm>
  );
}
