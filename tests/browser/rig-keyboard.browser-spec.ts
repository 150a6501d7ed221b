import { keyboardStops, openPage } from './browser';
import { opened, serve } from './own-page';

describe('keyboard', () => {
  const three = '<a href="/">Home</a><button>Send</button><input aria-label="Name">';

  it('tells role and name of each stop, and ends when it has gone round', async () => {
    const stops = await keyboardStops(await opened(three));
    expect(stops.map(({ role, name }) => [role, name])).toEqual([
      ['link', 'Home'],
      ['button', 'Send'],
      ['textbox', 'Name'],
    ]);
    expect(stops[1]?.box.width).toBeGreaterThan(10);
  });

  it('finds focus that cannot be seen, also where a shadow is always there', async () => {
    const unseen = await opened(three, 'button:focus { outline: none }');
    await expect(keyboardStops(unseen)).rejects.toThrow(/button "Send" \(<button>\): focus cannot be seen/);
    const always = await opened(three, 'button:focus { outline: none } button { box-shadow: 0 0 3px black }');
    await expect(keyboardStops(always)).rejects.toThrow(/button "Send": looks the same with and without focus/);
  });

  it('finds focus under a bar that stays', async () => {
    const page = await opened(
      `${three}<div class="bar">bar</div>`,
      '.bar { position: fixed; inset: 0 0 auto; height: 200px; background: white }',
    );
    await expect(keyboardStops(page)).rejects.toThrow(/link "Home" .*: covered by <div.bar>/);
  });

  it('finds focus outside the page', async () => {
    const page = await opened(three, 'button { position: absolute; left: -500px }');
    await expect(keyboardStops(page)).rejects.toThrow(/button "Send" .*: outside the viewport/);
  });

  it('finds a trap, and takes an open dialog for none', async () => {
    const script = `
      const [home, button] = document.querySelectorAll('a, button');
      button.addEventListener('keydown', (event) => { if (event.key === 'Tab') { event.preventDefault(); home.focus(); } });`;
    const page = await openPage();
    await serve(page, '/__trap.js', script, 'text/javascript');
    await serve(page, '/__trap', `<!doctype html><title>A trap</title>${three}<script src="/__trap.js"></script>`);
    await page.goto('/__trap');
    await expect(keyboardStops(page)).rejects.toThrow(/focus is caught: Tab never reaches <input>/);

    const dialog = await opened(`${three}<dialog><button>Yes</button><button>No</button></dialog>`);
    await dialog.evaluate(() => document.querySelector('dialog')?.showModal());
    const stops = await keyboardStops(dialog);
    expect(stops.map((stop) => stop.name).sort()).toEqual(['No', 'Yes']);
  });
});
