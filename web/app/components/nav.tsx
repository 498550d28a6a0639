import { NavLink } from '@remix-run/react';
import { LogOut } from './log-out.tsx';
import { shortcutPages } from './shortcut-pages.ts';
import { Tools } from './tools.tsx';

/** Links to every page. */
export function Nav() {
  return (
    <nav className="nav" aria-label="Pages">
      <ul>
        {shortcutPages.map(({ to, text }) => (
          <li key={to}>
            <NavLink to={to} end={to === '/'} prefetch="none">
              {text}
            </NavLink>
          </li>
        ))}
        <LogOut />
      </ul>
      <Tools />
    </nav>
  );
}
