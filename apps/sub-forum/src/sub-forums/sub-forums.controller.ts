import { Controller } from '@nestjs/common';
import { type InputOf, routes } from '@plenary/contracts';
import { By, type Caller, Handles, type IdempotencyKey, IfMatch, Input, Once } from '@plenary/platform';
import { SubForums } from './sub-forums.service';

@Controller()
export class SubForumsController {
  constructor(private readonly subForums: SubForums) {}

  @Handles(routes.listSubForums)
  list(@Input() input: InputOf<typeof routes.listSubForums>, @By() caller: Caller) {
    return this.subForums.list(caller, input.params.slug, input.query);
  }

  @Handles(routes.getSubForum)
  get(@Input() input: InputOf<typeof routes.getSubForum>, @By() caller: Caller) {
    return this.subForums.get(caller, input.params.id);
  }

  @Handles(routes.createSubForum)
  create(@Input() input: InputOf<typeof routes.createSubForum>, @By() caller: Caller, @Once() key?: IdempotencyKey) {
    return this.subForums.create(caller, input.params.slug, input.body, key);
  }

  @Handles(routes.changeSubForum)
  change(@Input() input: InputOf<typeof routes.changeSubForum>, @By() caller: Caller, @IfMatch() ifMatch: string) {
    return this.subForums.change(caller, input.params.id, input.body, ifMatch, input.query.dryRun ?? false);
  }

  @Handles(routes.cancelSubForum)
  cancel(@Input() input: InputOf<typeof routes.cancelSubForum>, @By() caller: Caller) {
    return this.subForums.cancel(caller, input.params.id, input.body.reason);
  }
}
