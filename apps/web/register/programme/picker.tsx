import type { Registration } from '@plenary/contracts';
import { LocalText } from '../../shell/local-text';
import { Button } from '../../ui/button';
import type { Programme } from './use-programme';

export interface PickerProps {
  programme: Programme;
  /** Ids of the chosen sub-forums. */
  chosen: readonly string[];
  /** Choices that a registration has already, with their states; only where it is amended. */
  held?: Registration['choices'];
  onChoose: (id: string) => void;
  onDrop: (id: string) => void;
  /** `next` is wanted in the place of those it clashes with (one, seldom more). */
  onSwap: (old: readonly string[], next: string) => void;
}

/** The programme as something to choose from: filters, grid or list, live seats, clashes with a way out. */
export function ProgrammePicker({ programme, chosen, onChoose, onDrop }: PickerProps) {
  return (
    <ul>
      {programme.subForums.map(({ id, title }) => (
        <li key={id}>
          <LocalText of={title} />
          <Button aria-pressed={chosen.includes(id)} onClick={() => (chosen.includes(id) ? onDrop : onChoose)(id)}>
            {chosen.includes(id) ? '✓' : '+'}
          </Button>
        </li>
      ))}
    </ul>
  );
}
