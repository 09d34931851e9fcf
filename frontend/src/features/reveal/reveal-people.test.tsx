import { afterEach, describe, expect, it } from '@jest/globals';
import { screen, waitFor } from '@testing-library/react';
import { answers, FakeServer } from '../../testing/fake-server';
import { openPage } from '../../testing/open-page';
import { SECRET_ID, sealedSecret, status } from '../../testing/sealed-secret';

const TEXT = 'postgres://app:hunter2@db/app';
const PATH = `/s/${SECRET_ID}`;
const STATUS = `GET /secrets/${SECRET_ID}/status`;
const REVEAL = `POST /secrets/${SECRET_ID}/reveal`;
const BOB = { kind: 'person', subject: 'b', email: 'bob@corp.example', isAdmin: false, via: 'oidc' };
const session = (principal: object) =>
  answers.ok({ authMode: 'oidc', signIn: { oidc: true, local: false }, mayCreate: true, principal });

const heading = (name: string) => screen.findByRole('heading', { level: 1, name });
const button = (name: string) => screen.findByRole('button', { name });

afterEach(() => sessionStorage.clear());

describe('a secret with recipients', () => {
  it('asks for a sign-in; the key in the link stays in this tab, and comes back into the URL', async () => {
    const { address, content } = await sealedSecret(TEXT);
    const key = address.split('#')[1] ?? '';
    const server = new FakeServer().on(STATUS, answers.problem(401, 'sign_in_required'));
    const { user, place, page } = await openPage(address, server);
    expect(await heading('Sign in to open this')).toHaveFocus();
    await user.click(await button('Sign in'));
    expect(place.left).toBe(`/api/v1/auth/login?returnTo=${encodeURIComponent(PATH)}`);
    expect(JSON.stringify(server.sent)).not.toContain(key);
    expect(JSON.stringify({ ...sessionStorage })).toContain(key);
    page.unmount();

    server
      .on(STATUS, answers.ok(status({ recipientsOnly: true })))
      .on(REVEAL, answers.ok({ content, sealed: true, viewsLeft: 0 }))
      .on(`POST /secrets/${SECRET_ID}/acknowledge`, answers.done);
    const back = await openPage(PATH, server);
    expect(await screen.findByText(/you are one of them/)).toBeInTheDocument();
    expect(back.place.address).toBe(address);
    expect(JSON.stringify({ ...sessionStorage })).not.toContain(key);
    await back.user.click(await button('Break the seal'));
    await back.user.click(await button('Reveal'));
    expect(screen.getByTestId('plaintext')).toHaveTextContent(TEXT);
    expect(JSON.stringify(server.sent)).not.toContain(key);
  });

  it('shows another person who they are signed in as, and offers another sign-in', async () => {
    const { address } = await sealedSecret(TEXT);
    const server = new FakeServer()
      .on(STATUS, answers.problem(403, 'not_recipient'))
      .on('GET /auth/session', session(BOB));
    const { user, place } = await openPage(address, server);
    expect(await heading('This is for another person')).toHaveFocus();
    expect(await screen.findByText(/bob@corp.example is not among them/)).toBeInTheDocument();
    expect(screen.queryByText(/\d+ bytes/)).toBeNull();
    await user.click(await button('Sign in with another account'));
    expect(place.left).toBe(`/api/v1/auth/login?returnTo=${encodeURIComponent(PATH)}&other`);
  });

  it('says it too when the session has ended before the seal was broken, and keeps the claim', async () => {
    const { address } = await sealedSecret(TEXT);
    const server = new FakeServer()
      .on(STATUS, answers.ok(status({ recipientsOnly: true })))
      .on(REVEAL, answers.problem(401, 'sign_in_required'));
    const { user, place } = await openPage(address, server);
    await user.click(await button('Break the seal'));
    await heading('Sign in to open this');
    const claim = server.calls(REVEAL)[0]?.body['claim'];
    await user.click(await button('Sign in'));
    await waitFor(() => expect(place.left).toContain('/auth/login'));
    expect(JSON.stringify({ ...sessionStorage })).toContain(String(claim));
  });

  it('leaves nothing behind of a key that is in the address already', async () => {
    const { address } = await sealedSecret(TEXT);
    sessionStorage.setItem('burnbag.fragment', JSON.stringify([PATH, '#older']));
    const server = new FakeServer().on(STATUS, answers.ok(status()));
    const { place } = await openPage(address, server);
    await button('Break the seal');
    expect(place.address).toBe(address);
    expect(sessionStorage.getItem('burnbag.fragment')).toBeNull();
  });
});
