import { useEffect, useState } from 'react';
import type { RunningText } from '#engine/cli/desk.ts';

/** Follows the text that runs: asked for again once the engine says that it is another one. */
export function useRunning(
  id: string,
  first: RunningText | null,
  runningSha: string | null,
): RunningText | null {
  const [running, setRunning] = useState(first);
  const isSame = runningSha === null || runningSha === running?.sha;
  useEffect(() => {
    if (isSame) return;
    let isCurrent = true;
    void fetch(`/api/flows?id=${encodeURIComponent(id)}&running=1`)
      .then((response) => (response.ok ? (response.json() as Promise<RunningText>) : null))
      .then((read) => isCurrent && read && setRunning(read))
      .catch(() => {});
    return () => {
      isCurrent = false;
    };
  }, [id, isSame, runningSha]);
  return running;
}
