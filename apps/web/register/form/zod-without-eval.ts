import { config } from 'zod';

/** Imported before anything that makes a schema: zod's faster way would probe `eval`, which the page's policy refuses. */
config({ jitless: true });
