// Whether the HTML that the server sends is what the standard asks for: html-validate, with its rules of the standard and none of taste.

import { HtmlValidate } from "html-validate";

const validator = new HtmlValidate({
  root: true,
  extends: ["html-validate:standard"],
  // The standard allows names to come twice: several choices and buttons of one name are how forms without scripts say one thing or another.
  rules: { "form-dup-name": "off" },
});

/** What is wrong with a page as it was sent: one line for each fault. */
export async function faults(html) {
  const { results } = await validator.validateString(html);
  return results.flatMap(({ messages }) => messages.map(({ ruleId, line, message }) => `${ruleId}, line ${line}: ${message}`));
}

/** Reads every page that arrives in `page`; the answer gives, once, what was wrong with those that came since. */
export function reader(page) {
  const arriving = [];
  page.on("response", (response) => {
    const isPage = (response.headers()["content-type"] ?? "").startsWith("text/html") && response.status() !== 303;
    if (!isPage) return;
    const read = async () => (await faults(await response.text())).map((fault) => `<${response.url()}>: ${fault}`);
    // The browser forgets what was sent when it goes on before it was read.
    arriving.push(read().catch(() => []));
  });
  return async () => (await Promise.all(arriving.splice(0))).flat();
}
