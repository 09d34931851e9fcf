/** Name and IP address of an attempt: both are hashes, so that the store knows neither. */
export interface SignInTry {
  readonly name: string;
  readonly address: string;
}
