import { attendanceRoutes } from './attendance';
import * as badgeContracts from './badges';
import * as conferenceContracts from './conferences';
import * as deadLetterContracts from './dead-letters';
import * as delegationContracts from './delegations';
import type { EventDefinition, ServiceName } from './event';
import * as gateContracts from './gates';
import * as identityContracts from './identity';
import * as registrationContracts from './registrations';
import type { RouteDefinition } from './route';
import * as scanContracts from './scans';
import * as seatContracts from './seats';
import * as subForumContracts from './sub-forums';
import { wallRoutes } from './walls';

/** Every route of the public API, by its id. */
export const routes = {
  ...identityContracts.identityRoutes,
  ...conferenceContracts.conferenceRoutes,
  ...subForumContracts.subForumRoutes,
  ...registrationContracts.registrationRoutes,
  ...delegationContracts.delegationRoutes,
  ...badgeContracts.badgeRoutes,
  ...gateContracts.gateRoutes,
  ...scanContracts.scanRoutes,
  ...attendanceRoutes,
  ...wallRoutes,
};

/** The routes of one service. */
export function routesOf(service: ServiceName): RouteDefinition[] {
  return Object.values(routes as Record<string, RouteDefinition>).filter((route) => route.service === service);
}

const isEvent = (value: unknown): value is EventDefinition =>
  typeof value === 'object' && value !== null && 'topic' in value && 'subject' in value && 'body' in value;

/** Every event, by its type. */
export const events: ReadonlyMap<string, EventDefinition> = new Map(
  [
    conferenceContracts,
    subForumContracts,
    registrationContracts,
    delegationContracts,
    seatContracts,
    badgeContracts,
    gateContracts,
    scanContracts,
    identityContracts,
    deadLetterContracts,
  ]
    .flatMap((module) => Object.values(module) as unknown[])
    .filter(isEvent)
    .map((event) => [event.type, event]),
);
