import { config } from 'zod';

/** To be awaited before code that makes a schema is loaded: zod's faster way would probe `eval`, which the page's policy refuses. */
config({ jitless: true });
