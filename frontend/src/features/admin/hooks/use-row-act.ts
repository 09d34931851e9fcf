import { useMutation } from '@tanstack/react-query';
import { useRef, useState } from 'react';
import { useApi } from '../../../lib/api/api-context';
import type { ApiClient } from '../../../lib/api/client';
import { problemOf } from '../../../lib/api/problem';

type Act = (api: ApiClient, id: string) => Promise<unknown>;

/**
 * An act on one row after a confirmation, such as burning. One confirmation is open at a time.
 * @param acts by name @param onSettled after success or failure
 */
export function useRowAct<Name extends string>(acts: Readonly<Record<Name, Act>>, onSettled: () => unknown) {
  const api = useApi();
  const [asking, setAsking] = useState<{ id: string; act: Name }>();
  const [done, setDone] = useState<Name>();
  const button = useRef<HTMLElement>(null);
  const mutation = useMutation({
    mutationFn: ({ id, act }: { id: string; act: Name }) => acts[act](api, id),
    onSuccess: (_data, { act }) => setDone(act),
    onSettled: async () => {
      await onSettled();
      setAsking(undefined);
    },
  });
  return {
    asking,
    busy: mutation.isPending,
    /** The last act, until the next confirmation. */
    done,
    problem: mutation.isError ? problemOf(mutation.error).code : undefined,
    ask: (id: string, act: Name, from: HTMLElement) => {
      button.current = from;
      mutation.reset();
      setDone(undefined);
      setAsking({ id, act });
    },
    confirm: () => asking && mutation.mutate(asking),
    cancel: () => {
      setAsking(undefined);
      button.current?.focus();
    },
  };
}
