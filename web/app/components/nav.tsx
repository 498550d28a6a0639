import { NavLink } from '@remix-run/react';

/** Pages in the order of the navigation; `key` goes there after `g`. */
export const pages = [
  { to: '/', text: 'Command', key: 'c' },
  { to: '/machines', text: 'Machines', key: 'm' },
  { to: '/flows', text: 'Flows', key: 'f' },
  { to: '/journal', text: 'Journal', key: 'j' },
  { to: '/plugins', text: 'Plugins', key: 'p' },
  { to: '/topics', text: 'Topics', key: 't' },
  { to: '/health', text: 'Health', key: 'h' },
  { to: '/help', text: 'Help', key: 'l' },
] as const;

/** Links to every page. */
export function Nav() {
  return (
    <nav className="nav" aria-label="Pages">
      <ul>
        {pages.map(({ to, text }) => (
          <li key={to}>
            <NavLink to={to} end={to === '/'} prefetch="none">
              {text}
            </NavLink>
          </li>
        ))}
      </ul>
    </nav>
  );
}
