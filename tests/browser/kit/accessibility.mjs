// Looks at a page the way an assistive technology does: axe-core with the rules of WCAG 2.1, levels A and AA, and of EN 301 549, and
// no sideways scrolling (WCAG 2.1, 1.4.10).

import AxeBuilder from "@axe-core/playwright";

const TAGS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "EN-301-549"];

/** What is wrong with the page as it stands, one line per finding; empty when nothing is. */
export async function findings(page) {
  // The pages have no frames, so the mode without a helper page does, and takes half the time.
  const { violations } = await new AxeBuilder({ page }).setLegacyMode().withTags(TAGS).analyze();
  const lines = violations.flatMap(({ id, impact, help, nodes }) =>
    nodes.map((node) => `${id} (${impact}): ${help}: ${node.target.join(" ")}`),
  );
  const overflow = await page.evaluate(() => {
    const { scrollWidth, clientWidth } = document.documentElement;
    return scrollWidth - clientWidth;
  });
  if (overflow > 0) lines.push(`reflow: the page is ${overflow} px wider than the screen`);
  return lines;
}
