import 'reflect-metadata';
import { bootstrap } from '@plenary/platform';
import { BadgeModule } from './badge.module';

void bootstrap(BadgeModule, 'badge');
