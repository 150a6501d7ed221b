import { closeBrowsers, closePages } from '../browser/browser';
import { removeFilms } from '../browser/fake-camera';

// Every browser test is guarded, also one whose author did not think of it.
afterEach(closePages);
afterAll(async () => {
  await closeBrowsers();
  removeFilms();
});
