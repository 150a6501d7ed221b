import type { IncomingHttpHeaders } from 'node:http';
import { Controller, Req } from '@nestjs/common';
import { type InputOf, routes } from '@plenary/contracts';
import { Answer, By, type Caller, Handles, Input } from '@plenary/platform';
import { RefreshCookie } from './refresh-cookie';
import { type Session, Sessions } from './sessions.service';

/** What these routes need of a request besides its input. */
interface Incoming {
  headers: IncomingHttpHeaders;
}

@Controller()
export class SessionsController {
  constructor(
    private readonly sessions: Sessions,
    private readonly cookie: RefreshCookie,
  ) {}

  @Handles(routes.signIn)
  async signIn(@Input() { body }: InputOf<typeof routes.signIn>, @By() caller: Caller, @Req() request: Incoming) {
    this.cookie.checkOrigin(request.headers);
    return this.answer(await this.sessions.signIn(body.email, body.password, caller));
  }

  @Handles(routes.refresh)
  async refresh(@Req() request: Incoming) {
    this.cookie.checkOrigin(request.headers);
    return this.answer(await this.sessions.refresh(this.cookie.read(request.headers)));
  }

  @Handles(routes.signOut)
  async signOut(@Req() request: Incoming) {
    this.cookie.checkOrigin(request.headers);
    await this.sessions.signOut(this.cookie.read(request.headers));
    return new Answer(undefined, { status: 204, headers: { 'set-cookie': this.cookie.clear() } });
  }

  @Handles(routes.setPassword)
  async setPassword(
    @Input() { body }: InputOf<typeof routes.setPassword>,
    @By() caller: Caller,
    @Req() request: Incoming,
  ) {
    this.cookie.checkOrigin(request.headers);
    if ('link' in body) return this.sessions.setPasswordByLink(body.link, body.password);
    const keep = this.cookie.read(request.headers);
    return this.sessions.setOwnPassword(caller, body.currentPassword, body.password, keep);
  }

  @Handles(routes.whoAmI)
  me(@By() caller: Caller) {
    return this.sessions.me(caller);
  }

  private answer({ refresh, ...tokens }: Session) {
    return new Answer(tokens, {
      headers: { 'set-cookie': this.cookie.set(refresh), 'cache-control': 'no-store' },
    });
  }
}
