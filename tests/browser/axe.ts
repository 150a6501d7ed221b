import axeCore, { type AxeResults } from 'axe-core';
import type { Page } from 'playwright-core';

const tags = ['wcag2a', 'wcag2aa', 'wcag21aa', 'wcag22aa'];

/** Throws unless axe-core finds nothing against WCAG 2.2 A and AA on the page as it stands; `what` names the state in the message. */
export async function axe(page: Page, what: string): Promise<void> {
  // Evaluated through the debugger, so the page's own policy has no say in it and stays as it is.
  await page.evaluate(axeCore.source);
  const results = await page.evaluate(
    (tags): Promise<AxeResults> =>
      (window as unknown as { axe: typeof axeCore }).axe.run(document, {
        runOnly: { type: 'tag', values: tags },
        resultTypes: ['violations'],
      }),
    tags,
  );
  if (results.violations.length === 0) return;
  const lines = results.violations.flatMap((rule) =>
    rule.nodes.map(
      (node) =>
        `${rule.id} (${node.impact ?? rule.impact}): ${node.target.join(' ')}\n    ${(node.failureSummary ?? '').replaceAll('\n', '\n    ')}`,
    ),
  );
  throw new Error(`${what}: axe found ${lines.length} violations\n- ${lines.join('\n- ')}`);
}
