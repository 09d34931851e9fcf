/** Result of `take`: the record, `wrong-state` (the record stays), or undefined when it does not exist. */
export type TakenSignIn = Buffer | 'wrong-state' | undefined;
