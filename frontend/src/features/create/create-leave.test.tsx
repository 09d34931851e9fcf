import { afterEach, describe, expect, it, jest } from '@jest/globals';
import { act, fireEvent, screen, waitFor } from '@testing-library/react';
import { CREATED, button, drop, SMALL } from '../../testing/create-files';
import { answers, FakeServer } from '../../testing/fake-server';
import { openPage } from '../../testing/open-page';

const start = async () => {
  const server = new FakeServer().on('POST /secrets', answers.created(CREATED));
  const { user, page } = await openPage('/', server);
  return { user, page, field: await screen.findByRole('textbox') };
};
const sealed = async () => {
  const parts = await start();
  await parts.user.type(parts.field, 'hunter2');
  await parts.user.click(button('Seal'));
  await screen.findByTestId('link');
  return parts;
};

/** What a reload, a closed tab or another address does. */
const asksBeforeUnload = () => {
  const event = new Event('beforeunload', { cancelable: true });
  dispatchEvent(event);
  return event.defaultPrevented;
};
const question = () => screen.queryByRole('dialog');

afterEach(() => {
  jest.restoreAllMocks();
});

describe('a draft', () => {
  it('needs no answer while it is empty', async () => {
    await start();
    expect(asksBeforeUnload()).toBe(false);
  });

  it.each<[string, (parts: Awaited<ReturnType<typeof start>>) => unknown]>([
    ['a text', ({ user, field }) => user.type(field, 'x')],
    ['files', () => drop(SMALL())],
    [
      'a passphrase',
      async ({ user }) => {
        await user.click(button('no passphrase'));
        await user.type(screen.getByLabelText('Passphrase'), 'x');
      },
    ],
  ])('needs an answer as soon as it has %s', async (_what, write) => {
    const parts = await start();
    await write(parts);
    await waitFor(() => expect(asksBeforeUnload()).toBe(true));
    parts.page.unmount();
    expect(asksBeforeUnload()).toBe(false);
  });

  it('needs no answer after it was deleted', async () => {
    const { user, field } = await start();
    await user.type(field, 'x{Backspace}');
    expect(asksBeforeUnload()).toBe(false);
  });

  it('stays when the way home is taken and the answer is to stay', async () => {
    const { user, field } = await start();
    await user.type(field, 'hunter2');
    await user.click(screen.getByRole('link', { name: 'Burnbag' }));
    expect(question()).toHaveAccessibleName('Leave this page?');
    expect(button('Stay here')).toHaveFocus();
    await user.keyboard('{Escape}');
    expect(question()).toBeNull();
    expect(field).toHaveValue('hunter2');
    expect(asksBeforeUnload()).toBe(true);
  });

  it('is left when that is the answer, without a second question', async () => {
    const { user, field } = await start();
    await user.type(field, 'hunter2');
    await user.click(screen.getByRole('link', { name: 'Burnbag' }));
    await user.click(button('Leave it'));
    // jsdom navigates nowhere, where a browser would ask now. The answer holds for one navigation.
    expect(asksBeforeUnload()).toBe(false);
    expect(asksBeforeUnload()).toBe(true);
  });
});

describe('the result page', () => {
  it('needs an answer until the link is copied', async () => {
    const { user } = await sealed();
    expect(asksBeforeUnload()).toBe(true);
    await user.click(button('Copy receipt link'));
    expect(asksBeforeUnload()).toBe(true);
    await user.click(button('Copy link'));
    await waitFor(() => expect(asksBeforeUnload()).toBe(false));
    expect(screen.getByText(/This page can be closed/)).toBeInTheDocument();
    expect(screen.queryByRole('button', { name: /^Done/ })).toBeNull();
  });

  it('needs an answer until the sender says that it is done', async () => {
    const { user } = await sealed();
    await user.click(button('Done, I have the link'));
    expect(asksBeforeUnload()).toBe(false);
  });

  it.each([
    ['all of the link', (link: string) => link, false],
    ['a part of it', (link: string) => link.slice(0, -1), true],
  ])('notices that %s was selected and copied', async (_what, selection, asks) => {
    await sealed();
    const link = screen.getByTestId('link');
    const selected = selection(link.textContent ?? '');
    jest.spyOn(document, 'getSelection').mockReturnValue({ toString: () => selected } as Selection);
    fireEvent.copy(link);
    expect(asksBeforeUnload()).toBe(asks);
  });

  it('is not replaced by another handover without a question', async () => {
    const { user } = await sealed();
    await user.click(button('Hand over another'));
    expect(question()).toHaveAccessibleName('The link has not been copied');
    await user.click(button('Back to the link'));
    expect(screen.getByTestId('link')).toBeInTheDocument();
    await user.click(button('Hand over another'));
    await user.click(button('Go on without it'));
    expect(await screen.findByRole('textbox')).toHaveValue('');
    expect(asksBeforeUnload()).toBe(false);
  });
});

describe('the Back button inside the app', () => {
  /** Goes from one page of the app to another and back, as the router and the browser do. */
  async function goBack() {
    history.replaceState({ idx: 0 }, '', '/elsewhere');
    history.pushState({ idx: 1 }, '', '/');
    const parts = await start();
    const heard = jest.fn();
    addEventListener('popstate', heard);
    await parts.user.type(parts.field, 'hunter2');
    history.back();
    return { ...parts, heard };
  }

  it('brings a question, and the address is as before', async () => {
    const { user, heard, field } = await goBack();
    await waitFor(() => expect(question()).not.toBeNull());
    await waitFor(() => expect(location.pathname).toBe('/'));
    await user.click(button('Stay here'));
    expect(heard).not.toHaveBeenCalled();
    expect(field).toHaveValue('hunter2');
    expect(history.state).toEqual({ idx: 1 });
  });

  it('goes back once that is the answer', async () => {
    const { user, heard } = await goBack();
    await waitFor(() => expect(question()).not.toBeNull());
    await waitFor(() => expect(location.pathname).toBe('/'));
    await user.click(button('Leave it'));
    await waitFor(() => expect(location.pathname).toBe('/elsewhere'));
    await act(async () => undefined);
    expect(heard).toHaveBeenCalledTimes(1);
  });
});
