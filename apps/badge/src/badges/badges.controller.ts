import { Controller } from '@nestjs/common';
import { type InputOf, routes } from '@plenary/contracts';
import { By, type Caller, Handles, Input, Wait } from '@plenary/platform';
import { Badges } from './badges.service';
import { qrPng, qrSvg } from './qr';

@Controller()
export class BadgesController {
  constructor(private readonly badges: Badges) {}

  @Handles(routes.getOwnBadge)
  own(@By() caller: Caller, @Wait() waitMs: number) {
    return this.badges.own(caller, waitMs);
  }

  @Handles(routes.getOwnBadgePng)
  async png(@Input() { query }: InputOf<typeof routes.getOwnBadgePng>, @By() caller: Caller, @Wait() waitMs: number) {
    return qrPng((await this.badges.own(caller, waitMs)).payload, query.scale);
  }

  @Handles(routes.getOwnBadgeSvg)
  async svg(@By() caller: Caller, @Wait() waitMs: number) {
    return qrSvg((await this.badges.own(caller, waitMs)).payload);
  }

  @Handles(routes.reissueBadge)
  reissue(@Input() { params, body }: InputOf<typeof routes.reissueBadge>, @By() caller: Caller) {
    return this.badges.reissue(caller, params.id, body.reason);
  }

  @Handles(routes.revokeBadge)
  revoke(@Input() { params, body }: InputOf<typeof routes.revokeBadge>, @By() caller: Caller) {
    return this.badges.revoke(caller, params.id, body.reason);
  }
}
