import { useCallback, useState } from 'react';
import { postCommand } from './post-command.ts';

/** Which alarms are meant: one, or all up to one. */
type Meant = { readonly id: number } | { readonly through: number };

/** Returns how to tell the server that somebody saw alarms, and why it did not take that last time. */
export function useAcknowledge(): {
  readonly acknowledge: (meant: Meant) => Promise<void>;
  readonly problem: string | null;
} {
  const [problem, setProblem] = useState<string | null>(null);
  const acknowledge = useCallback(async (meant: Meant) => {
    const answer = await postCommand('/api/alerts', meant);
    setProblem(answer.ok ? null : answer.error);
  }, []);
  return { acknowledge, problem };
}
