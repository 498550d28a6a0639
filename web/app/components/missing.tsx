/** Stands where a number would be that nobody knows: a dash, and why there is none. */
export function Missing({ reason }: { readonly reason: string }) {
  return (
    <span className="missing">
      <span className="missing-dash" aria-hidden="true">
        —
      </span>
      <span className="missing-reason">{reason}</span>
    </span>
  );
}
