/** A browser without eyes: keeps cookies, follows redirects at `TestProvider`, fills in its forms. */
export class CookieClient {
  private readonly cookies = new Map<string, string>();

  /** As a Cookie header. */
  get cookie(): string {
    return [...this.cookies].map(([name, value]) => `${name}=${value}`).join('; ');
  }

  /** Sets a cookie. @param cookie name=value */
  plant(cookie: string): void {
    const [name = '', ...value] = cookie.split('=');
    this.cookies.set(name, value.join('='));
  }

  /**
   * Signs in at the provider.
   * @param url of its authorization endpoint, query and all @param callback where it ends
   * @returns the query with which the provider sends the browser back
   */
  async signIn(url: string, callback: string, login: string): Promise<string> {
    let answer = await this.fetch(url);
    for (let step = 0; step < 20; step += 1) {
      const location = answer.headers.get('location');
      if (location?.startsWith(callback)) return new URL(location).search.slice(1);
      if (location) answer = await this.fetch(new URL(location, url).href);
      else answer = await this.fillIn(await answer.text(), url, login);
    }
    throw new Error('the provider leads nowhere');
  }

  /** Signs in at the portal, through the provider and back. @returns where the portal leads then */
  async signInAt(portal: string, login: string, returnTo = '/'): Promise<string> {
    const query = new URLSearchParams({ returnTo }).toString();
    const away = await this.fetch(`${portal}/api/v1/auth/login?${query}`);
    const callback = `${portal}/api/v1/auth/callback`;
    const back = await this.signIn(away.headers.get('location') ?? '', callback, login);
    const landed = await this.fetch(`${callback}?${back}`);
    return landed.headers.get('location') ?? '';
  }

  async fetch(url: string, form?: URLSearchParams): Promise<Response> {
    const body = form ? { method: 'POST', body: form } : {};
    const answer = await fetch(url, { redirect: 'manual', headers: { cookie: this.cookie }, ...body });
    for (const line of answer.headers.getSetCookie()) {
      const [, name = '', value = ''] = /^([^=]+)=([^;]*)/.exec(line) ?? [];
      if (value === '') this.cookies.delete(name);
      else this.cookies.set(name, value);
    }
    return answer;
  }

  private fillIn(page: string, base: string, login: string): Promise<Response> {
    const action = /action="([^"]+)"/.exec(page)?.[1];
    const prompt = /name="prompt" value="(\w+)"/.exec(page)?.[1];
    if (!action || !prompt) throw new Error(`no form in ${page.replace(/<style[^]*<\/style>/, '')}`);
    return this.fetch(new URL(action, base).href, new URLSearchParams({ prompt, login, password: 'any' }));
  }
}
