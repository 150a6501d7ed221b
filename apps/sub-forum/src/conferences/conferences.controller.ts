import { Controller } from '@nestjs/common';
import { type InputOf, routes } from '@plenary/contracts';
import { By, type Caller, Handles, type IdempotencyKey, IfMatch, Input, Once } from '@plenary/platform';
import { Conferences } from './conferences.service';

@Controller()
export class ConferencesController {
  constructor(private readonly conferences: Conferences) {}

  @Handles(routes.listConferences)
  list(@Input() input: InputOf<typeof routes.listConferences>, @By() caller: Caller) {
    return this.conferences.list(caller, input.query);
  }

  @Handles(routes.getConference)
  get(@Input() input: InputOf<typeof routes.getConference>, @By() caller: Caller) {
    return this.conferences.get(caller, input.params.slug);
  }

  @Handles(routes.createConference)
  create(@Input() input: InputOf<typeof routes.createConference>, @By() caller: Caller, @Once() key?: IdempotencyKey) {
    return this.conferences.create(caller, input.body, key);
  }

  @Handles(routes.changeConference)
  change(@Input() input: InputOf<typeof routes.changeConference>, @By() caller: Caller, @IfMatch() ifMatch: string) {
    return this.conferences.change(caller, input.params.slug, input.body, ifMatch);
  }
}
