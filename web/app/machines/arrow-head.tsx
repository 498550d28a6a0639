/** The head of an edge, which paths name by its id. */
export function ArrowHead({ id, look }: { readonly id: string; readonly look: 'plain' | 'lit' }) {
  return (
    <marker
      id={id}
      viewBox="0 0 8 8"
      refX="7"
      refY="4"
      markerWidth="8"
      markerHeight="8"
      markerUnits="userSpaceOnUse"
      orient="auto"
    >
      <path className={`chart-arrow-${look}`} d="M0 0 L8 4 L0 8 z" />
    </marker>
  );
}
