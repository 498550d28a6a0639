import { useCallback, useEffect, useRef, useState } from 'react';
import { saveLayout } from './flow-api.ts';
import type { Places } from './graph-size.ts';

const saveAfterMs = 400;

/** Where nodes were put by hand. It is no change of the flow: neither its text nor its hash knows of it. */
export interface Layout {
  readonly moved: Places;
  /** Nodes can be moved here. */
  readonly canMove: boolean;
  /** Why the places could not be kept; empty when they are. */
  readonly problem: string;
  readonly move: (node: string, to: Places[string]) => void;
  /** Lets every node stand where the layout puts it. */
  readonly reset: () => void;
}

/** Keeps places beside the flow's file, a moment after the last move. */
export function useLayout(id: string, first: Places, canMove: boolean): Layout {
  const [moved, setMoved] = useState(first);
  const [problem, setProblem] = useState('');
  const saved = useRef(first);
  useEffect(() => {
    if (moved === saved.current) return;
    const save = async (): Promise<void> => {
      saved.current = moved;
      const answer = await saveLayout(id, moved);
      setProblem(answer.ok ? '' : `the places are not kept: ${answer.error}`);
    };
    const timer = setTimeout(() => void save(), saveAfterMs);
    return () => clearTimeout(timer);
  }, [id, moved]);
  const move = useCallback(
    (node: string, to: Places[string]) => setMoved((all) => ({ ...all, [node]: to })),
    [],
  );
  const reset = useCallback(() => setMoved({}), []);
  return { moved, canMove, problem, move, reset };
}
