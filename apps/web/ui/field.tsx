import { type ComponentProps, type ReactNode, useId } from 'react';
import { useTranslations } from 'use-intl';
import { shapes } from './chip';
import { classNames } from './class-names';

const control =
  'block w-full rounded-control border border-edge bg-paper px-3 py-2 text-base text-ink min-h-11 aria-invalid:border-bad aria-invalid:border-2 placeholder:text-ink-2';

interface Labelled {
  label: ReactNode;
  /** What helps to fill it in, under the label. */
  hint?: ReactNode;
  /** What is wrong, in words; shown and read out with the field. */
  error?: string | undefined;
  /** Says "optional" beside the label. */
  optional?: boolean;
}

/** Label, hint, control and error, tied together for those who listen. */
function Framed({ label, hint, error, optional, id, children }: Labelled & { id: string; children: ReactNode }) {
  const t = useTranslations('common');
  return (
    <div className="grid gap-1">
      <label htmlFor={id} className="font-semibold">
        {label}
        {optional && <span className="ms-2 text-sm font-normal text-ink-2">{t('optional')}</span>}
      </label>
      {hint && (
        <p id={`${id}-hint`} className="text-sm text-ink-2">
          {hint}
        </p>
      )}
      {error && <Wrong id={`${id}-error`}>{error}</Wrong>}
      {children}
    </div>
  );
}

function Wrong({ id, children }: { id: string; children: ReactNode }) {
  return (
    <p id={id} className="text-sm font-semibold text-bad">
      <span aria-hidden="true">{shapes.bad} </span>
      {children}
    </p>
  );
}

const described = (id: string, { hint, error }: Labelled) => ({
  id,
  'aria-invalid': error ? true : undefined,
  'aria-describedby': classNames(Boolean(hint) && `${id}-hint`, Boolean(error) && `${id}-error`) || undefined,
});

/** One line of text. `id` where something else (an error summary) must point at it. */
export function Field({ label, hint, error, optional, id, className, ...input }: Labelled & ComponentProps<'input'>) {
  const own = useId();
  const frame = { label, hint, error, ...(optional !== undefined && { optional }) };
  return (
    <Framed {...frame} id={id ?? own}>
      <input type="text" {...input} {...described(id ?? own, frame)} className={classNames(control, className)} />
    </Framed>
  );
}

/** Several lines of text. */
export function TextField({
  label,
  hint,
  error,
  optional,
  id,
  className,
  ...input
}: Labelled & ComponentProps<'textarea'>) {
  const own = useId();
  const frame = { label, hint, error, ...(optional !== undefined && { optional }) };
  return (
    <Framed {...frame} id={id ?? own}>
      <textarea rows={3} {...input} {...described(id ?? own, frame)} className={classNames(control, className)} />
    </Framed>
  );
}

/** One of a list: the browser's own, which every screen reader knows. */
export function Choice({
  label,
  hint,
  error,
  optional,
  id,
  className,
  children,
  ...select
}: Labelled & ComponentProps<'select'>) {
  const own = useId();
  const frame = { label, hint, error, ...(optional !== undefined && { optional }) };
  return (
    <Framed {...frame} id={id ?? own}>
      <select {...select} {...described(id ?? own, frame)} className={classNames(control, className)}>
        {children}
      </select>
    </Framed>
  );
}

/** A box to tick, its whole line a target. */
export function Tick({ label, hint, error, id, className, ...input }: Labelled & ComponentProps<'input'>) {
  const own = useId();
  const at = id ?? own;
  return (
    <div className={classNames('grid gap-1', className)}>
      <label className="flex min-h-11 items-center gap-3">
        <input type="checkbox" {...input} {...described(at, { label, hint, error })} />
        <span>{label}</span>
      </label>
      {hint && (
        <p id={`${at}-hint`} className="text-sm text-ink-2">
          {hint}
        </p>
      )}
      {error && <Wrong id={`${at}-error`}>{error}</Wrong>}
    </div>
  );
}
