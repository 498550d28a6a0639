import { createContext } from 'react';

/** The nonce that lets the page's own inline scripts run; empty in the browser, where they have run already. */
export const NonceContext = createContext('');
