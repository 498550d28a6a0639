import { useSearchParams } from '@remix-run/react';
import { useSyncExternalStore } from 'react';
import { Link } from '../components/link.tsx';

/** Layouts of the command center, by the name in the address. */
export const presets = [
  { id: 'race', text: 'Race', says: 'everything of a running session' },
  { id: 'qualifying', text: 'Qualifying', says: 'before the open: plan, composites, night' },
  { id: 'pit-wall', text: 'Pit wall', says: 'states and signals only, as on a phone' },
] as const;

export type Preset = (typeof presets)[number]['id'];

/** Below this width there is one column; the style sheets say the same. */
const phone = '(max-width: 767px)';

function onWidth(changed: () => void): () => void {
  const query = window.matchMedia(phone);
  query.addEventListener('change', changed);
  return () => query.removeEventListener('change', changed);
}

/** Returns the preset an address asks for; where it asks for none, the pit wall on phones and the race elsewhere. */
export function usePreset(): Preset {
  const [search] = useSearchParams();
  // The server does not know the width: what it paints is the race.
  const isPhone = useSyncExternalStore(
    onWidth,
    () => window.matchMedia(phone).matches,
    () => false,
  );
  const asked = presets.find(({ id }) => id === search.get('preset'))?.id;
  return asked ?? (isPhone ? 'pit-wall' : 'race');
}

/** Returns the address of a preset. Also the race is named: an address without a name leaves the choice to the width. */
export function presetAddress(id: Preset): string {
  return `/?preset=${id}`;
}

/** Links to the layouts; the address keeps the choice, so that it can be a bookmark of each window. */
export function PresetLinks() {
  const now = usePreset();
  return (
    <nav aria-label="Layout" className="presets">
      {presets.map(({ id, text, says }) => (
        <Link
          key={id}
          to={presetAddress(id)}
          title={says}
          {...(id === now ? { 'aria-current': 'true' as const } : {})}
        >
          {text}
        </Link>
      ))}
    </nav>
  );
}
