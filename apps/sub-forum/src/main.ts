import 'reflect-metadata';
import { bootstrap } from '@plenary/platform';
import { SubForumModule } from './sub-forum.module';

void bootstrap(SubForumModule, 'sub-forum');
