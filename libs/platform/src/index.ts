export {
  type AccessClaims,
  AccessTokens,
  type DeviceClaims,
  JwksSource,
  RemoteJwks,
  type StaffClaims,
  signAccessToken,
  TOKEN_AUDIENCE,
  TOKEN_ISSUER,
} from './access-token';
export { clientAddress, Networks, privateNetworks } from './address';
export { Answer, type AnswerOptions, type EventStream, etag, requireMatch } from './answer';
export { audit } from './audit';
export { bootstrap, cannotStart, createApp, dieLoudly, prepare, stopper } from './bootstrap';
export { type PlatformRequest, traceIdOf } from './call';
export { authorise, type Caller, holds, KnownDevices, LinkGenerations, WallLinks } from './caller';
export { Changes } from './changes';
export { Config, ConfigurationError, parseEnvironment } from './config';
export { createHttpAdapter, observe, traceContext } from './http';
export { type IdempotencyKey, noteAnswer, once, repeated, takeKeys } from './idempotency';
export { newId } from './ids';
export { LinkTokens } from './link-tokens';
export { createLog, NestLog } from './logging';
export { Metrics } from './metrics';
export { type MigrateOptions, migrate, passwordVariableOf, repositoryRoot, roleOf, schemaOf } from './migrate';
export { cursorOf, decodeCursor, encodeCursor } from './paging';
export { LOG, MESSAGING, PlatformModule, type ServiceOptions } from './platform.module';
export { Problem, problemOf } from './problem';
export { ProblemFilter, sendProblem } from './problem-filter';
export { API_PREFIX, By, Handles, IfMatch, Input, Language, LastEventId, nestPath, Once, ROUTE, Wait } from './route';
export { streamRights } from './stream-rights';
export { streamSignal } from './stream-signal';
export { fieldErrors } from './validation';
