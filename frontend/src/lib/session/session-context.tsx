import type { Session } from '@burnbag/contract';
import {
  createContext,
  type ReactNode,
  useCallback,
  useContext,
  useEffect,
  useMemo,
  useRef,
  useState,
} from 'react';
import { useApi } from '../api/api-context';
import { type Problem, problemOf } from '../api/problem';
import { paths } from '../../config/paths';
import { endSession, fetchSession, personOf } from './session';
import { keepFragment } from './kept-fragment';
import { providerAddress } from './sign-in-address';
import { asksForSession, rememberSignIn } from './sign-in-offer';

interface SessionState {
  /** Undefined until the server has answered; always undefined on pages that need not ask. */
  session: Session | undefined;
  /** Why the last request failed. */
  problem: Problem | undefined;
  /** Asks the server, again if it was asked before. Never rejects. */
  ask: () => Promise<void>;
  /** A session known from another request, such as a sign-in. */
  adopt: (session: Session) => void;
  /**
   * Leaves the page for the provider, and comes back to it.
   * @param hash of the page, which stays in this tab @param other to sign in under another account
   */
  signIn: (pathname: string, hash: string, other: boolean) => void;
  /** Ends the session and leaves the page. @throws ApiError */
  signOut: () => Promise<void>;
}

const SessionContext = createContext<SessionState | undefined>(undefined);
const leavePage = (address: string) => location.assign(address);

interface SessionProviderProps {
  /** Leads the browser to another document. */
  leave?: (address: string) => void;
  children: ReactNode;
}

/** Provides the session. Asks automatically only where people sign in; see {@link asksForSession}. */
export function SessionProvider({ leave = leavePage, children }: SessionProviderProps) {
  const api = useApi();
  const [session, setSession] = useState<Session>();
  const [problem, setProblem] = useState<Problem>();
  const asked = useRef(false);

  const adopt = useCallback((next: Session) => {
    rememberSignIn(personOf(next) !== undefined);
    setSession(next);
    setProblem(undefined);
  }, []);
  const ask = useCallback(async () => {
    asked.current = true;
    try {
      adopt(await fetchSession(api));
    } catch (error) {
      setProblem(problemOf(error));
    }
  }, [api, adopt]);
  const signIn = useCallback(
    (pathname: string, hash: string, other: boolean) => {
      keepFragment(pathname, hash);
      leave(providerAddress(pathname, other));
    },
    [leave],
  );
  const signOut = useCallback(async () => {
    const provider = await endSession(api);
    rememberSignIn(false);
    // A new document: nothing that the person saw stays in memory.
    leave(provider ?? `${paths.login}?signedOut`);
  }, [api, leave]);

  useEffect(() => {
    if (asksForSession() && !asked.current) void ask();
  }, [ask]);

  const state = useMemo(
    () => ({ session, problem, ask, adopt, signIn, signOut }),
    [session, problem, ask, adopt, signIn, signOut],
  );
  return <SessionContext value={state}>{children}</SessionContext>;
}

export function useSession(): SessionState {
  const state = useContext(SessionContext);
  if (!state) throw new Error('useSession needs a SessionProvider above it');
  return state;
}

/** The session for a page that needs it: asks when it is unknown. */
export function useAskedSession(): SessionState {
  const state = useSession();
  const { session, problem, ask } = state;
  const needed = session === undefined && problem === undefined && !asksForSession();
  useEffect(() => {
    if (needed) void ask();
  }, [needed, ask]);
  return state;
}
