import { Missing } from './missing.tsx';

/** A live number as text, or a dash with the reason why there is none. There is no default number. */
export function Value<T>({
  of,
  text,
  reason,
  className = '',
}: {
  readonly of: T | null | undefined;
  readonly text: (value: T) => string;
  readonly reason: string;
  readonly className?: string;
}) {
  if (of === null || of === undefined) return <Missing reason={reason} />;
  return <span className={`num live ${className}`.trim()}>{text(of)}</span>;
}
