import { Controller } from '@nestjs/common';
import { type InputOf, routes } from '@plenary/contracts';
import { By, type Caller, Handles, Input } from '@plenary/platform';
import { ProgrammeImport } from './programme.service';

@Controller()
export class ProgrammeController {
  constructor(private readonly programme: ProgrammeImport) {}

  @Handles(routes.importProgramme)
  import(@Input() input: InputOf<typeof routes.importProgramme>, @By() caller: Caller) {
    const { format, dryRun } = input.query;
    return this.programme.import(caller, input.params.slug, { format, file: input.body, dryRun: dryRun ?? false });
  }
}
