import { Controller } from '@nestjs/common';
import { type InputOf, routes } from '@plenary/contracts';
import { By, type Caller, Handles, Input } from '@plenary/platform';
import { Scans } from './scans.service';
import { Undo } from './undo.service';

@Controller()
export class ScansController {
  constructor(
    private readonly scans: Scans,
    private readonly undos: Undo,
  ) {}

  @Handles(routes.postScan)
  scan(@Input() input: InputOf<typeof routes.postScan>, @By() caller: Caller) {
    return this.scans.scan(input.body, caller);
  }

  @Handles(routes.postScanBatch)
  batch(@Input() input: InputOf<typeof routes.postScanBatch>, @By() caller: Caller) {
    return this.scans.batch(input.body.scans, caller);
  }

  @Handles(routes.undoScan)
  undo(@Input() input: InputOf<typeof routes.undoScan>, @By() caller: Caller) {
    return this.undos.undo(input, caller);
  }
}
