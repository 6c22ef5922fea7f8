// A visitor without a browser: HTTPS with cookies by host, nothing followed by itself. For tests that must say exactly
// what is sent.

import https from "node:https";

let visitors = 0;

export class Visitor {
  /**
   * Each visitor comes from an address of its own, so that sign-ins are counted apart.
   * @param {Buffer|string} authority certificates of the authorities that are believed, in PEM
   */
  constructor(authority) {
    visitors += 1;
    const localAddress = `127.0.${1 + (visitors >> 8)}.${visitors & 255}`;
    this.agent = new https.Agent({ ca: authority, keepAlive: false, localAddress, family: 4 });
    this.cookies = new Map();
  }

  /** A visitor with the same cookies. */
  copy() {
    const copy = new Visitor();
    copy.agent.destroy();
    copy.agent = this.agent;
    copy.cookies = new Map(this.cookies);
    return copy;
  }

  /** GET; `card` is certificate and key for a server that asks for them. */
  get(url, headers = {}, card = undefined) {
    return this.#send("GET", url, headers, undefined, card);
  }

  post(url, fields, headers = {}) {
    const body = new URLSearchParams(fields).toString();
    return this.#send("POST", url, { "content-type": "application/x-www-form-urlencoded", ...headers }, body);
  }

  /** GETs `url` and what it redirects to, until an answer is no redirect or leads to where `until` says stop. */
  async follow(url, until = () => false) {
    let answer = await this.get(url);
    for (let step = 0; step < 12 && answer.location; step++) {
      if (until(answer.location)) return answer;
      answer = await this.get(answer.location);
    }
    return answer;
  }

  /** Submits the first form of a page whose action, or one of whose fields, contains `mark`, with its hidden inputs. */
  submit(page, mark, fields = {}) {
    const forms = page.body.split("<form").slice(1).map((form) => form.split("</form")[0]);
    const holds = (text) => text?.includes(mark);
    const isIt = (form) => holds(form.split(">")[0]) || [...form.matchAll(/ name="([^"]*)"/g)].some(([, name]) => holds(name));
    const form = forms.find(isIt);
    if (!form) throw new Error(`no form for ${mark}: ${page.body}`);
    const action = /action="([^"]*)"/.exec(form.split(">")[0])?.[1] ?? page.url;
    const target = new URL(action.replaceAll("&amp;", "&").replaceAll("&#38;", "&"), page.url);
    const hidden = [...form.matchAll(/<input type="hidden" name="([^"]*)" value="([^"]*)"/g)];
    const all = { ...Object.fromEntries(hidden.map(([, name, value]) => [name, value])), ...fields };
    return this.post(target.href, all, { origin: new URL(page.url).origin });
  }

  #send(method, url, headers, body, card) {
    const target = new URL(url);
    const cookies = [...this.cookies].map(([name, value]) => `${name}=${value}`).join("; ");
    const options = { ...card, method, agent: this.agent, headers: { ...(cookies && { cookie: cookies }), ...headers } };
    return new Promise((resolve, reject) => {
      const request = https.request(target, options, (response) => {
        const chunks = [];
        response.on("data", (chunk) => chunks.push(chunk));
        response.on("error", reject);
        response.on("end", () => {
          for (const cookie of response.headers["set-cookie"] ?? []) this.#keep(cookie);
          const { location } = response.headers;
          resolve({
            url: target.href,
            status: response.statusCode,
            headers: response.headers,
            location: location && new URL(location, target).href,
            body: Buffer.concat(chunks).toString(),
          });
        });
      });
      request.on("error", reject);
      request.end(body);
    });
  }

  #keep(cookie) {
    const [pair, ...attributes] = cookie.split(";");
    const [name, value] = [pair.slice(0, pair.indexOf("=")), pair.slice(pair.indexOf("=") + 1)];
    const isOver = attributes.some((attribute) => {
      const [key, value] = attribute.trim().split("=");
      return /^max-age$/i.test(key) ? Number(value) <= 0 : /^expires$/i.test(key) && new Date(value) < new Date();
    });
    if (isOver || value === "") this.cookies.delete(name);
    else this.cookies.set(name, value);
  }
}
