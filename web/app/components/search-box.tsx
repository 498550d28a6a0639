/** A field that filters a list as one types, and how much of the list is left. */
export function SearchBox({
  label,
  hint,
  wanted,
  onChange,
  shown,
  total,
}: {
  readonly label: string;
  readonly hint: string;
  readonly wanted: string;
  readonly onChange: (wanted: string) => void;
  readonly shown: number;
  readonly total: number;
}) {
  return (
    <>
      <label>
        <span className="hidden-visually">{label}</span>
        <input
          type="search"
          className="search"
          placeholder={hint}
          value={wanted}
          onChange={(event) => onChange(event.currentTarget.value)}
        />
      </label>
      <span className="muted" role="status">
        {shown} of {total}
      </span>
    </>
  );
}
