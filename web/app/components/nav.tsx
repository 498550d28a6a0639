import { NavLink } from './link.tsx';
import { LogOut } from './log-out.tsx';
import { shortcutPages } from './shortcut-pages.ts';
import { Tools } from './tools.tsx';

/** Links to every page. Hidden, its keys still work. */
export function Nav({ isHidden }: { readonly isHidden: boolean }) {
  return (
    <nav className="nav" aria-label="Pages" hidden={isHidden}>
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
