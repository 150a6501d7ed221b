import { Controller, Get, Header } from '@nestjs/common';
import { SigningKeys } from './signing-keys';

/** The public keys, at the origin's root as RFC 8615 has it. */
@Controller()
export class JwksController {
  constructor(private readonly signing: SigningKeys) {}

  @Get('/.well-known/jwks.json')
  @Header('content-type', 'application/jwk-set+json')
  @Header('cache-control', 'public, max-age=60')
  published() {
    return this.signing.keys();
  }
}
