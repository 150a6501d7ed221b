import { Controller } from '@nestjs/common';
import { type InputOf, routes } from '@plenary/contracts';
import { By, type Caller, Handles, Input } from '@plenary/platform';
import { Conflicts } from './conflicts.service';

@Controller()
export class ConflictsController {
  constructor(private readonly conflicts: Conflicts) {}

  @Handles(routes.listConflicts)
  list(@Input() input: InputOf<typeof routes.listConflicts>, @By() caller: Caller) {
    return this.conflicts.list(input, caller);
  }
}
