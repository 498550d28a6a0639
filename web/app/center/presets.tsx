import { useSearchParams } from '@remix-run/react';
import { Link } from '../components/link.tsx';

/** Layouts of the command center, by the name in the address. */
export const presets = [
  { id: 'race', text: 'Race', says: 'everything of a running session' },
  { id: 'qualifying', text: 'Qualifying', says: 'before the open: plan, composites, night' },
  { id: 'pit-wall', text: 'Pit wall', says: 'states and signals only, as on a phone' },
] as const;

export type Preset = (typeof presets)[number]['id'];

/** Returns the preset an address asks for. */
export function usePreset(): Preset {
  const [search] = useSearchParams();
  return presets.find(({ id }) => id === search.get('preset'))?.id ?? 'race';
}

/** Links to the layouts; the address keeps the choice, so that it can be a bookmark of each window. */
export function PresetLinks() {
  const now = usePreset();
  return (
    <nav aria-label="Layout" className="presets">
      {presets.map(({ id, text, says }) => (
        <Link
          key={id}
          to={id === 'race' ? '/' : `/?preset=${id}`}
          title={says}
          {...(id === now ? { 'aria-current': 'true' as const } : {})}
        >
          {text}
        </Link>
      ))}
    </nav>
  );
}
