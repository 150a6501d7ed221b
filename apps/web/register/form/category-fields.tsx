import type { Category } from '@plenary/contracts';
import { LocalText } from '../../shell/local-text';
import { shapes } from '../../ui/chip';
import type { FieldOf } from './fields';

/** As what one takes part: one of those that are open to everybody, each a line to press. */
export function CategoryFields({ categories, field }: { categories: readonly Category[]; field: ReturnType<FieldOf> }) {
  const { label, error, id, ...radio } = field;
  return (
    <fieldset className="grid gap-1" aria-describedby={error ? `${id}-error` : undefined}>
      <legend className="mb-1 font-semibold">{label}</legend>
      {error && (
        <p id={`${id}-error`} className="text-sm font-semibold text-bad">
          <span aria-hidden="true">{shapes.bad} </span>
          {error}
        </p>
      )}
      {categories.map(({ key, name }, index) => (
        <label
          key={key}
          className="flex min-h-11 items-center gap-3 rounded-control border border-edge bg-paper px-3 py-2 has-checked:border-accent has-checked:bg-accent-soft"
        >
          <input
            type="radio"
            value={key}
            id={index === 0 ? id : `${id}-${key}`}
            aria-invalid={error ? true : undefined}
            {...radio}
          />
          <LocalText of={name} />
        </label>
      ))}
    </fieldset>
  );
}
