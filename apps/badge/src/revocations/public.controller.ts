import { Controller } from '@nestjs/common';
import { type InputOf, routes } from '@plenary/contracts';
import { Answer, Handles, Input } from '@plenary/platform';
import { Keys } from '../keys/keys.service';
import { KnownConferences } from '../known/known-conferences';
import { Revocations } from './revocations.service';

/** What a door needs to judge a badge by itself; public, since it names serials only. */
@Controller()
export class PublicController {
  constructor(
    private readonly conferences: KnownConferences,
    private readonly keys: Keys,
    private readonly revocations: Revocations,
  ) {}

  @Handles(routes.listBadgeKeys)
  async listKeys(@Input() { params }: InputOf<typeof routes.listBadgeKeys>) {
    return { items: await this.keys.list(await this.conferences.bySlug(params.slug)), nextCursor: null };
  }

  @Handles(routes.getRevocations)
  async listRevocations(@Input() { params }: InputOf<typeof routes.getRevocations>) {
    const list = await this.revocations.list(params.slug);
    return new Answer(list, { etag: `"${list.signature}"` });
  }
}
