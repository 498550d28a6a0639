import { useEffect } from 'react';

const mostNumbers = 9;

/** Panels of the page that have a number, in the order they are read. */
function numberedPanels(): HTMLElement[] {
  return [...document.querySelectorAll<HTMLElement>('.main .panel[id]')].slice(0, mostNumbers);
}

/** Puts the focus on a panel, counted from 1; false when there is none of that number. */
export function focusPanel(number: number): boolean {
  const panel = numberedPanels()[number - 1];
  if (!panel) return false;
  panel.focus({ preventScroll: true });
  panel.scrollIntoView({ block: 'nearest' });
  return true;
}

function showNumbers(): void {
  for (const [i, panel] of numberedPanels().entries()) panel.dataset['number'] = String(i + 1);
}

function hideNumbers(): void {
  for (const panel of document.querySelectorAll<HTMLElement>('.panel[data-number]'))
    delete panel.dataset['number'];
}

/** Shows the numbers of the panels as long as Alt is held. */
export function useNumbersOnAlt(): void {
  useEffect(() => {
    const onKey = (event: KeyboardEvent): void => {
      if (event.key !== 'Alt') return;
      if (event.type === 'keydown') showNumbers();
      else hideNumbers();
    };
    document.addEventListener('keydown', onKey);
    document.addEventListener('keyup', onKey);
    // Alt and Tab leave the window with Alt still down.
    window.addEventListener('blur', hideNumbers);
    return () => {
      document.removeEventListener('keydown', onKey);
      document.removeEventListener('keyup', onKey);
      window.removeEventListener('blur', hideNumbers);
    };
  }, []);
}
