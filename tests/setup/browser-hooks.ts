import { closeBrowsers, closePages } from '../browser/browser';

// Every browser test is guarded, also one whose author did not think of it.
afterEach(closePages);
afterAll(closeBrowsers);
